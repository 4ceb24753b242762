"""A victim is told what happened within the time of the Victims' Code (enhanced rights)."""

from collections.abc import Sequence

from accounts.roles import Role
from core.working_time import Allowance, Clock
from deadlines import kinds
from victims.models import VictimUpdate

TOLD = "victim_told"


def still_owed(update_ids: Sequence[int]) -> set[int]:
    """Of these updates, the ones that nobody told or gave up."""
    return set(VictimUpdate.objects.owed().filter(pk__in=update_ids).values_list("pk", flat=True))


#: What must be told before it happens: a release, a date in court.
BEFOREHAND = kinds.Terms(
    clock=Clock.FIXED,
    allowance=Allowance(),
    runs_from="for what is to come",
    source="told before it happens; force policy",
)

KIND = kinds.register(
    kinds.Kind(
        code=TOLD,
        name="Update for the victim",
        subject_type="victims.victimupdate",
        url_name="victims:updates",
        clock=Clock.WORKING_DAYS,
        allowance=lambda policy: Allowance(working_days=policy.update_working_days),
        ladder=(
            (kinds.OWNER,),
            (kinds.TEAM_SUPERVISOR,),
            (kinds.role(Role.HEAD_OF_PUBLIC_PROTECTION),),
        ),
        source="Victims' Code, enhanced rights; force policy",
        still_owed=still_owed,
        runs_from="the event",
    )
)
