"""A safety plan is looked at again when the risk changes, and its steps are done by their day."""

from collections.abc import Sequence
from datetime import date, datetime, time

from accounts.roles import Role
from core.working_time import LONDON, Allowance, Clock
from deadlines import kinds
from victims.models import PlanStep, SafetyPlan

REVIEW = "plan_review"
STEP = "plan_step"
_DAY_ENDS = time(23, 59)


def still_to_be_reviewed(plan_ids: Sequence[int]) -> set[int]:
    """Of these plans, the ones that count and that nobody looked at since the risk changed."""
    rows = SafetyPlan.objects.to_be_reviewed().filter(pk__in=plan_ids)
    return set(rows.values_list("pk", flat=True))


def still_to_be_done(step_ids: Sequence[int]) -> set[int]:
    """Of these steps, the ones not done of plans that count."""
    rows = PlanStep.objects.filter(pk__in=step_ids, done_at__isnull=True, plan__is_current=True)
    return set(rows.values_list("pk", flat=True))


def end_of(day: date) -> datetime:
    """The last minute of a day, here."""
    return datetime.combine(day, _DAY_ENDS, LONDON)


kinds.register(
    kinds.Kind(
        code=REVIEW,
        name="Review of a safety plan",
        subject_type="victims.safetyplan",
        url_name="victims:plan",
        allowance=lambda policy: Allowance(hours=policy.plan_review_hours),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_to_be_reviewed,
        runs_from="the change of risk",
    )
)

STEP_KIND = kinds.register(
    kinds.Kind(
        code=STEP,
        name="Step of a safety plan",
        subject_type="victims.planstep",
        url_name="victims:plan",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(),
        ladder=((kinds.OWNER,), (kinds.TEAM_SUPERVISOR,)),
        source="the safety plan",
        still_owed=still_to_be_done,
        runs_from="by the end of its day",
    )
)
