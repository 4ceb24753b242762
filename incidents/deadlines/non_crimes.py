"""Repeated incidents without a crime are reviewed."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from incidents.models import NonCrimeReview

NON_CRIME_REVIEW = "non_crime_review"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.non_crime_review_hours)


def unreviewed(review_ids: Sequence[int]) -> set[int]:
    """Of these reviews, those that wait for a supervisor."""
    rows = NonCrimeReview.objects.waiting().filter(pk__in=review_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=NON_CRIME_REVIEW,
        name="Review of repeated non-crimes",
        subject_type="incidents.noncrimereview",
        url_name="incidents:non_crime_review",
        allowance=_allowance,
        ladder=((OWNER, TEAM_SUPERVISOR), (role(Role.HEAD_OF_PUBLIC_PROTECTION),)),
        source="force policy; inspection report, recommendation 15",
        still_owed=unreviewed,
        runs_from="the incident that made it the third",
    )
)
