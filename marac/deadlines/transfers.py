"""A case that moves between areas is handed over in time: no victim falls between two."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from marac.models import Transfer

TRANSFER = "marac_transfer"


def still_begun(transfer_ids: Sequence[int]) -> set[int]:
    """Of these transfers, those that are neither done nor given up."""
    rows = Transfer.objects.filter(pk__in=transfer_ids, state=Transfer.State.BEGUN)
    return set(rows.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code=TRANSFER,
        name="Handover between conferences",
        subject_type="marac.transfer",
        url_name="marac:transfer",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.marac_transfer_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_begun,
        runs_from="its beginning",
    )
)
