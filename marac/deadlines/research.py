"""An agency returns its research so many working days before the meeting."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import Hearing, Meeting, ResearchRequest
from marac.services.research.clocks import RESEARCH


def still_owed(research_ids: Sequence[int]) -> set[int]:
    """Of these requests, those that nobody answered for a case that is not heard yet."""
    rows = ResearchRequest.objects.asked().filter(
        pk__in=research_ids,
        hearing__state__in=Hearing.OPEN,
        hearing__meeting__state__in=Meeting.OPEN,
    )
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=RESEARCH,
        name="Research for a conference",
        subject_type="marac.researchrequest",
        url_name="marac:research_of",
        clock=Clock.FIXED,
        allowance=lambda policy: Allowance(working_days=policy.marac_research_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.MARAC_COORDINATOR),),
        ),
        source="force policy",
        still_owed=still_owed,
        runs_from="the meeting",
    )
)
