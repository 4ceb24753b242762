"""What both sides check before a case changes hands."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import InvalidInput
from core.text import clean
from marac import near
from marac.models import Transfer
from marac.permissions import can_decide
from marac.services.transfers.common import (
    LONGEST_WORDS,
    locked_transfer,
    record,
    refuse_stale,
    require_begun,
)
from marac.wishes import adviser_case
from referrals.services.advising import serving

HEARD, PLAN, MINUTES, ADVISER = "heard", "plan", "minutes", "adviser"
#: Each check by its code: in words for a case that goes, and for one that comes.
CHECKS: dict[str, tuple[str, str]] = {
    HEARD: ("Asked whether it was heard there already", "Asked whether it was heard there already"),
    PLAN: ("Safety plan sent", "Safety plan received"),
    MINUTES: ("Minutes sent", "Minutes received"),
    ADVISER: ("Adviser spoke with adviser", "Adviser spoke with adviser"),
}


def label_of(row: Transfer, what: str) -> str:
    """The check in words: what goes is sent, what comes is received."""
    out, back = CHECKS[what]
    return out if row.direction == Transfer.Direction.OUT else back


@transaction.atomic
def check_transfer(
    *,
    transfer_id: int,
    what: str,
    heard_there: bool | None = None,
    words: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> Transfer:
    """One check is done: `what` is "heard", "plan", "minutes" or "adviser".

    "heard" says with `heard_there` how the other area answered, and with `words` when and what
    (needed where it was heard); "adviser" says in `words` who spoke with whom and what was agreed.
    The victim's own adviser may say the latter, everything else is the coordinator's or chair's.
    The same check said twice is said once.

    Raises PermissionDenied; InvalidInput at `what`, `heard_there` or `words`; Stale; DomainError
    for a handover that is over.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS)
    row = locked_transfer(transfer_id)
    _require_may(row, what, actor, at)
    if what not in CHECKS:
        raise InvalidInput("Choose what was checked.", field="what")
    require_begun(row)
    _require_said(what, heard_there, words)
    if _is_said(row, what, heard_there, words):
        return row
    refuse_stale(row, version, {"what": what, "heard_there": heard_there, "words": words})
    fields = _write(row, what, heard_there, words, at)
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    detail = {"heard_there": heard_there, "words": words}
    record(row, "checked", f"Handover: {label_of(row, what).lower()}", actor, at, detail)
    return row


def missing_before(row: Transfer) -> list[str]:
    """The codes of the checks that nobody has done; a case changes hands when none is left."""
    done = {
        HEARD: row.heard_there is not None,
        PLAN: row.plan_at is not None,
        MINUTES: row.minutes_at is not None,
        ADVISER: row.adviser_at is not None,
    }
    return [what for what in CHECKS if not done[what]]


def _require_may(row: Transfer, what: str, actor: User, at: datetime) -> None:
    """Raises PermissionDenied for whoever may not say this of the case."""
    near.require_open_to(actor, row.case)
    if can_decide(actor, row.case.conference):
        return
    case = adviser_case(row.victim_id)
    if what == ADVISER and case is not None and serving.works_on(actor, case, at):
        return
    raise PermissionDenied("Coordinators and chairs hand cases over; advisers say what they said.")


def _require_said(what: str, heard_there: bool | None, words: str) -> None:
    if what == HEARD and heard_there is None:
        raise InvalidInput("Say how the other area answered.", field="heard_there")
    if what == HEARD and heard_there and not words:
        raise InvalidInput("Say when it was heard there.", field="words")
    if what == ADVISER and not words:
        raise InvalidInput("Say who spoke with whom, and what was agreed.", field="words")


def _is_said(row: Transfer, what: str, heard_there: bool | None, words: str) -> bool:
    """Whether exactly this is on record: sent twice."""
    if what == HEARD:
        return (row.heard_there, row.heard_words) == (heard_there, words)
    if what == ADVISER:
        return row.adviser_at is not None and row.adviser_words == words
    return what not in missing_before(row)


def _write(
    row: Transfer, what: str, heard_there: bool | None, words: str, at: datetime
) -> list[str]:
    """Put the check on the row; which columns changed."""
    if what == HEARD:
        row.heard_there, row.heard_words = heard_there, words
        return ["heard_there", "heard_words"]
    if what == ADVISER:
        row.adviser_at, row.adviser_words = at, words
        return ["adviser_at", "adviser_words"]
    if what == PLAN:
        row.plan_at = at
        return ["plan_at"]
    row.minutes_at = at
    return ["minutes_at"]
