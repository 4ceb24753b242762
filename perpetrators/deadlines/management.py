"""Who harms more than one has a plan with an owner, and the plan is looked at again."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from accounts.roles import Role
from core.clock import LOCAL
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from perpetrators.models import ManagementPlan, SerialRecognition

PLAN_DUE = "management_plan_due"
REVIEW = "management_review"
HEAD = role(Role.HEAD_OF_PUBLIC_PROTECTION)


def end_of(day: date) -> datetime:
    """The instant at which a day is over on the wall clock."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL)


def _to_plan(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.management_plan_hours)


def _at_once(policy: ForcePolicy) -> Allowance:
    return Allowance()


def unplanned(recognition_ids: Sequence[int]) -> set[int]:
    """Of these serial perpetrators, the ones for whom nobody has a plan."""
    rows = SerialRecognition.objects.unplanned().filter(pk__in=recognition_ids)
    return set(rows.values_list("pk", flat=True))


def current(plan_ids: Sequence[int]) -> set[int]:
    """Of these plans, the ones that are not over."""
    rows = ManagementPlan.objects.current().filter(pk__in=plan_ids)
    return set(rows.values_list("pk", flat=True))


PLAN_DUE_KIND = register(
    Kind(
        code=PLAN_DUE,
        name="Plan for a serial perpetrator",
        subject_type="perpetrators.serialrecognition",
        url_name="perpetrators:plan",
        allowance=_to_plan,
        ladder=((OWNER, TEAM_SUPERVISOR), (HEAD,)),
        source="force policy",
        still_owed=unplanned,
        runs_from="the recognition",
    )
)

REVIEW_KIND = register(
    Kind(
        code=REVIEW,
        name="Review of a management plan",
        subject_type="perpetrators.managementplan",
        url_name="perpetrators:plan",
        allowance=_at_once,
        ladder=((OWNER,), (TEAM_SUPERVISOR,), (HEAD,)),
        source="the plan's own date",
        still_owed=current,
        clock=Clock.FIXED,
        runs_from="the end of the day of review",
    )
)
