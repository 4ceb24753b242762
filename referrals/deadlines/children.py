"""Children's services answer a referral within their time."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from referrals.models import Sharing
from referrals.services.children.waiting import KIND


def still_owed(sharing_ids: Sequence[int]) -> set[int]:
    """Of these referrals, those that stand and nobody answered."""
    rows = Sharing.objects.filter(
        pk__in=sharing_ids, answered_at=None, withdrawn_at=None, replaced_by=None
    )
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=KIND,
        name="Answer of children's services",
        subject_type="referrals.sharing",
        url_name="referrals:sharing",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.children_answer_days),
        ladder=(
            (OWNER,),
            (TEAM_SUPERVISOR, role(Role.MARU_MANAGER)),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="force policy",
        still_owed=still_owed,
        runs_from="the referral",
    )
)
