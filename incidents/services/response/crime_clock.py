"""The deadline for a crime's number runs while fewer crimes are recorded than were committed."""

from datetime import datetime

from accounts.models import User
from deadlines import services as deadlines
from incidents.deadlines import CRIME_RECORDED, owing_a_crime_number
from incidents.models import Incident


def follow(incident: Incident, *, actor: User, at: datetime) -> None:
    """Start, meet or cancel the deadline of an incident, from what is on record now."""
    if owing_a_crime_number([incident.pk]):
        _start(incident, actor, at)
    elif incident.crimes.exists():
        deadlines.meet(kind=CRIME_RECORDED, subject=incident, actor=actor, at=at)
    else:
        deadlines.cancel(
            kind=CRIME_RECORDED,
            subject=incident,
            actor=actor,
            at=at,
            reason="The first response says that there was no crime.",
        )


def _start(incident: Incident, actor: User, at: datetime) -> None:
    """Runs from the report, whoever records the response and whenever; started once."""
    first = incident.involvements.filter(victim__isnull=False).order_by("pk").first()
    deadlines.start(
        kind=CRIME_RECORDED,
        subject=incident,
        reference=incident.reference,
        victim_id=first.victim_id if first else None,
        team=actor.team,
        owner=actor,
        started_at=incident.received_at,
        actor=actor,
        at=at,
    )
