"""The inspector's home: requests for closure that wait, and refusals not answered yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.models import User
from deadlines.models import Deadline
from incidents.models import Closure, Incident, Involvement
from incidents.pages.closure import clocks_of
from victims.models import RiskGrade

ON_A_PAGE = 25
#: How long a refusal that nobody answered stays on the list, and how many of them.
REFUSED_WITHIN = timedelta(days=7)
MOST_REFUSED = 15


@dataclass(frozen=True)
class Row:
    """One request, with what an inspector weighs before opening it."""

    closure: Closure
    clock: Deadline | None
    risk: str
    victims: list[str]
    children: int

    @property
    def incident(self) -> Incident:
        return self.closure.incident


def closures_waiting(reader: User, at: datetime, *, page: str | None) -> dict[str, Any]:
    """A page of what waits, oldest first, and the newest refusals that nobody answered."""
    waiting = _rows_of(Closure.objects.visible_to(reader).waiting())
    shown = Paginator(waiting.order_by("requested_at", "pk"), ON_A_PAGE).get_page(page)
    refused = list(_unanswered(reader, at))
    found = list(shown.object_list)
    running = clocks_of([row.pk for row in found])
    return {
        "page": shown,
        "rows": [_row(row, running.get(row.pk)) for row in found],
        "refused": [_row(row, None) for row in refused],
    }


def _rows_of(closures: QuerySet[Closure]) -> QuerySet[Closure]:
    people = Involvement.objects.select_related("person", "victim").order_by("pk")
    return closures.select_related(
        "incident__address", "incident__area", "requested_by", "answered_by", "decided_by"
    ).prefetch_related(Prefetch("incident__involvements", people))


def _unanswered(reader: User, at: datetime) -> QuerySet[Closure]:
    """Refused in the last days, the incident still open and closure not asked for again."""
    later = Closure.objects.filter(incident=OuterRef("incident"), pk__gt=OuterRef("pk"))
    rows = Closure.objects.visible_to(reader).filter(
        ~Exists(later.exclude(decision=Closure.Decision.WITHDRAWN)),
        decision=Closure.Decision.REFUSED,
        decided_at__gt=at - REFUSED_WITHIN,
    )
    return _rows_of(rows).order_by("-decided_at", "-pk")[:MOST_REFUSED]


def _row(closure: Closure, clock: Deadline | None) -> Row:
    people: Sequence[Involvement] = list(closure.incident.involvements.all())
    victims = [row for row in people if row.role == Involvement.Role.VICTIM]
    grades = [RiskGrade(row.victim.grade) for row in victims if row.victim and row.victim.grade]
    return Row(
        closure,
        clock,
        risk=max(grades, key=lambda grade: grade.rank).value if grades else "",
        victims=[str(row.person) for row in victims],
        children=sum(row.role == Involvement.Role.CHILD for row in people),
    )
