"""Which incidents nobody supervised, by area, team and age; and one incident's checks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, OuterRef, Prefetch, QuerySet, Subquery
from django.urls import reverse

from accounts.models import Area, Team, User
from incidents import next_steps, panels, supervising
from incidents.models import Deployment, Incident, Involvement, SupervisionCheck
from incidents.next_steps import NextStep
from incidents.pages.paging import after, place
from incidents.permissions import may_attend, may_see_supervision, may_supervise
from incidents.services.supervision import MAY_BE_CHECKED, was_there
from victims.models import RiskGrade

ON_A_PAGE = 25
ALL = "all"
#: Hours since the call to what the filter says.
AGES = {"24": "Older than a day", "72": "Older than 3 days", "168": "Older than a week"}
WORDS_AT_HOME = 120


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Without an area: the reader's own, where they have one."""

    area: str = ALL
    team: str = ""
    age: str = ""
    #: The last row of the page before: its instant and number.
    before: str = ""

    @classmethod
    def of(cls, asked: dict[str, str], reader: User) -> "Filters":
        own = reader.team.area_id if reader.team else None
        area = asked.get("area", "")
        return cls(
            area=area if area == ALL or _is_key(area) else str(own or ALL),
            team=asked["team"] if _is_key(asked.get("team", "")) else "",
            age=asked["age"] if asked.get("age") in AGES else "",
            before=asked.get("before", ""),
        )

    def query(self, **changes: str) -> str:
        """As in the address, with changes; the area always stands, so that a link means one."""
        values = {"area": self.area, "team": self.team, "age": self.age, **changes}
        return urlencode({name: value for name, value in values.items() if value})


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 10


@dataclass(frozen=True)
class Row:
    """One incident that nobody checked."""

    incident: Incident
    victims: list[str]
    risk: str
    team: Team | None


@dataclass(frozen=True)
class Tally:
    """What a team has unsupervised, and since when."""

    team: Team | None
    count: int
    oldest: datetime


@dataclass(frozen=True)
class Unsupervised:
    """One page of the list, with each team's count beside it."""

    rows: list[Row]
    filters: Filters
    areas: list[Area]
    teams: list[Team]
    tallies: list[Tally]
    next_query: str
    total: int = field(default=0)


def unsupervised(reader: User, asked: dict[str, str], at: datetime) -> Unsupervised:
    """A page by key, newest first; a fixed number of queries."""
    filters = Filters.of(asked, reader)
    found = list(after(of_filters(reader, filters, at), filters.before)[: ON_A_PAGE + 1])
    shown, more = found[:ON_A_PAGE], len(found) > ON_A_PAGE
    teams = list(Team.objects.filter(kind=Team.Kind.RESPONSE).select_related("area"))
    tallies = _tallies(reader)
    return Unsupervised(
        rows=rows_of(shown),
        filters=filters,
        areas=list(Area.objects.all()),
        teams=teams,
        tallies=tallies,
        next_query=filters.query(before=place(shown[-1])) if more else "",
        total=sum(tally.count for tally in tallies),
    )


def nobody_checked(reader: User) -> QuerySet[Incident]:
    """Attended or closed, seen by this reader, and no supervisor looked."""
    return Incident.objects.visible_to(reader).filter(
        supervised_at__isnull=True, state__in=[state.value for state in MAY_BE_CHECKED]
    )


def of_filters(reader: User, filters: Filters, at: datetime) -> QuerySet[Incident]:
    """Those of the filters with what a row shows, newest first."""
    rows = nobody_checked(reader).annotate(first_team=_first_team())
    if filters.area != ALL:
        rows = rows.filter(area=int(filters.area))
    if filters.team:
        rows = rows.filter(first_team=int(filters.team))
    if filters.age:
        rows = rows.filter(received_at__lt=at - timedelta(hours=int(filters.age)))
    people = Involvement.objects.select_related("person", "victim").order_by("pk")
    sent = Deployment.objects.select_related("officer").order_by("arrived_at", "pk")
    return (
        rows.select_related("address", "area")
        .defer("narrative", "verbatim", "answers")
        .prefetch_related(Prefetch("involvements", people), Prefetch("deployments", sent))
        .order_by("-received_at", "-pk")
    )


