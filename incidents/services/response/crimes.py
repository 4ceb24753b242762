"""A crime is recorded from an incident."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import AlreadyTaken, InvalidInput
from incidents.events import CrimeRecorded
from incidents.models import Crime, Incident
from incidents.permissions import may_record_crime
from incidents.services.response import crime_clock
from incidents.services.response.findings import CrimeNamed, checked_crime
from incidents.services.response.rows import changed, lock


@transaction.atomic
def record_crime(
    *,
    incident_id: int,
    category: str,
    number: str,
    actor: User,
    at: datetime,
    arrests: int = 0,
    victim_id: int | None = None,
) -> Crime:
    """Record a crime under its number; the same number again for this incident changes nothing.

    `victim_id` may be left out where the incident has one victim. A crime ends a "not a crime".
    Raises PermissionDenied, InvalidInput at `category`, `number`, `arrests` or `victim`, and
    AlreadyTaken when another incident has the number.
    """
    incident = lock(incident_id)
    if not may_record_crime(actor):
        raise PermissionDenied("Only who was there, or the control room, records a crime.")
    crime = checked_crime(CrimeNamed(category=category, number=number, arrests=arrests))
    if not crime.number:
        raise InvalidInput("Give the crime number.", field="number")
    recorded = add_crime(
        incident,
        category=crime.category,
        number=crime.number,
        arrests=crime.arrests,
        victim_id=victim_id,
        actor=actor,
        at=at,
    )
    if incident.non_crime_reason:
        incident.non_crime_reason = ""
        changed(incident, "non_crime_reason")
    crime_clock.follow(incident, actor=actor, at=at)
    return recorded


def add_crime(
    incident: Incident,
    *,
    category: str,
    number: str,
    arrests: int,
    actor: User,
    at: datetime,
    victim_id: int | None = None,
    field: str = "number",
) -> Crime:
    """The crime of a locked incident under a number, made unless it is there."""
    existing = Crime.objects.filter(number=number).select_related("incident").first()
    if existing is not None:
        return _the_same(existing, incident, field)
    victim_id = _victim(incident, victim_id)
    try:
        with transaction.atomic():
            crime = Crime.objects.create(
                incident=incident,
                victim_id=victim_id,
                category=category,
                number=number,
                recorded_at=at,
                recorded_by=actor,
                arrests=arrests,
            )
    except IntegrityError:
        # Somebody recorded the same number for another incident in the same moment.
        first = Crime.objects.select_related("incident").get(number=number)
        return _the_same(first, incident, field)
    audit.record(
        actor=actor,
        at=at,
        verb="incident.crime_recorded",
        headline=f"Crime recorded: {crime.get_category_display().lower()}, {number}",
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=True,
        detail={
            "number": number,
            "category": category,
            "arrests": arrests,
            "non_crime_reason_before": incident.non_crime_reason,
        },
    )
    events.announce(CrimeRecorded(crime_id=crime.pk, incident_id=incident.pk, actor=actor, at=at))
    return crime


def _the_same(crime: Crime, incident: Incident, field: str) -> Crime:
    if crime.incident_id == incident.pk:
        return crime
    raise AlreadyTaken(
        f"{crime.number} is recorded from {crime.incident.reference} already. Look at the number "
        "again.",
        field=field,
    )


def _victim(incident: Incident, victim_id: int | None) -> int | None:
    """The one victim of the incident, or the one named. Raises InvalidInput for another's."""
    victims = set(
        incident.involvements.filter(victim__isnull=False).values_list("victim", flat=True)
    )
    if victim_id is None:
        return victims.pop() if len(victims) == 1 else None
    if victim_id not in victims:
        raise InvalidInput("Choose a victim of this incident.", field="victim")
    return victim_id
