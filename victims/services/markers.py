"""Warnings for whoever takes the next call."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.clock import local
from core.errors import DomainError, InvalidInput
from core.text import clean
from victims import permissions
from victims.models import Address, Marker, Person, Victim

#: A marker that nobody looks at again misleads: it lasts a year at most and can then be renewed.
LONGEST = timedelta(days=366)


@transaction.atomic
def set_marker(
    *,
    kind: str,
    words: str,
    until: date,
    address: Address | None = None,
    person: Person | None = None,
    victim: Victim | None = None,
    actor: User,
    at: datetime,
) -> Marker:
    """Put a marker on one address or one person, in force until the end of the day `until`.

    `victim` is whose timeline shows it; without one, that of the person marked. Raises
    PermissionDenied, and InvalidInput at kind, words or until (past, or over a year away).
    """
    if not permissions.can_set_marker(actor):
        raise PermissionDenied("Your role does not set markers.")
    if kind not in Marker.Kind.values:
        raise InvalidInput("Choose one of the markers offered.", field="kind")
    if (address is None) == (person is None):
        raise InvalidInput("Mark either an address or a person.", field="address")
    words = clean(words, field="words", longest=300, required=True)
    today = local(at).date()
    if not today <= until <= today + LONGEST:
        raise InvalidInput("Give a day from today to a year from now.", field="until")
    marker = Marker.objects.create(
        kind=kind,
        words=words,
        until=until,
        address=address,
        person=person,
        set_by=actor,
        set_at=at,
    )
    _audit(marker, victim, actor, at, "marker.set", f"Marker set: {_name(marker)}", words)
    return marker


@transaction.atomic
def end_marker(
    *, marker_id: int, reason: str, victim: Victim | None = None, actor: User, at: datetime
) -> Marker:
    """End a marker before its day; it stays on record with the reason.

    Raises PermissionDenied, InvalidInput without a reason, DomainError where it has ended already.
    """
    marker = Marker.objects.select_for_update(of=("self",)).get(pk=marker_id)
    if not permissions.can_set_marker(actor):
        raise PermissionDenied("Your role does not end markers.")
    if marker.ended_at is not None or marker.until < local(at).date():
        raise DomainError("This marker has ended already.")
    marker.ended_reason = clean(reason, field="reason", longest=300, required=True)
    marker.ended_at, marker.ended_by = at, actor
    marker.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    _audit(
        marker,
        victim,
        actor,
        at,
        "marker.ended",
        f"Marker ended: {_name(marker)}",
        marker.ended_reason,
    )
    return marker


def _name(marker: Marker) -> str:
    return Marker.Kind(marker.kind).label.lower()


def _audit(
    marker: Marker,
    victim: Victim | None,
    actor: User,
    at: datetime,
    verb: str,
    headline: str,
    words: str,
) -> None:
    if victim is None and marker.person is not None:
        victim = Victim.objects.filter(person=marker.person).first()
    audit.record(
        actor=actor,
        at=at,
        verb=verb,
        headline=headline,
        subject=victim.reference if victim else f"marker {marker.pk}",
        victim_id=victim.pk if victim else None,
        detail={"on": str(marker.address or marker.person), "words": words},
    )
