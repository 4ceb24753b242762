"""A handover is answered within its time."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance
from deadlines import kinds
from victims.models import Handover

HANDOVER = "handover"


def still_offered(handover_ids: Sequence[int]) -> set[int]:
    """Of these handovers, the ones that nobody answered."""
    return set(Handover.objects.open().filter(pk__in=handover_ids).values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=HANDOVER,
        name="Answer to a handover",
        subject_type="victims.handover",
        url_name="victims:detail",
        allowance=lambda policy: Allowance(hours=policy.handover_hours),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_offered,
        runs_from="the offer",
    )
)
