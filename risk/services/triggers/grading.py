"""A grade that rises while a reassessment is open makes it due sooner, never later."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import policy
from core.trigger_rules import Trigger
from risk.models import Reassessment, ReassessmentReason
from risk.services.triggers.rows import lock_victims, settle
from risk.services.triggers.rules import due_and_basis


@transaction.atomic
def hurry(*, victim_id: int, grade: str, actor: User, at: datetime) -> None:
    """Read the reasons of the open reassessment, if there is one, by the rules of a new grade.

    Follows the change of the grade, whose service asked for its permission.
    """
    lock_victims([victim_id])
    row = Reassessment.objects.open().filter(victim=victim_id).first()
    if row is None:
        return
    rules = policy.at(at)
    sooner = []
    for reason in row.reasons.standing():
        due_at, basis = due_and_basis(
            Trigger(reason.trigger),
            grade,
            reason.happened_at,
            rules,
            heard_at=reason.recorded_at,
        )
        if due_at < reason.due_at:
            reason.due_at, reason.basis = due_at, basis
            sooner.append(reason)
    if sooner:
        ReassessmentReason.objects.bulk_update(sooner, ["due_at", "basis"])
        settle([row], because="", actor=actor, at=at, rules=rules)
