"""The clock of a referral stands still, for a reason that policy allows, and runs again by hand."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import DomainError, InvalidInput
from core.text import clean
from referrals.models import Referral, ReferralPause
from referrals.permissions import answers_for
from referrals.services.claiming import lock, require_open, require_worker
from referrals.services.opening import KIND

LONGEST_WORDS = 1_000
Reason = ReferralPause.Reason


def allowed_reasons(at: datetime) -> list[tuple[str, str]]:
    """The reasons that policy allows at an instant, with their words, in their own order."""
    allowed = policy.at(at).pause_reasons
    return [(value, words) for value, words in Reason.choices if value in allowed]


@transaction.atomic
def pause(*, referral_id: int, reason: str, words: str, actor: User, at: datetime) -> ReferralPause:
    """Stop the clock of a referral whose time is not over; who, why and since when stay on record.

    Who has it may, and the unit's manager. Raises PermissionDenied; InvalidInput at `reason`,
    naming those that policy allows, or at `words`; DomainError for one that is finished, stands
    still already, or is over its time.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    referral = lock(referral_id)
    _require_answers(actor, referral)
    require_open(referral)
    reason = _allowed(reason, at)
    label = Reason(reason).label
    deadlines.services.pause(kind=KIND, subject=referral, actor=actor, at=at, reason=label)
    row = ReferralPause.objects.create(
        referral=referral,
        victim_id=referral.victim_id,
        reason=reason,
        words=words,
        from_at=at,
        from_by=actor,
    )
    referral.paused_at = at
    referral.version += 1
    referral.save(update_fields=["paused_at", "version"])
    headline = f"Clock stands still: {label[0].lower()}{label[1:]}"
    _record(referral, "paused", headline, actor, at, {"reason": reason, "words": words})
    return row


@transaction.atomic
def resume(*, referral_id: int, actor: User, at: datetime) -> Referral:
    """Let the clock run again: it is due as much later as the clock stood still.

    Who has it may, and the unit's manager. Raises PermissionDenied, or DomainError for one that is
    finished or whose clock is running.
    """
    referral = lock(referral_id)
    _require_answers(actor, referral)
    require_open(referral)
    if referral.paused_at is None:
        raise DomainError(f"The clock of {referral.reference} is running already.")
    run_again(referral, actor=actor, at=at)
    return referral


def run_again(referral: Referral, *, actor: User, at: datetime) -> None:
    """End the pause of a locked referral, in the caller's transaction; the caller asked who may."""
    row = deadlines.services.resume(kind=KIND, subject=referral, actor=actor, at=at)
    standing = ReferralPause.objects.standing().select_for_update().get(referral=referral)
    standing.until_at, standing.until_by = max(at, standing.from_at), actor
    standing.save(update_fields=["until_at", "until_by"])
    if row is not None:
        referral.due_at = row.due_at
    referral.paused_at = None
    referral.version += 1
    referral.save(update_fields=["due_at", "paused_at", "version"])
    lasted = standing.until_at - standing.from_at
    _record(
        referral,
        "resumed",
        f"Clock runs again after {standing.lasted}",
        actor,
        at,
        {"paused_seconds": int(lasted.total_seconds()), "due_at": referral.due_at.isoformat()},
    )


def _allowed(reason: str, at: datetime) -> str:
    allowed = dict(allowed_reasons(at))
    if reason not in allowed:
        said = "; ".join(allowed.values()) or "none"
        raise InvalidInput(f"The clock may stand still only for these: {said}.", field="reason")
    return reason


def _require_answers(actor: User, referral: Referral) -> None:
    require_worker(actor)
    if answers_for(actor, referral):
        return
    if referral.claimed_by is None:
        raise DomainError(f"Nobody has {referral.reference}. Claim it first.")
    raise PermissionDenied(
        "Whoever has the referral, or the unit's manager, can stop and start its clock."
    )


def _record(
    referral: Referral,
    verb: str,
    headline: str,
    actor: User,
    at: datetime,
    detail: dict[str, str | int],
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"referral.{verb}",
        subject=referral.reference,
        headline=headline,
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail=detail,
    )
