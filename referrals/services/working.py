"""What a worker does with a referral they have: finishing it."""

from datetime import datetime

from django.db import models, transaction
from django.db.models import Q

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import events
from core.errors import InvalidInput
from core.text import clean
from referrals.events import ReferralCompleted
from referrals.models import Referral
from referrals.services import late
from referrals.services.claiming import lock, require_holder, require_version
from referrals.services.falling_away import drop_opinions
from referrals.services.opening import KIND
from referrals.services.pausing import run_again
from referrals.services.tallies import count_completion
from victims.models import RiskGrade

LONGEST_WORDS = 10_000
SHARED = (Referral.Outcome.SHARED, Referral.Outcome.SHARED_AND_IDVA)
HIGH = RiskGrade.HIGH.rank


@transaction.atomic
def complete(
    *,
    referral_id: int,
    outcome: str,
    words: str,
    no_idva_reason: str = "",
    late_because: str = "",
    late_reason: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> Referral:
    """Finish a referral: what was decided, in words.

    At high risk without an IDVA offered, and after the due time, each needs its own reason (what
    was said of lateness before stands unless it is said again); a late one is met late, never
    erased. A clock that stands still runs again first, and second opinions are no longer asked.
    Raises PermissionDenied for whoever does not have it, Stale when it changed since `version`,
    InvalidInput naming the field, DomainError for a finished one.
    """
    outcome = one_of(Referral.Outcome, outcome, field="outcome")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    no_idva_reason = clean(no_idva_reason, field="no_idva_reason", longest=LONGEST_WORDS)
    late_reason = clean(late_reason, field="late_reason", longest=LONGEST_WORDS)
    referral = lock(referral_id)
    require_holder(actor, referral, at)
    require_version(referral, version, {"outcome": outcome, "words": words})
    _require_sharings(referral, outcome)
    if referral.paused_at is not None:
        run_again(referral, actor=actor, at=at)
    is_late = at > referral.due_at
    referral.no_idva_reason = _idva_reason(referral, outcome, no_idva_reason)
    _say_why_late(referral, is_late, late_because, late_reason)
    referral.state, referral.outcome = Referral.State.COMPLETED, outcome
    referral.completed_at, referral.outcome_words = at, words
    referral.version += 1
    referral.save(
        update_fields=[
            "state",
            "outcome",
            "outcome_words",
            "no_idva_reason",
            "late_because",
            "late_reason",
            "completed_at",
            "version",
        ]
    )
    deadlines.services.meet(kind=KIND, subject=referral, actor=actor, at=at)
    drop_opinions(referral, because="The referral was finished.", actor=actor, at=at)
    _record_completion(referral, is_late=is_late, actor=actor, at=at)
    events.announce(ReferralCompleted(referral.pk, referral.victim_id, not is_late, actor, at))
    count_completion(at, in_time=not is_late)
    return referral


def _record_completion(referral: Referral, *, is_late: bool, actor: User, at: datetime) -> None:
    outcome = Referral.Outcome(referral.outcome).label
    audit.record(
        actor=actor,
        at=at,
        verb="referral.completed",
        subject=referral.reference,
        headline=f"Referral finished{' late' if is_late else ''}: {outcome}",
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail={
            "outcome": referral.outcome,
            "words": referral.outcome_words,
            "no_idva_reason": referral.no_idva_reason,
            "late_because": referral.late_because,
            "late_reason": referral.late_reason,
            "due_at": referral.due_at.isoformat(),
        },
        is_grave=is_late,
    )


def one_of(choices: type[models.TextChoices], value: str, *, field: str) -> str:
    """The value if it is one of the choices. Raises InvalidInput at the field, naming them."""
    if value not in choices.values:
        raise InvalidInput(f"Choose one of: {', '.join(choices.values)}.", field=field)
    return str(value)


def _require_sharings(referral: Referral, outcome: str) -> None:
    """What was withdrawn before the agency opened it was shared with nobody."""
    unread = Q(withdrawn_at__isnull=False, opened_at__isnull=True)
    shared = referral.sharings.exclude(unread).exists()
    if outcome in SHARED and not shared:
        raise InvalidInput(
            "Nothing is recorded as shared, or it was withdrawn before anybody read it. Record "
            "with whom first, or choose another outcome.",
            field="outcome",
        )
    if outcome == Referral.Outcome.NOTHING_TO_SHARE and shared:
        raise InvalidInput("Something was shared: choose that outcome.", field="outcome")


def _idva_reason(referral: Referral, outcome: str, reason: str) -> str:
    if referral.risk_rank < HIGH or outcome == Referral.Outcome.SHARED_AND_IDVA:
        return ""
    if not reason:
        raise InvalidInput(
            "At high risk an IDVA is offered. Say why not here.", field="no_idva_reason"
        )
    return reason


def _say_why_late(referral: Referral, is_late: bool, because: str, reason: str) -> None:
    """Set why it is late, said now or before; nothing of it stays on one that is in time."""
    if not is_late:
        referral.late_because = referral.late_reason = ""
        return
    referral.late_because, referral.late_reason = late.checked(
        because or referral.late_because, reason or referral.late_reason
    )
