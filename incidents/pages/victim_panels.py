"""What this app adds to the page of a victim: incidents, and who is connected through them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from accounts.models import User
from core.clock import local
from incidents.history.weigh import age_of
from incidents.models import Incident, Involvement
from incidents.seeing import of_one_side
from victims import panels
from victims.models import Victim

Role = Involvement.Role

MOST_INCIDENTS = 10
#: Incidents that the picture counts; a victim with more is counted to here.
MOST_COUNTED = 200
MOST_PERPETRATORS = 3
MOST_CHILDREN = 4


# --- Incidents ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class EarlierIncident:
    """One incident as a line."""

    incident: Incident
    what: str
    is_crime: bool
    #: Blank where it may be another victim's home.
    place: str


def been_here(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """The victim's incidents, newest first; None for nobody's."""
    incidents = list(
        Incident.objects.filter(involvements__victim=victim)
        .select_related("address")
        .prefetch_related("crimes")
        .order_by("-received_at", "-pk")[: MOST_INCIDENTS + 1]
    )
    if not incidents:
        return None
    shared = of_one_side([row.pk for row in incidents], user)
    return {
        "rows": [_line(row, is_whole=row.pk not in shared) for row in incidents[:MOST_INCIDENTS]],
        "has_more": len(incidents) > MOST_INCIDENTS,
    }


def _line(incident: Incident, *, is_whole: bool) -> EarlierIncident:
    state = incident.get_state_display().lower()
    if not is_whole:
        return EarlierIncident(incident, state, is_crime=False, place="")
    place = str(incident.address or "address not known")
    crimes = [crime.get_category_display().lower() for crime in incident.crimes.all()]
    if crimes:
        return EarlierIncident(incident, ", ".join(crimes), is_crime=True, place=place)
    if incident.non_crime_reason:
        state = f"non-crime, {incident.non_crime_reason}"
    return EarlierIncident(incident, state, is_crime=False, place=place)


# --- The picture --------------------------------------------------------------------------------


@dataclass
class Connected:
    """Somebody who was in the victim's incidents."""

    person_id: int
    given_name: str
    name: str
    roles: set[str] = field(default_factory=set)
    incidents: set[int] = field(default_factory=set)
    age: int | None = None
    other_victims: int = 0

    @property
    def words(self) -> str:
        """For reading aloud: "Darren Pike, perpetrator, 5 incidents, 1 other victim"."""
        roles = " and ".join(str(role.label) for role in Role if role in self.roles)
        parts = [self.name, roles, counted(len(self.incidents), "incident")]
        if self.other_victims:
            parts.append(counted(self.other_victims, "other victim"))
        return ", ".join(parts)


@dataclass(frozen=True)
class Node:
    """A circle with its words."""

    x: int
    y: int
    radius: int
    kind: str
    words: tuple[str, ...]

    @property
    def lines(self) -> list[tuple[int, str]]:
        """Each line of words with its height: one stands in the middle, two around it."""
        top = self.y + 4 - 7 * (len(self.words) - 1)
        return [(top + 14 * position, words) for position, words in enumerate(self.words)]


@dataclass(frozen=True)
class Edge:
    """A line between two circles, with words at its middle."""

    start: Node
    end: Node
    words: str = ""

    @property
    def middle_x(self) -> int:
        return (self.start.x + self.end.x) // 2

    @property
    def middle_y(self) -> int:
        return (self.start.y + self.end.y) // 2 - 6


def connections(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """The picture of people and incidents, with the same in words; None without anybody else."""
    rows = list(
        Involvement.objects.filter(
            incident__in=list(
                Involvement.objects.filter(victim=victim)
                .order_by("-received_at")
                .values_list("incident", flat=True)[:MOST_COUNTED]
            )
        )
        .exclude(person=victim.person_id)
        .exclude(role=Role.CALLER)
        .select_related("person")
    )
    people = _people(_seen(rows, user), local(at).date())
    if not people:
        return None
    _count_other_victims(people, victim)
    edges, nodes, height = draw(victim, people)
    return {
        "nodes": nodes,
        "edges": edges,
        "height": height,
        "people": people,
        "label": "; ".join(person.words for person in people),
    }


def _seen(rows: Sequence[Involvement], user: User) -> list[Involvement]:
    """Of an incident with a victim hidden from the reader, only who is complained of."""
    shared = of_one_side({row.incident_id for row in rows}, user)
    return [row for row in rows if row.incident_id not in shared or row.role == Role.PERPETRATOR]


def _people(rows: Iterable[Involvement], today: date) -> list[Connected]:
    """Everybody once, those complained of first, then by number of incidents."""
    found: dict[int, Connected] = {}
    for row in rows:
        person = row.person
        one = found.setdefault(
            person.pk, Connected(person.pk, person.given_name or str(person), str(person))
        )
        one.roles.add(row.role)
        one.incidents.add(row.incident_id)
        one.age = age_of(person.date_of_birth, person.birth_year, today)
    return sorted(
        found.values(),
        key=lambda one: (Role.PERPETRATOR not in one.roles, -len(one.incidents), one.person_id),
    )


def _count_other_victims(people: Sequence[Connected], victim: Victim) -> None:
    """How many other victims each one complained of has; counted, never named."""
    ids = [one.person_id for one in people if Role.PERPETRATOR in one.roles]
    incidents = Involvement.objects.filter(person__in=ids, role=Role.PERPETRATOR)
    found = incidents.values_list(
        "person", "incident__involvements__victim", "incident__involvements__person"
    ).distinct()
    # Who accuses and is accused is not another victim of their own.
    pairs = {(one, other) for one, other, human in found if other and human != one}
    counts = Counter(one for one, other in pairs if other != victim.pk)
    for one in people:
        one.other_victims = counts[one.person_id]


def draw(victim: Victim, people: Sequence[Connected]) -> tuple[list[Edge], list[Node], int]:
    """Circles and lines on a sheet 420 wide: the victim left, those complained of to the right
    with their other victims, children below."""
    complained_of = [one for one in people if Role.PERPETRATOR in one.roles][:MOST_PERPETRATORS]
    children = [one for one in people if Role.CHILD in one.roles and one not in complained_of][
        :MOST_CHILDREN
    ]
    above = max(130, 80 * len(complained_of))
    centre = Node(90, above // 2, 34, "victim", (_short(victim.person.given_name or "Victim"),))
    nodes, edges = [centre], []
    for position, one in enumerate(complained_of):
        y = above * (2 * position + 1) // (2 * len(complained_of))
        node = Node(270, y, 32, "perpetrator", (_short(one.given_name),))
        nodes.append(node)
        edges.append(Edge(centre, node, counted(len(one.incidents), "incident")))
        if one.other_victims:
            alone = one.other_victims == 1
            words = ("another", "victim") if alone else (str(one.other_victims), "others")
            other = Node(382, y, 28, "other", words)
            nodes.append(other)
            edges.append(Edge(node, other))
    for position, one in enumerate(children):
        age = "" if one.age is None else f"{one.age}"
        said = tuple(filter(None, (_short(one.given_name), age)))
        node = Node(50 + 84 * position, above + 30, 26, "child", said)
        nodes.append(node)
        edges.append(Edge(centre, node))
    return edges, nodes, above + (64 if children else 0)


def counted(number: int, thing: str) -> str:
    """ "1 incident", "5 incidents"."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _short(name: str) -> str:
    return name if len(name) <= 9 else f"{name[:8]}…"


panels.register("main", 30, "incidents/_victim_incidents.html", been_here)
panels.register("aside", 30, "incidents/_victim_people.html", connections)
