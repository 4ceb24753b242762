"""What stands beside an incident where somebody decides about it: closure, supervision.

This app's part is what the officers found and put in place, and what was before; a higher app adds
its own in its `apps.ready()`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from accounts.models import User
from core.clock import months_before
from incidents.models import Crime, FirstResponse, Incident, Involvement
from incidents.panels import Context, Shown
from victims.models import Victim

#: Earlier incidents that are shown; how many there are is said.
MOST_EARLIER = 6
MONTHS = 12

_parts: dict[str, tuple[int, Context]] = {}


def register(order: int, template: str, context: Context) -> None:
    """Add a part; the template's name is its identity, lower orders stand first."""
    _parts[template] = (order, context)


@dataclass(frozen=True)
class Earlier:
    """An earlier incident of one of the victims, and what came of it in words."""

    incident: Incident
    outcome: str


@dataclass(frozen=True)
class Beside:
    """What is read next to the answers."""

    victims: list[Victim]
    people: list[Involvement]
    response: FirstResponse | None
    crimes: list[Crime]
    earlier: list[Earlier]
    earlier_count: int
    parts: list[Shown]


def beside(incident: Incident, reader: User, at: datetime) -> Beside:
    """Read it for somebody who may see the incident; a fixed number of queries."""
    people = list(incident.involvements.select_related("person", "victim__person").order_by("pk"))
    victims = [row.victim for row in people if row.victim]
    earlier = _earlier(incident, [victim.pk for victim in victims], reader)
    ordered = sorted(_parts.items(), key=lambda part: part[1][0])
    found = ((template, context(incident, reader, at)) for template, (_, context) in ordered)
    return Beside(
        victims=victims,
        people=people,
        response=FirstResponse.objects.select_related("officer").filter(incident=incident).first(),
        crimes=list(incident.crimes.order_by("pk")),
        earlier=[Earlier(row, _outcome(row)) for row in earlier[:MOST_EARLIER]],
        earlier_count=len(earlier),
        parts=[Shown(template, context) for template, context in found if context is not None],
    )


def _earlier(incident: Incident, victim_ids: Sequence[int], reader: User) -> list[Incident]:
    """Incidents of these victims in the twelve months before that may be seen, newest first."""
    before = Involvement.objects.filter(
        victim__in=victim_ids,
        received_at__lt=incident.received_at,
        received_at__gte=months_before(incident.received_at, MONTHS),
    )
    crimes = Prefetch("crimes", Crime.objects.order_by("pk"))
    seen = Incident.objects.visible_to(reader)
    rows = seen.filter(pk__in=before.values("incident")).exclude(pk=incident.pk)
    return list(rows.prefetch_related(crimes).order_by("-received_at", "-pk"))


def _outcome(incident: Incident) -> str:
    crimes = [crime.get_category_display() for crime in incident.crimes.all()]
    if crimes:
        return "; ".join(crimes)
    return incident.non_crime_reason and f"Not a crime: {incident.non_crime_reason}"
