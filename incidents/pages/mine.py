"""The officers' home: where I was sent, newest first, and what is next at each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from incidents.models import Deployment, Duty, Incident, Involvement, Unit
from incidents.next_steps import NextStep, steps_for
from incidents.services.dispatch.duties import LONGEST_UNAVAILABLE

#: Roles in the order in which an officer wants to read them.
_ROLES = (Involvement.Role.VICTIM, Involvement.Role.PERPETRATOR, Involvement.Role.CHILD)


@dataclass(frozen=True)
class MyIncident:
    """One card: the incident, who is in it, and what waits."""

    deployment: Deployment
    incident: Incident
    people: list[str]
    steps: list[NextStep]

    @property
    def was_stood_down(self) -> bool:
        """Turned back on the way: nothing waits for them there."""
        return self.deployment.cleared_at is not None and self.deployment.arrived_at is None

    @property
    def next_step(self) -> NextStep | None:
        return self.steps[0] if self.steps else None

    @property
    def later_steps(self) -> list[NextStep]:
        return self.steps[1:]


@dataclass(frozen=True)
class OwnDuty:
    """Whether this officer is on duty, and which cars they could take otherwise."""

    duty: Duty | None
    units: list[Unit]
    is_overrunning: bool
    #: Characters of why they cannot be sent.
    longest_reason: int = LONGEST_UNAVAILABLE


def own_duty(officer: User, at: datetime) -> OwnDuty:
    """For the top of the page: one query, or two for somebody who is not on duty."""
    duty = (
        Duty.objects.filter(officer=officer, ended_at__isnull=True).select_related("unit").first()
    )
    if duty is not None:
        return OwnDuty(duty, [], duty.ends_at <= at)
    units = Unit.objects.filter(is_active=True, team=officer.team_id) if officer.team_id else ()
    return OwnDuty(None, list(units), is_overrunning=False)


def deployments_of(officer: User) -> QuerySet[Deployment]:
    """Where this officer was sent, newest first."""
    return (
        Deployment.objects.filter(officer=officer)
        .select_related("incident__address", "unit")
        .order_by("-sent_at", "-pk")
    )


def rows_for(officer: User, deployments: Sequence[Deployment], at: datetime) -> list[MyIncident]:
    """The cards of one page of deployments, in their order; a fixed number of queries."""
    incidents = [deployment.incident for deployment in deployments]
    steps = steps_for(officer, incidents, at)
    people = _people(incidents)
    return [
        MyIncident(row, row.incident, people.get(row.incident_id, []), steps[row.incident_id])
        for row in deployments
    ]


def _people(incidents: Sequence[Incident]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = Involvement.objects.filter(incident__in=[row.pk for row in incidents], role__in=_ROLES)
    ordered = sorted(rows.select_related("person"), key=lambda row: (_order(row.role), row.pk))
    for row in ordered:
        found.setdefault(row.incident_id, []).append(f"{row.person}, {row.get_role_display()}")
    return found


def _order(role: str) -> int:
    return _ROLES.index(Involvement.Role(role))
