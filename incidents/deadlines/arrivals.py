"""Somebody must be there in time, and so must each officer who is sent."""

from collections.abc import Sequence

from accounts.roles import Role
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines.kinds import OWNER, TEAM_SUPERVISOR, Kind, register, role
from incidents.models import Deployment, Incident

ATTENDANCE = "attendance"
ARRIVAL = "arrival"


def _none(_: ForcePolicy) -> Allowance:
    """The instant itself is the deadline: grading worked it out and the incident says it."""
    return Allowance()


def unattended(incident_ids: Sequence[int]) -> set[int]:
    """Of these incidents, those that nobody reached yet and somebody still should."""
    rows = Incident.objects.filter(
        pk__in=incident_ids,
        state__in=[Incident.State.OPEN, Incident.State.SENT],
        not_sent_reason="",
    )
    return set(rows.values_list("pk", flat=True))


def on_the_way(deployment_ids: Sequence[int]) -> set[int]:
    """Of these deployments, those that are still to arrive."""
    rows = Deployment.objects.filter(
        pk__in=deployment_ids, arrived_at__isnull=True, cleared_at__isnull=True
    )
    return set(rows.values_list("pk", flat=True))


register(
    Kind(
        code=ATTENDANCE,
        name="Somebody at the incident",
        subject_type="incidents.incident",
        url_name="incidents:detail",
        allowance=_none,
        clock=Clock.FIXED,
        ladder=((TEAM_SUPERVISOR,), (role(Role.CONTROL_INSPECTOR),)),
        # Half of fifteen minutes would warn of nearly every call, and so of none.
        warn_percent=(80,),
        source="the grade's arrival time in force policy, or the appointment",
        still_owed=unattended,
    )
)

register(
    Kind(
        code=ARRIVAL,
        name="Arrival of an officer",
        subject_type="incidents.deployment",
        url_name="incidents:detail",
        allowance=_none,
        clock=Clock.FIXED,
        ladder=((OWNER,), (TEAM_SUPERVISOR,)),
        # Nobody reads a warning at the wheel.
        warn_percent=(),
        source="the grade's arrival time in force policy",
        still_owed=on_the_way,
    )
)