def _first_team() -> Subquery:
    """The team of whoever was there first: it answers for the response."""
    there = Deployment.objects.filter(incident=OuterRef("pk"), arrived_at__isnull=False)
    return Subquery(there.order_by("arrived_at", "pk").values("officer__team")[:1])


def rows_of(incidents: Sequence[Incident]) -> list[Row]:
    """With each one's victims, the gravest risk among them and its team; one query."""
    ids = {getattr(incident, "first_team", None) for incident in incidents}
    teams = Team.objects.in_bulk([pk for pk in ids if pk])
    return [_row(incident, teams) for incident in incidents]


def _row(incident: Incident, teams: dict[int, Team]) -> Row:
    victims = [row for row in incident.involvements.all() if row.victim]
    grades = [RiskGrade(row.victim.grade) for row in victims if row.victim and row.victim.grade]
    return Row(
        incident,
        victims=[str(row.person) for row in victims],
        risk=max(grades, key=lambda grade: grade.rank).value if grades else "",
        team=teams.get(getattr(incident, "first_team", None) or 0),
    )


def _tallies(reader: User) -> list[Tally]:
    """Every team's count with its oldest, the reader's own team first, then the oldest."""
    counted = (
        nobody_checked(reader)
        .annotate(first_team=_first_team())
        .order_by()
        .values("first_team")
        .annotate(count=Count("pk"), oldest=Min("received_at"))
    )
    found = list(counted)
    teams = Team.objects.in_bulk([row["first_team"] for row in found if row["first_team"]])
    tallies = [
        Tally(teams.get(row["first_team"] or 0), row["count"], row["oldest"]) for row in found
    ]
    own = reader.team_id
    return sorted(tallies, key=lambda row: (row.team is None or row.team.pk != own, row.oldest))


# --- One incident -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """A check as it is read."""

    check: SupervisionCheck
    answers: list[tuple[supervising.Check, str, bool]]


def checks_of(incident: Incident) -> list[Checked]:
    """Every check of an incident, the newest first."""
    rows = incident.supervision_checks.select_related("checked_by", "asked_of")
    return [
        Checked(row, list(supervising.in_words(row.answers)))
        for row in rows.order_by("-checked_at", "-pk")
    ]


def panel(incident: Incident, user: User, at: datetime) -> dict[str, Any] | None:
    """What the newest check said, for supervisors and those who attend."""
    if not (may_see_supervision(user) or may_attend(user)):
        return None
    newest = (
        incident.supervision_checks.select_related("checked_by", "asked_of")
        .order_by("-checked_at", "-pk")
        .first()
    )
    may_look = may_see_supervision(user) and incident.state in MAY_BE_CHECKED
    if newest is None and not may_look:
        return None
    return {
        "newest": newest,
        "incident": incident,
        "may_look": may_look,
        "may_check": may_look and may_supervise(user) and not was_there(incident, user),
    }


def supervision_steps(
    officer: User, incidents: Sequence[Incident], at: datetime
) -> Iterable[NextStep]:
    """What a supervisor asks of this officer, until a later check is satisfied."""
    checks = SupervisionCheck.objects.filter(incident__in=[row.pk for row in incidents])
    ordered = checks.select_related("checked_by").order_by("checked_at", "pk")
    newest = {row.incident_id: row for row in ordered}
    for incident in incidents:
        check = newest.get(incident.pk)
        if check and check.asked_of_id == officer.pk:
            url = reverse("incidents:detail", args=[incident.reference]) + "#supervision"
            yield NextStep(incident.pk, f"{check.checked_by} asks: {_short(check.words)}", url)


def _short(words: str) -> str:
    return words if len(words) <= WORDS_AT_HOME else f"{words[: WORDS_AT_HOME - 1].rstrip()}…"


panels.register(70, "incidents/supervision/panel.html", panel, slot="aside")
next_steps.register(70, supervision_steps)
