"""A victim is asked what they thought, within the policy's days after the end."""

from collections.abc import Sequence

from core.working_time import Allowance
from deadlines import kinds
from referrals.models import Survey
from referrals.services.voice.opening import SURVEY


def still_to_ask(survey_ids: Sequence[int]) -> set[int]:
    """Of these surveys, those that nobody asked, gave a link for, or gave up."""
    rows = Survey.objects.filter(pk__in=survey_ids, state=Survey.State.TO_ASK)
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=SURVEY,
        name="Asking what the victim thought",
        subject_type="referrals.survey",
        url_name="referrals:surveys_of",
        allowance=lambda policy: Allowance(days=policy.survey_days),
        ladder=((kinds.OWNER,), (kinds.TEAM_SUPERVISOR,)),
        source="force policy",
        still_owed=still_to_ask,
        runs_from="the end of the case",
    )
)
