"""The board: incidents newest first, filtered by what stands in the address."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Prefetch, QuerySet

from accounts.models import Area, User
from core.templatetags.lodestar import WARN_AT, share_used
from incidents.models import Deployment, Incident, Involvement, ResponseGrade
from incidents.pages.paging import after, place
from incidents.pages.sent import Sent
from incidents.services.response.arrival_clock import late_words

ON_A_PAGE = 25
NOT_CLOSED = "not_closed"
ANY = "any"
STATES = [
    (NOT_CLOSED, "Not closed"),
    *Incident.State.choices,
    (ANY, "Any"),
]


@dataclass(frozen=True)
class Filters:
    """What the address asks for; what it does not know is ignored."""

    state: str = NOT_CLOSED
    grade: str = ""
    area: str = ""
    #: The last row of the page before: its instant and number.
    before: str = ""

    @classmethod
    def of(cls, asked: dict[str, str]) -> "Filters":
        state, grade, area = asked.get("state", ""), asked.get("grade", ""), asked.get("area", "")
        return cls(
            state=state if state in dict(STATES) else NOT_CLOSED,
            grade=grade if grade in ResponseGrade.values else "",
            area=area if area.isascii() and area.isdigit() and len(area) < 10 else "",
            before=asked.get("before", ""),
        )

    def query(self, **changes: str) -> str:
        """The filters as a query string, with changes; blanks and the ordinary are left out."""
        values = {"state": self.state, "grade": self.grade, "area": self.area, **changes}
        if values["state"] == NOT_CLOSED:
            values["state"] = ""
        return urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True)
class Row:
    """One incident as the board shows it."""

    incident: Incident
    sent: list[Sent]
    at: datetime

    @property
    def is_awaited(self) -> bool:
        """Somebody must still come there."""
        return (
            self.incident.state in (Incident.State.OPEN, Incident.State.SENT)
            and not self.incident.not_sent_reason
        )

    @property
    def nobody_yet(self) -> bool:
        """Awaited, and nobody is on the way."""
        return self.is_awaited and not any(one.is_on_the_way for one in self.sent)

    @property
    def is_pressing(self) -> bool:
        """Nobody is on the way and half of the time is gone."""
        incident = self.incident
        return (
            self.nobody_yet
            and incident.attend_by is not None
            and share_used(incident.received_at, incident.attend_by, self.at) >= WARN_AT
        )

    @property
    def first_there(self) -> Sent | None:
        """Who arrived first."""
        there = [one for one in self.sent if one.row.arrived_at]
        return min(there, key=lambda one: one.row.arrived_at or self.at, default=None)

    @property
    def late(self) -> str:
        """How long after the incident's target somebody was there."""
        first = self.first_there
        return late_words(first.row.arrived_at if first else None, self.incident.attend_by)


@dataclass(frozen=True)
class Board:
    """One page of incidents, and the address of the next; the areas are asked for when shown."""

    rows: list[Row]
    filters: Filters
    areas: QuerySet[Area]
    query: str
    next_query: str


def board(reader: User, asked: dict[str, str], at: datetime) -> Board:
    """One page by key, as fast on the thousandth page as on the first: nothing is counted."""
    filters = Filters.of(asked)
    found = list(after(_filtered(reader, filters), filters.before)[: ON_A_PAGE + 1])
    rows = found[:ON_A_PAGE]
    more = len(found) > ON_A_PAGE
    last = place(rows[-1]) if more else ""
    return Board(
        rows=[Row(one, [Sent(row) for row in one.deployments.all()], at) for one in rows],
        filters=filters,
        areas=Area.objects.all(),
        query=filters.query(before=filters.before),
        next_query=filters.query(before=last) if more else "",
    )


def _filtered(reader: User, filters: Filters) -> QuerySet[Incident]:
    incidents = Incident.objects.visible_to(reader)
    if filters.state == NOT_CLOSED:
        incidents = incidents.open()
    elif filters.state != ANY:
        incidents = incidents.filter(state=filters.state)
    if filters.grade:
        incidents = incidents.filter(grade=filters.grade)
    if filters.area:
        incidents = incidents.filter(area=int(filters.area))
    people = Involvement.objects.select_related("person", "victim").order_by("pk")
    sent = Deployment.objects.select_related("officer", "unit").order_by("pk")
    return (
        incidents.select_related("address", "area")
        .defer("narrative", "verbatim", "answers")
        .prefetch_related(Prefetch("involvements", people), Prefetch("deployments", sent))
        .order_by("-received_at", "-pk")
    )
