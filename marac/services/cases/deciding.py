"""A conference says whether it hears a case; once, by whoever is first."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
import risk.services
from accounts.models import User
from core import events
from core.errors import AlreadyTaken, Stale
from core.text import clean
from marac import near
from marac.events import MaracCaseAccepted, MaracCaseRefused
from marac.models import MaracCase
from marac.permissions import can_decide
from marac.services.cases.telling import DECIDE, record, tell
from marac.services.locking import locked_case
from victims.models import Victim

State = MaracCase.State
LONGEST_WORDS = 1_000


@transaction.atomic
def decide_case(
    *, case_id: int, accept: bool, words: str, version: int, actor: User, at: datetime
) -> MaracCase:
    """Accept a proposed case, and the victim is graded very high; or refuse it, with words.

    What the criteria said stays with the case either way, and a further fact proposes it anew.
    Raises PermissionDenied for whoever neither coordinates nor leads conferences; AlreadyTaken,
    naming who was first; Stale; InvalidInput at `words` (needed to refuse, to 1,000 characters).
    """
    case = held(case_id)
    if not can_decide(actor, case.conference):
        raise PermissionDenied("The coordinator or the chair says what a conference hears.")
    near.require_open_to(actor, case)
    require_proposed(case)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=not accept)
    refuse_stale(case, version, {"accept": accept, "words": words})
    case.state = State.ACCEPTED if accept else State.NOT_ACCEPTED
    case.decided_at, case.decided_by, case.decided_words = at, actor, words
    case.version += 1
    case.save(update_fields=["state", "decided_at", "decided_by", "decided_words", "version"])
    deadlines.services.meet(kind=DECIDE, subject=case, actor=actor, at=at)
    _follow(case, actor, at)
    return case


def held(case_id: int) -> MaracCase:
    """The case, locked, and its victim before it: the grade may follow."""
    victim_id = MaracCase.objects.values_list("victim", flat=True).get(pk=case_id)
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    return locked_case(case_id)


def require_proposed(case: MaracCase) -> None:
    """Raises AlreadyTaken for one that is answered, saying by whom and how."""
    if case.state != State.PROPOSED:
        answer = "did not accept" if case.state == State.NOT_ACCEPTED else "accepted"
        raise AlreadyTaken(f"{case.decided_by} {answer} {case.reference} already.")


def refuse_stale(case: MaracCase, version: int, yours: dict[str, object]) -> None:
    """Raises Stale, with what the case says now, where it changed since `version` was read."""
    if case.version == version:
        return
    theirs = {
        "state": case.get_state_display(),
        "criteria": "; ".join(row["words"] for row in case.criteria if row["is_met"]),
        "words": case.words,
    }
    raise Stale(
        f"{case.reference} changed after you opened this. Look at what is new, then send yours "
        "again.",
        theirs=theirs,
        yours=yours,
        version=case.version,
    )


def _follow(case: MaracCase, actor: User, at: datetime) -> None:
    """What comes of the answer: the grade, the record, and who hears of it."""
    detail = {"words": case.decided_words}
    if case.state == State.NOT_ACCEPTED:
        headline = f"Not accepted by the {case.conference} conference"
        record(case, "refused", headline, actor, at, detail, is_grave=True)
        tell(case, [case.proposed_by], "The conference does not hear your case", actor, at)
        events.announce(MaracCaseRefused(case.pk, case.victim_id, actor, at))
        return
    headline = f"Accepted by the {case.conference} conference"
    record(case, "accepted", headline, actor, at, detail)
    reason = f"the {case.conference} conference hears {case.reference}"
    risk.services.grade_very_high(victim_id=case.victim_id, reason=reason, actor=actor, at=at)
    tell(case, [case.proposed_by], "The conference hears your case", actor, at)
    events.announce(MaracCaseAccepted(case.pk, case.victim_id, actor, at))
