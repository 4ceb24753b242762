"""The deadline for a crime's number runs while fewer crimes are recorded than were committed."""

from datetime import datetime

from accounts.models import User
from deadlines import services as deadlines
from deadlines.models import Deadline
from incidents.deadlines import CRIME_RECORDED, SUBJECT, owing_a_crime_number
from incidents.models import Incident


def follow(incident: Incident, *, actor: User, at: datetime) -> None:
    """Start, meet or cancel the deadline of an incident, from what is on record now."""
    running = Deadline.objects.filter(
        kind=CRIME_RECORDED, subject_type=SUBJECT, subject_id=incident.pk, state__in=Deadline.OPEN
    ).exists()
    if owing_a_crime_number([incident.pk]):
        if not running:
            _start(incident, actor, at)
    elif running:
        _settle(incident, actor, at)


def _start(incident: Incident, actor: User, at: datetime) -> None:
    first = incident.involvements.filter(victim__isnull=False).order_by("pk").first()
    deadlines.start(
        kind=CRIME_RECORDED, subject=incident, reference=incident.reference,
        victim_id=first.victim_id if first else None, team=actor.team, owner=actor,
        started_at=incident.received_at, actor=actor, at=at,
    )


def _settle(incident: Incident, actor: User, at: datetime) -> None:
    if incident.crimes.exists():
        deadlines.meet(kind=CRIME_RECORDED, subject=incident, actor=actor, at=at)
    else:
        deadlines.cancel(
            kind=CRIME_RECORDED, subject=incident, actor=actor, at=at,
            reason="The first response now says that there was no crime.",
        )
