"""Why a referral took longer than allowed: asked for at its end, and sayable before."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput
from core.text import clean
from referrals.models import Referral
from referrals.permissions import answers_for
from referrals.services.claiming import lock, require_open, require_worker

LONGEST_REASON = 10_000


@transaction.atomic
def say_why_late(
    *, referral_id: int, late_because: str, late_reason: str, actor: User, at: datetime
) -> Referral:
    """Record why an open referral is over its time; said again it replaces what was said.

    Who has it may, and the unit's manager. Raises PermissionDenied; DomainError for one that is
    finished, in time, or stands still; InvalidInput at `late_because` or `late_reason`.
    """
    referral = lock(referral_id)
    require_worker(actor)
    if not answers_for(actor, referral):
        raise PermissionDenied("Whoever has the referral, or the unit's manager, says why.")
    require_open(referral)
    if referral.paused_at is not None or at <= referral.due_at:
        raise DomainError(f"{referral.reference} is not over its time.")
    before = {"late_because": referral.late_because, "late_reason": referral.late_reason}
    referral.late_because, referral.late_reason = checked(late_because, late_reason)
    after = {"late_because": referral.late_because, "late_reason": referral.late_reason}
    if before == after:
        return referral
    referral.save(update_fields=["late_because", "late_reason"])
    label = Referral.LateBecause(referral.late_because).label
    audit.record(
        actor=actor,
        at=at,
        verb="referral.late_explained",
        subject=referral.reference,
        headline=f"Why it is late: {label[0].lower()}{label[1:]}",
        victim_id=referral.victim_id,
        incident_id=referral.incident_id,
        detail={"before": before, "after": after},
    )
    return referral


def checked(late_because: str, late_reason: str) -> tuple[str, str]:
    """Choice and words of why it is late, both said. Raises InvalidInput at the one missing."""
    late_reason = clean(late_reason, field="late_reason", longest=LONGEST_REASON)
    if late_because not in Referral.LateBecause.values:
        said = "; ".join(Referral.LateBecause.labels)
        raise InvalidInput(f"It is over its time. Say why, one of: {said}.", field="late_because")
    if not late_reason:
        raise InvalidInput("It is over its time. Say why it took longer.", field="late_reason")
    return late_because, late_reason
