"""Everything that happened to and for a victim, newest first, from the audit."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from audit.models import AuditEvent
from audit.querysets import EventQuerySet
from core import shut
from core.references import Kind
from victims.models import Person, Victim
from victims.permissions import sees_everybody

#: The words of a detail that belong beside the headline, in this order.
WORDS = ("reason", "rationale", "words")
#: Characters of such words on a timeline; the rest is on the page that the entry leads to.
LONGEST_WORDS = 200

#: What the clocks did by rule: kept and shown, but quietly, since the card "Due" says it better.
QUIET = ("deadline.started", "deadline.met", "deadline.moved", "deadline.cancelled")

#: Of an incident with a victim whom the reader must not see: what is told without words about
#: either. Everything else about it may be the other one's side.
PLAIN = (
    "incident.logged",
    "incident.briefing_read",
    "incident.officer_arrived",
    "incident.first_response_recorded",
    "incident.first_response_changed",
    "incident.counter_allegation_recorded",
    "incident.closure_requested",
)

#: Pages that a reference leads to for everybody who sees the victim.
PAGES = {Kind.INCIDENT.value: "incidents:detail"}


@dataclass(frozen=True)
class Entry:
    """One line of a timeline, as the component draws it and the API gives it."""

    what: str
    at: datetime
    by: str
    verb: str
    reference: str
    url: str
    detail: str
    tone: str


def events_of(victim: Victim, reader: User) -> EventQuerySet:
    """The audit events about a victim and the incidents in which they were harmed.

    Of an incident that harmed somebody else too whom `reader` must not see, only what is plain;
    nothing of a case that is shut to them (`core.shut`).
    Incidents belong to a higher app, so they are reached by the name of their relation to the
    victim and never imported.
    """
    incident_ids = Victim.objects.filter(pk=victim.pk, involvements__isnull=False).values_list(
        "involvements__incident_id", flat=True
    )
    if reader.withheld_victims:
        # An incident in which somebody else was who is withheld is not seen at all.
        withheld = Person.objects.filter(victim__in=sorted(reader.withheld_victims))
        barred = withheld.filter(involvements__isnull=False)
        incident_ids = incident_ids.exclude(
            involvements__incident_id__in=barred.values("involvements__incident_id")
        )
    events = AuditEvent.objects.timeline(victim_id=victim.pk, incident_ids=incident_ids)
    events = shut.open_to(events, reader, "subject")
    if sees_everybody(reader):
        return events
    hidden = Victim.objects.exclude(pk__in=Victim.objects.visible_to(reader).values("pk"))
    shared = hidden.filter(involvements__incident_id__in=list(incident_ids))
    return events.exclude(
        ~Q(verb__in=PLAIN),
        victim_id__isnull=True,
        incident_id__in=list(shared.values_list("involvements__incident_id", flat=True)),
    )


def entry(event: AuditEvent, *, of: Victim) -> Entry:
    """The line of one event; the victim's own reference is not repeated on every line."""
    reference = "" if event.subject == of.reference else event.subject
    return Entry(
        what=event.headline,
        at=event.at,
        by=event.actor_name,
        verb=event.verb,
        reference=reference,
        url=_page_of(reference),
        detail=_words_of(event),
        tone=_tone_of(event),
    )


def _tone_of(event: AuditEvent) -> str:
    if event.is_grave:
        return "h"
    return "q0" if event.verb in QUIET else ""


def _words_of(event: AuditEvent) -> str:
    for name in WORDS:
        words = event.detail.get(name)
        if isinstance(words, str) and words:
            return words if len(words) <= LONGEST_WORDS else f"{words[:LONGEST_WORDS]}…"
    return ""


def _page_of(reference: str) -> str:
    name = PAGES.get(reference.partition("-")[0])
    if name is None:
        return ""
    try:
        return reverse(name, args=[reference])
    except NoReverseMatch:
        return ""
