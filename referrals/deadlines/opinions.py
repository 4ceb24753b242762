"""A colleague who was asked gives a second opinion within policy's hours."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance
from deadlines import kinds
from referrals.models import SecondOpinion


def still_owed(opinion_ids: Sequence[int]) -> set[int]:
    """Of these, the opinions that are still asked."""
    waiting = SecondOpinion.objects.waiting().filter(pk__in=opinion_ids)
    return set(waiting.exclude(referral__state="completed").values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code="opinion",
        name="Second opinion",
        subject_type="referrals.secondopinion",
        url_name="referrals:detail",
        allowance=lambda policy: Allowance(hours=policy.opinion_hours),
        ladder=((kinds.OWNER,), (kinds.role(Role.MARU_MANAGER),)),
        source="force policy",
        still_owed=still_owed,
        runs_from="being asked",
    )
)
