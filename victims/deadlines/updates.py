"""Victims are told what happens, within the time that their code of rights gives them."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from victims.models import VictimUpdate

TOLD = "victim_told"


def _allowance(policy: ForcePolicy) -> Allowance:
    return Allowance(working_days=policy.update_working_days)


def still_owed(update_ids: Sequence[int]) -> set[int]:
    """Of these, the updates that nobody has told the victim of."""
    rows = VictimUpdate.objects.owed().filter(pk__in=update_ids)
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=TOLD,
        name="Victim to be told",
        subject_type="victims.victimupdate",
        url_name="victims:detail",
        allowance=_allowance,
        clock=Clock.WORKING_DAYS,
        ladder=((OWNER, TEAM_SUPERVISOR), (role(Role.HEAD_OF_PUBLIC_PROTECTION),)),
        source="Victims' Code",
        still_owed=still_owed,
        runs_from="the event",
    )
)
