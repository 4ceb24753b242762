"""The clocks of going there: somebody at the incident, and each officer who is sent."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from core import policy
from core.clock import local
from deadlines import services as deadlines
from incidents import grading
from incidents.deadlines import ARRIVAL, ATTENDANCE
from incidents.models import Deployment, Incident


def time_to_arrive(incident: Incident, at: datetime, *, is_first: bool) -> datetime | None:
    """When an officer sent at `at` must be there.

    The incident's own target for the first who are sent, and for an appointment; the grade's
    allowance from sending for whoever is sent later, or once the target has gone by. None for an
    appointment that has gone by.
    """
    target = incident.attend_by
    time = grading.allowance(
        incident.grade,
        policy.at(at),
        rural=incident.area is not None and incident.area.is_rural,
    )
    if target is not None and target > at and (is_first or time is None):
        return target
    return at + time if time is not None else None


def await_somebody(incident: Incident, *, actor: User, at: datetime) -> None:
    """Somebody must be there by the incident's target; nothing where it has none."""
    if incident.attend_by is None:
        return
    deadlines.start(
        kind=ATTENDANCE,
        subject=incident,
        reference=incident.reference,
        victim_id=_victim_id(incident),
        team=actor.team,
        owner=None,
        started_at=incident.attend_by,
        actor=actor,
        at=at,
    )


def await_officers(
    incident: Incident, deployments: Iterable[Deployment], *, actor: User, at: datetime
) -> None:
    """Each of these officers must be there by their own time."""
    victim_id = _victim_id(incident)
    for row in deployments:
        if row.arrive_by is None or row.arrived_at is not None:
            continue
        deadlines.start(
            kind=ARRIVAL,
            subject=row,
            reference=incident.reference,
            victim_id=victim_id,
            team=row.officer.team,
            owner=row.officer,
            started_at=row.arrive_by,
            actor=actor,
            at=at,
        )


def arrived(incident: Incident, deployment: Deployment, *, actor: User, there: datetime) -> None:
    """Both clocks stop at the instant of the arrival, however late it was told."""
    deadlines.meet(kind=ATTENDANCE, subject=incident, actor=actor, at=there)
    deadlines.meet(kind=ARRIVAL, subject=deployment, actor=actor, at=there)


def nobody_comes(incident: Incident, *, actor: User, at: datetime, reason: str) -> None:
    """Nobody must be there any more."""
    deadlines.cancel(kind=ATTENDANCE, subject=incident, actor=actor, at=at, reason=reason)


def turned_back(deployment: Deployment, *, actor: User, at: datetime, reason: str) -> None:
    """This officer must not be there any more."""
    deadlines.cancel(kind=ARRIVAL, subject=deployment, actor=actor, at=at, reason=reason)


def follow_target(incident: Incident, *, actor: User, at: datetime) -> None:
    """The incident's target moved: so does the time of each officer who is on the way."""
    for row in incident.deployments.filter(arrived_at__isnull=True, cleared_at__isnull=True):
        by = time_to_arrive(incident, at, is_first=True)
        if by is None or by == row.arrive_by:
            continue
        row.arrive_by = by
        row.save(update_fields=["arrive_by"])
        deadlines.reschedule(kind=ARRIVAL, subject=row, started_at=by, actor=actor, at=at)


def late_words(arrived_at: datetime | None, due: datetime | None) -> str:
    """ "6 min late" for who came after their time; nothing for who came in time."""
    if arrived_at is None or due is None or arrived_at <= due:
        return ""
    minutes = int((arrived_at - due).total_seconds() // 60)
    if minutes < 1:
        return "less than 1 min late"
    if minutes < 60:
        return f"{minutes} min late"
    return f"{minutes // 60} h {minutes % 60:02d} min late"


def hour(instant: datetime) -> str:
    """The time on the force's clock, for a sentence: "09:10"."""
    return f"{local(instant):%H:%M}"


def _victim_id(incident: Incident) -> int | None:
    rows = incident.involvements.filter(victim__isnull=False).order_by("pk")
    return rows.values_list("victim_id", flat=True).first()
