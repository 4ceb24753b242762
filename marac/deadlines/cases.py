"""A case that is proposed is answered: the conference hears it, or says why it does not."""

from collections.abc import Sequence

from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import MaracCase
from marac.services.cases.telling import DECIDE


def still_undecided(case_ids: Sequence[int]) -> set[int]:
    """Of these cases, those that nobody answered."""
    rows = MaracCase.objects.filter(pk__in=case_ids, state=MaracCase.State.PROPOSED)
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=DECIDE,
        name="Case proposed to a conference answered",
        subject_type="marac.maraccase",
        url_name="marac:case",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.marac_decide_days),
        # The coordinator; then the chair, who leads their team.
        ladder=((kinds.OWNER,), (kinds.TEAM_SUPERVISOR,)),
        source="force policy",
        still_owed=still_undecided,
        runs_from="the proposal",
    )
)
