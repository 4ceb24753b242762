"""How what is owed to a victim ends: told in a contact, or not reached after enough attempts."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.clock import local
from core.errors import AlreadyTaken, DomainError, Stale
from core.policy import ForcePolicy
from core.text import clean
from victims import permissions, safe_way
from victims.deadlines.updates import TOLD
from victims.models import Contact, Victim, VictimUpdate
from victims.services.seeing import require_seen

State = VictimUpdate.State
LONGEST_WORDS = 1_000
_SETTLED = ["state", "settled_at", "settled_by", "outcome", "version"]


def is_owed(row: VictimUpdate) -> bool:
    return row.state == State.OWED


def is_ahead(row: VictimUpdate) -> bool:
    """Whether it must be told before it happens: a release, a date in court."""
    return row.due_at <= row.happened_at


def what_became_of(row: VictimUpdate) -> str:
    """How something no longer owed ended, as a sentence that says who and when."""
    assert row.settled_at is not None
    there = local(row.settled_at)
    when = f"{there.day} {there:%b %Y, %H:%M}"
    said = f"“{row.words}”: {row.get_state_display().lower()}, {row.settled_by}, {when}."
    return f"{said} Leave it out and log this again."


def attempts_of(row: VictimUpdate) -> list[Contact]:
    """The attempts to tell this, since it was last announced or changed; the newest first."""
    rows = row.attempts.filter(recorded_at__gte=row.recorded_at)
    return list(rows.select_related("by", "safe_contact").order_by("-at", "-pk"))


def settle_told(rows: Sequence[VictimUpdate], *, contact: Contact, victim: Victim) -> None:
    """These were told in this contact; their clocks end at its instant, not when it was logged.

    Called by the service that logs the contact, which holds victim and rows locked and has asked
    who may.
    """
    for row in rows:
        outcome = safe_way.in_words(contact.way, contact.safe_contact)
        _settle(row, State.TOLD, outcome, contact.by, contact.at)
        deadlines.services.meet(kind=TOLD, subject=row, actor=contact.by, at=contact.at)
        _record(row, victim, "told", "Told", contact.by, contact.recorded_at)


@transaction.atomic
def not_reached(
    *, update_id: int, words: str, version: int, actor: User, at: datetime
) -> VictimUpdate:
    """End what is owed although the victim could not be reached, and say what then.

    Only after the policy's number of attempts by a safe way since it was announced or changed
    (`safe_way.how_many`). Raises PermissionDenied, InvalidInput at `words` (to 1,000 characters),
    AlreadyTaken where it is owed no more, Stale where it changed since `version` was read, and
    DomainError that says how many attempts are missing.
    """
    victim_id = VictimUpdate.objects.values_list("victim_id", flat=True).get(pk=update_id)
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    rows = VictimUpdate.objects.select_for_update(of=("self",)).select_related("settled_by")
    row = rows.get(pk=update_id)
    if not permissions.can_record_contact(actor):
        raise PermissionDenied("Your role does not settle what victims are told.")
    require_seen(victim, actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if not is_owed(row):
        raise AlreadyTaken(what_became_of(row))
    _refuse_stale(row, version, words)
    _require_attempts(row, at)
    _settle(row, State.NOT_REACHED, words, actor, at)
    deadlines.services.cancel(
        kind=TOLD, subject=row, actor=actor, at=at, reason=f"Not reached. {words}"[:1_000]
    )
    _record(row, victim, "not_reached", "Not reached", actor, at, is_grave=True)
    return row


def missing_attempts(attempts: Sequence[Contact], rules: ForcePolicy) -> int:
    """How many attempts by a safe way are still missing before it may end as not reached."""
    made = safe_way.how_many(attempts, rules.attempt_hours_apart)
    return max(rules.update_attempts - made, 0)


def _require_attempts(row: VictimUpdate, at: datetime) -> None:
    rules = policy.at(at)
    needed = rules.update_attempts
    missing = missing_attempts(attempts_of(row), rules)
    if missing:
        raise DomainError(
            f"{missing} more attempt{'s' if missing > 1 else ''} by a safe way "
            f"{'are' if missing > 1 else 'is'} needed before this may end as not reached: "
            f"{needed - missing} of {needed} so far, each at least {rules.attempt_hours_apart} "
            "hours after the one before (force policy)."
        )


def _refuse_stale(row: VictimUpdate, version: int, words: str) -> None:
    if row.version != version:
        raise Stale(
            "What must be told changed after you opened this. Read it as it is now.",
            theirs={"to_be_told": row.words, "due": row.due_at.isoformat()},
            yours={"words": words},
            version=row.version,
        )


def _settle(row: VictimUpdate, state: str, outcome: str, actor: User, at: datetime) -> None:
    row.state, row.outcome, row.settled_by, row.settled_at = state, outcome, actor, at
    row.version += 1
    row.save(update_fields=_SETTLED)


def _record(
    row: VictimUpdate,
    victim: Victim,
    verb: str,
    said: str,
    actor: User,
    at: datetime,
    *,
    is_grave: bool = False,
) -> None:
    there = local(row.happened_at)
    about = row.get_about_display().lower()
    audit.record(
        actor=actor,
        at=at,
        verb=f"victim.update_{verb}",
        headline=f"{said}: {about}, {there.day} {there:%b %Y, %H:%M}",
        subject=victim.reference,
        victim_id=victim.pk,
        is_grave=is_grave,
        detail={
            "about": row.about,
            "words": f"{row.words}. {row.outcome}",
            "settled": row.settled_at.isoformat() if row.settled_at else "",
            "outcome": row.outcome,
        },
    )
