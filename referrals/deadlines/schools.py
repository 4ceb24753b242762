"""A school hears of a child before its next day begins."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance
from deadlines.kinds import OWNER, Kind, register, role
from referrals.models import SchoolNotice
from referrals.services.schools.owing import CLOCK, KIND


def still_owed(notice_ids: Sequence[int]) -> set[int]:
    """Of these notices, those of which nobody told a school or said that it is not needed."""
    rows = SchoolNotice.objects.owed().filter(pk__in=notice_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=KIND,
        name="School to be told",
        subject_type="referrals.schoolnotice",
        url_name="referrals:schools_of",
        clock=CLOCK,
        allowance=lambda policy: Allowance(),
        ladder=(
            (OWNER,),
            (role(Role.MARU_MANAGER),),
            (role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="Operation Encompass",
        still_owed=still_owed,
        runs_from="the call",
    )
)
