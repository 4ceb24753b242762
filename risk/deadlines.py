"""What must be done by when in this app."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from risk.models import Assessment

ASSESSMENT = "assessment"
REVIEW = "review"
SUBJECT = "risk.assessment"


def _assessment_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.assessment_hours)


def _review_allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.review_hours)


def unfinished(assessment_ids: Sequence[int]) -> set[int]:
    """Of these, the assessments that are still to be submitted."""
    rows = Assessment.objects.unfinished().filter(pk__in=assessment_ids)
    return set(rows.values_list("pk", flat=True))


def unreviewed(assessment_ids: Sequence[int]) -> set[int]:
    """Of these, the assessments that wait for a supervisor."""
    rows = Assessment.objects.waiting_for_review().filter(pk__in=assessment_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=ASSESSMENT,
        name="Risk assessment",
        subject_type=SUBJECT,
        url_name="risk:assess",
        allowance=_assessment_allowance,
        ladder=((OWNER,), (TEAM_SUPERVISOR,), (role(Role.CONTROL_INSPECTOR),)),
        source="force policy, before the end of duty",
        still_owed=unfinished,
        runs_from="arrival or return",
    )
)

register(
    Kind(
        code=REVIEW,
        name="Review of a risk assessment",
        subject_type=SUBJECT,
        url_name="risk:review",
        allowance=_review_allowance,
        ladder=(
            (OWNER, TEAM_SUPERVISOR),
            (role(Role.CONTROL_INSPECTOR),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=unreviewed,
        runs_from="submission",
    )
)
