"""Warnings for whoever takes the next call."""

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from deadlines.models import Deadline
from victims import permissions
from victims.deadlines.markers import REVIEW, reference_of, terms_of
from victims.deadlines.plans import end_of
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
    _require_day(until, at)
    marker = Marker.objects.create(
        kind=kind,
        words=words,
        until=until,
        address=address,
        person=person,
        set_by=actor,
        set_at=at,
    )
    _watch(marker, actor, at)
    _audit(marker, victim, actor, at, "marker.set", f"Marker set: {_name(marker)}", words)
    return marker


@transaction.atomic
def renew_marker(
    *, marker_id: int, until: date, reason: str, seen_until: date, actor: User, at: datetime
) -> Marker:
    """Looked at, and still needed: in force until the end of another day, for a reason.

    Whoever renews it looks at it the next time. `seen_until` is the last day that they saw. Sent
    twice it is done once. Raises PermissionDenied, InvalidInput at `until` or `reason`, Stale where
    somebody else renewed it meanwhile, DomainError where it has ended.
    """
    marker = _locked(marker_id, actor, at)
    if marker.until == until and seen_until < until:
        return marker
    _refuse_stale(marker, seen_until, yours={"until": f"{until:%d %b %Y}", "reason": reason})
    reason = clean(reason, field="reason", longest=300, required=True)
    _require_day(until, at)
    if until <= seen_until:
        raise InvalidInput(
            f"It is in force until {seen_until:%d %b %Y}: give a later day.", field="until"
        )
    marker.until = until
    marker.save(update_fields=["until"])
    deadlines.services.meet(kind=REVIEW, subject=marker, actor=actor, at=at)
    _watch(marker, actor, at)
    headline = f"Marker renewed: {_name(marker)}, until {until:%d %b %Y}"
    _audit(marker, None, actor, at, "marker.renewed", headline, reason)
    return marker


@transaction.atomic
def let_marker_end(
    *, marker_id: int, reason: str, seen_until: date, actor: User, at: datetime
) -> Marker:
    """Looked at, and not needed beyond its last day, for a reason: it ends then by itself.

    Said twice it is on record once. Raises as `renew_marker`.
    """
    marker = _locked(marker_id, actor, at)
    _refuse_stale(marker, seen_until, yours={"let_end": reason})
    reason = clean(reason, field="reason", longest=300, required=True)
    met = deadlines.services.meet(kind=REVIEW, subject=marker, actor=actor, at=at)
    if met is not None:
        headline = f"Marker looked at: {_name(marker)} ends on its last day"
        _audit(marker, None, actor, at, "marker.let_end", headline, reason)
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
    deadlines.services.cancel(
        kind=REVIEW, subject=marker, reason="The marker was ended", actor=actor, at=at
    )
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


def _locked(marker_id: int, actor: User, at: datetime) -> Marker:
    marker = Marker.objects.select_for_update(of=("self",)).get(pk=marker_id)
    if not permissions.can_set_marker(actor):
        raise PermissionDenied("Your role does not review markers.")
    is_over = marker.until < local(at).date() and not _is_to_be_reviewed(marker)
    if marker.ended_at is not None or is_over:
        raise DomainError("This marker has ended already. Set a new one if it is needed.")
    return marker


def _is_to_be_reviewed(marker: Marker) -> bool:
    """Nobody looked at it yet: then it can be renewed although its last day is over."""
    return Deadline.objects.open().of(marker).filter(kind=REVIEW).exists()


def _require_day(until: date, at: datetime) -> None:
    today = local(at).date()
    if not today <= until <= today + LONGEST:
        raise InvalidInput("Give a day from today to a year from now.", field="until")


def _refuse_stale(marker: Marker, seen_until: date, *, yours: dict[str, str]) -> None:
    if marker.until != seen_until:
        raise Stale(
            f"Somebody else renewed this marker after you opened it: it is in force until "
            f"{marker.until:%d %b %Y} now.",
            theirs={"until": f"{marker.until:%d %b %Y}"},
            yours=yours,
            version=0,
        )


def _watch(marker: Marker, owner: User, at: datetime) -> None:
    """Whoever set or renewed it looks at it again before its last day."""
    deadlines.services.start(
        kind=REVIEW,
        subject=marker,
        reference=reference_of(marker.pk),
        # A marker warns about a place or a person; it keeps nobody's case open.
        victim_id=None,
        team=owner.team,
        owner=owner,
        started_at=end_of(marker.until),
        actor=owner,
        at=at,
        terms=terms_of(marker.until, policy.at(at), at),
    )


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
