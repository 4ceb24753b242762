"""The board: incidents newest first, filtered by what stands in the address."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Prefetch, Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.models import Area, User
from incidents.models import Deployment, Incident, Involvement, ResponseGrade

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
class Board:
    """One page of incidents, and the address of the next."""

    rows: list[Incident]
    filters: Filters
    areas: list[Area]
    next_query: str


def board(reader: User, asked: dict[str, str]) -> Board:
    """One page by key, as fast on the thousandth page as on the first: nothing is counted."""
    filters = Filters.of(asked)
    found = list(_after(_filtered(reader, filters), filters.before)[: ON_A_PAGE + 1])
    rows = found[:ON_A_PAGE]
    more = len(found) > ON_A_PAGE
    last = f"{rows[-1].received_at.isoformat()}~{rows[-1].pk}" if more else ""
    return Board(
        rows=rows,
        filters=filters,
        areas=list(Area.objects.all()),
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
    sent = Deployment.objects.select_related("officer").order_by("pk")
    return (
        incidents.select_related("address", "area")
        .defer("narrative", "answers")
        .prefetch_related(Prefetch("involvements", people), Prefetch("deployments", sent))
        .order_by("-received_at", "-pk")
    )


def _after(incidents: QuerySet[Incident], before: str) -> QuerySet[Incident]:
    instant, _, number = before.partition("~")
    at = _instant(instant)
    if at is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return incidents
    # The bound on the instant alone lets the index start there; the rest settles equals.
    return incidents.filter(received_at__lte=at).filter(
        Q(received_at__lt=at) | Q(pk__lt=int(number))
    )


def _instant(raw: str) -> datetime | None:
    try:
        instant = parse_datetime(raw)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None
