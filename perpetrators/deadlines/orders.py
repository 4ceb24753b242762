"""A notice that is served is heard by a court in time."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from perpetrators.models import ProtectionNotice

NOTICE_TO_COURT = "notice_to_court"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.notice_court_hours)


def unheard(notice_ids: Sequence[int]) -> set[int]:
    """Of these notices, those that bind somebody and that no court has heard yet."""
    rows = ProtectionNotice.objects.filter(
        pk__in=notice_ids, state=ProtectionNotice.State.SERVED, heard_at__isnull=True
    )
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=NOTICE_TO_COURT,
        name="Protection notice before a court",
        subject_type="perpetrators.protectionnotice",
        url_name="perpetrators:notice",
        allowance=_allowance,
        clock=Clock.COURT,
        ladder=((OWNER, TEAM_SUPERVISOR), (role(Role.SUPERINTENDENT),)),
        source="Domestic Abuse Act 2021, section 29",
        still_owed=unheard,
        runs_from="service of the notice",
    )
)
