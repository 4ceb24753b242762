"""What must be done by when in this app."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance
from deadlines import kinds
from referrals.models import Referral


def still_owed(referral_ids: Sequence[int]) -> set[int]:
    """Of these referrals, the ones that are not finished."""
    unfinished = Referral.objects.open().filter(pk__in=referral_ids)
    return set(unfinished.values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code="referral",
        name="Processing of the referral",
        subject_type="referrals.referral",
        url_name="referrals:detail",
        allowance=lambda policy: Allowance(hours=policy.referral_hours),
        ladder=(
            (kinds.OWNER,),
            (kinds.role(Role.MARU_MANAGER),),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_owed,
        runs_from="submission",
        may_pause=True,
        # The partner that referred is told what the unit answered.
        tells_partners=True,
    )
)
