"""What was added to an incident later, on its page and on the officers' home."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q
from django.urls import reverse

from accounts.models import User
from audit.models import RecordRead
from core import policy
from incidents import next_steps, panels, questions
from incidents.models import Deployment, FurtherCall, Incident, IncidentLink
from incidents.next_steps import NextStep
from incidents.permissions import may_log_calls
from incidents.seeing import of_one_side
from incidents.services.editing import presence
from victims import telephones

MOST_CANDIDATES = 5


@dataclass(frozen=True)
class ShownCall:
    """One further call as it is read."""

    call: FurtherCall
    number: str
    answers: list[tuple[questions.Question, questions.Answer]]

    @property
    def raised(self) -> bool:
        return self.call.grade_before != self.call.grade_after


@dataclass(frozen=True)
class Linked:
    """Another incident about the same event, as far as this reader may see it.

    Where one of the two has a victim hidden from the reader, neither the place nor the words.
    """

    link: IncidentLink
    other: Incident
    place: str
    words: str


def further_calls_of(incident: Incident) -> list[ShownCall]:
    """All of them in the order in which they came. One query."""
    rows = incident.further_calls.select_related("recorded_by").order_by("received_at", "pk")
    return [
        ShownCall(row, telephones.shown(row.caller_number), questions.in_words(row.answers))
        for row in rows
    ]


def links_of(incident: Incident, reader: User) -> list[Linked]:
    """The incidents that it is linked with and that this reader may see."""
    links = list(
        IncidentLink.objects.filter(Q(first=incident) | Q(second=incident), ended_at__isnull=True)
        .select_related("linked_by")
        .order_by("linked_at", "pk")
    )
    if not links:
        return []
    others = {row.second_id if row.first_id == incident.pk else row.first_id for row in links}
    seen = Incident.objects.visible_to(reader).select_related("address").in_bulk(others)
    shared = of_one_side([incident.pk, *seen], reader)
    pairs = ((row, seen.get(row.second_id) or seen.get(row.first_id)) for row in links)
    return [
        Linked(
            link,
            other,
            place="" if other.pk in shared else str(other.address or "Address not known"),
            words="" if shared & {other.pk, incident.pk} else link.words,
        )
        for link, other in pairs
        if other is not None
    ]


def candidates_for(incident: Incident, reader: User, at: datetime) -> list[Incident]:
    """Incidents of the same hours with the same address, number or person, the nearest first."""
    hours = timedelta(hours=policy.at(at).same_event_hours)
    people = list(incident.involvements.values_list("person_id", flat=True))
    same = Q(involvements__person__in=people)
    if incident.address_id:
        same |= Q(address=incident.address_id)
    if incident.caller_number:
        same |= Q(caller_number=incident.caller_number)
    linked = {one.other.pk for one in links_of(incident, reader)}
    near = Incident.objects.visible_to(reader).filter(
        same,
        received_at__range=(incident.received_at - hours, incident.received_at + hours),
    )
    rows = near.exclude(pk__in=[incident.pk, *linked]).select_related("address").distinct()
    return sorted(
        rows.order_by("-received_at")[:MOST_CANDIDATES],
        key=lambda row: abs(row.received_at - incident.received_at),
    )


def calls_panel(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    calls = further_calls_of(incident)
    may_add = may_log_calls(user) and incident.state != Incident.State.CLOSED
    if not calls and not may_add:
        return None
    return {"calls": calls, "may_add": may_add, "incident": incident}


def links_panel(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    links, may_link = links_of(incident, user), may_log_calls(user)
    if not links and not may_link:
        return None
    return {"links": links, "may_link": may_link, "incident": incident}


def presence_panel(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    writers = presence.writers(incident_id=incident.pk, but=user, at=at)
    return {"writers": writers} if writers else None


def news_steps(officer: User, incidents: Sequence[Incident], at: datetime) -> Iterable[NextStep]:
    """Read the briefing again: something was told since it was read, and nobody is there yet."""
    news = _news_on_the_way(officer, [incident.pk for incident in incidents])
    if not news:
        return
    briefings = {row.pk: _briefing(row) for row in incidents if row.pk in news}
    read = dict(
        RecordRead.objects.filter(
            user=officer, incident_id__in=news, path__in=list(briefings.values())
        )
        .order_by()
        .values_list("incident_id")
        .annotate(Max("at"))
    )
    for incident_id, told_at in news.items():
        if incident_id not in read or read[incident_id] < told_at:
            yield NextStep(
                incident_id,
                "News since you read the briefing",
                briefings[incident_id],
                started_at=told_at,
            )


def _news_on_the_way(officer: User, incident_ids: Sequence[int]) -> dict[int, datetime]:
    """Of incidents to which this officer is on the way: when the newest news came."""
    rows = (
        Deployment.objects.filter(
            officer=officer,
            incident__in=incident_ids,
            arrived_at__isnull=True,
            cleared_at__isnull=True,
            incident__further_calls__recorded_at__gt=F("briefing_read_at"),
        )
        .order_by()
        .values_list("incident_id")
        .annotate(Max("incident__further_calls__recorded_at"))
    )
    return dict(rows)


def _briefing(incident: Incident) -> str:
    return reverse("incidents:briefing", args=[incident.reference])


panels.register(15, "incidents/editing/_further_calls_panel.html", calls_panel, slot="top")
panels.register(80, "incidents/editing/_writers_panel.html", presence_panel, slot="aside_top")
panels.register(
    82, "incidents/editing/_links_panel.html", links_panel, slot="aside", of_whole=False
)
next_steps.register(5, news_steps)
