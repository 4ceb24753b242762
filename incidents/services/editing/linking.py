"""Two incidents are about one event: linked, never merged; a wrong link is ended, never deleted."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit.services import event, record_many
from core.errors import InvalidInput
from core.text import clean
from incidents import permissions
from incidents.models import Incident, IncidentLink

LONGEST_WORDS = 300


@transaction.atomic
def link_incidents(
    *, incident_id: int, other_id: int, words: str, actor: User, at: datetime
) -> IncidentLink:
    """Say that two incidents are about one event, and why; said again, it is the same link.

    Either may be closed: a link changes nothing in them. Raises PermissionDenied outside the
    control room, InvalidInput for an incident with itself or without words.
    """
    _check(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if incident_id == other_id:
        raise InvalidInput("This is the incident itself. Give the other one's.", field="reference")
    first, second = _lock(incident_id, other_id)
    linked = IncidentLink.objects.filter(first=first, second=second, ended_at__isnull=True).first()
    if linked is not None:
        return linked
    link = IncidentLink.objects.create(
        first=first, second=second, words=words, linked_by=actor, linked_at=at
    )
    _record(link, "linked", "Linked to another incident as the same event", words, actor, at)
    return link


@transaction.atomic
def end_link(*, link_id: int, words: str, actor: User, at: datetime) -> IncidentLink:
    """End a link that was wrong, and say why; ended again, nothing changes.

    Raises PermissionDenied outside the control room, InvalidInput without words.
    """
    _check(actor)
    words = clean(words, field="ended_reason", longest=LONGEST_WORDS, required=True)
    named = IncidentLink.objects.get(pk=link_id)
    first, second = _lock(named.first_id, named.second_id)
    link = IncidentLink.objects.select_for_update(of=("self",)).get(pk=link_id)
    link.first, link.second = first, second
    if link.ended_at is not None:
        return link
    link.ended_at, link.ended_by, link.ended_reason = at, actor, words
    link.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    _record(link, "unlinked", "No longer linked to another incident", words, actor, at)
    return link


def _check(actor: User) -> None:
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room says which calls are about one event.")


def _lock(one: int, other: int) -> tuple[Incident, Incident]:
    """Both, held in the order of their numbers, so that two who link at once never cross."""
    rows = (
        Incident.objects.select_for_update(of=("self",))
        .filter(pk__in=[one, other])
        .order_by("pk")
        .defer("narrative", "verbatim", "answers")
    )
    first, second = rows
    return first, second


def _record(
    link: IncidentLink, what: str, headline: str, words: str, actor: User, at: datetime
) -> None:
    """On both timelines. The other's reference stands in the detail alone: whoever reads one
    timeline may not be one who may know of the other."""
    pairs = ((link.first, link.second), (link.second, link.first))
    record_many(
        event(
            actor=actor,
            at=at,
            verb=f"incident.{what}",
            headline=headline,
            subject=one.reference,
            incident_id=one.pk,
            detail={"other": other.reference, "words": words},
        )
        for one, other in pairs
    )
