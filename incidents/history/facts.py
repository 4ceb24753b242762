"""What goes into a history look-up and what comes out of it. Plain values, no queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from incidents.grading import MOST_COUNTED, HistoryFacts, MarkerFact
from incidents.history.told import Told

PERSON, INCIDENT = "person", "incident"
#: A call has few false matches; what is sent beyond these is not read.
MOST_SET_ASIDE, LONGEST_MARK = 60, 40


@dataclass(frozen=True)
class NameClue:
    """A name as typed, with a birth date where one was said."""

    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None


@dataclass(frozen=True)
class Clues:
    """What a look-up goes by. `number` in E.164; the rest as typed; all of it may be blank."""

    number: str = ""
    address_line: str = ""
    postcode: str = ""
    uprn: str = ""
    names: tuple[NameClue, ...] = ()
    #: People that somebody has said are these very people.
    person_ids: tuple[int, ...] = ()
    #: Matches that are not meant: "person:P-2026-000001", "incident:DA-2026-000001".
    set_aside: frozenset[str] = frozenset()

    def references_set_aside(self, kind: str) -> list[str]:
        """The references of one kind, as they were sent."""
        return [reference for one, reference in marks(self.set_aside) if one == kind]


def marks(set_aside: Iterable[str]) -> list[tuple[str, str]]:
    """(kind, reference) of what was set aside, in order; what is neither kind is left out."""
    parted = (mark[:LONGEST_MARK].partition(":") for mark in sorted(set_aside))
    kept = [(kind, ref) for kind, _, ref in parted if kind in (PERSON, INCIDENT) and ref]
    return kept[:MOST_SET_ASIDE]


@dataclass(frozen=True)
class SetAside:
    """Something that somebody said is not meant. `words` are blank where nothing found it now."""

    kind: str
    reference: str
    words: str = ""

    @property
    def mark(self) -> str:
        return f"{self.kind}:{self.reference}"


@dataclass(frozen=True)
class Part:
    """Somebody's part in an earlier incident."""

    person_id: int
    role: str
    name: str
    reference: str
    victim_id: int | None
    date_of_birth: date | None
    birth_year: int | None
    #: Whether the look-up recognised this person by itself.
    is_known: bool


@dataclass(frozen=True)
class Match:
    """An earlier incident, what it was in words, and why it is shown."""

    incident_id: int
    reference: str
    received_at: datetime
    state: str
    #: How soon somebody had to be there, and the risk that was assessed after it ("" for none).
    grade: str
    risk: str
    address: str
    is_here: bool
    what: str
    parts: tuple[Part, ...]
    tags: tuple[str, ...]
    #: What was said then of orders and bail, in words.
    orders: tuple[str, ...]
    reasons: tuple[str, ...]
    strength: int

    @property
    def why(self) -> str:
        return " · ".join(self.reasons)

    def named(self, role: str) -> list[Part]:
        return [part for part in self.parts if part.role == role]


@dataclass(frozen=True)
class KnownPerson:
    """Somebody on record who may be one of those spoken of, and why."""

    person_id: int
    reference: str
    name: str
    date_of_birth: date | None
    birth_year: int | None
    sex: str
    victim_reference: str
    grade: str
    grade_since: datetime | None
    grade_reason: str
    lives_here: bool
    reasons: tuple[str, ...]
    strength: int
    #: Positions in `Clues.names` that this person's name meets.
    clues: tuple[int, ...]
    has_number: bool
    age: int | None = None
    #: Somebody said that this is the very person: nobody sets them aside for this call.
    is_chosen: bool = False
    #: Recognised surely enough that their history counts as the history of this call.
    is_sure: bool = False

    @property
    def why(self) -> str:
        return " · ".join(self.reasons)


@dataclass(frozen=True)
class Child:
    """A child known at the address or with these people."""

    person_id: int
    reference: str
    name: str
    date_of_birth: date | None
    birth_year: int | None
    age: int | None


@dataclass(frozen=True)
class Notice:
    """A marker in force: on the address, on the home of somebody recognised, or on a person."""

    kind: str
    label: str
    words: str
    on: str
    who: str
    set_by: str
    set_at: datetime
    until: date
    person_id: int | None = None

    @property
    def is_emergency(self) -> bool:
        return self.kind == "emergency"


@dataclass(frozen=True)
class Dangerous:
    """Who was complained of before, with what makes them dangerous in words."""

    person_id: int
    reference: str
    name: str
    tags: tuple[str, ...]
    #: Different victims within the force policy's years for serial perpetrators.
    victims: int
    last_at: datetime
    #: Labels of the markers in force on this person.
    markers: tuple[str, ...] = ()


@dataclass(frozen=True)
class SafeWay:
    """How a victim who is surely meant can be reached, and the word that proves who calls back."""

    person_id: int
    name: str
    victim_reference: str
    method: str
    number: str
    hours: str
    code_word: str
    may_leave_voicemail: bool
    checked_at: datetime


@dataclass(frozen=True)
class Home:
    """Where people who are surely meant live, while no address is given."""

    address: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Counts:
    """Incidents in the repeat period, each counted to MOST_COUNTED and no further.

    `in_year` are those of the number, the address and the people together, each once.
    """

    in_year: int = 0
    number: int = 0
    address: int = 0
    people: int = 0


@dataclass(frozen=True)
class History:
    """All that is known, strongest match first. What was set aside counts nowhere in it."""

    incidents: tuple[Match, ...] = ()
    people: tuple[KnownPerson, ...] = ()
    children: tuple[Child, ...] = ()
    markers: tuple[Notice, ...] = ()
    dangerous: tuple[Dangerous, ...] = ()
    counts: Counts = field(default_factory=Counts)
    last_grade: str = ""
    last_grade_since: datetime | None = None
    last_grade_of: str = ""
    last_grade_reason: str = ""
    #: Of orders and bail, of conference actions: what registers tell, and whether any is kept.
    orders: tuple[Told, ...] = ()
    orders_are_kept: bool = False
    conferences: tuple[Told, ...] = ()
    conferences_are_kept: bool = False
    safe_ways: tuple[SafeWay, ...] = ()
    homes: tuple[Home, ...] = ()
    #: Matches that may be the very event that is called about now: open, new and sure.
    open_incidents: tuple[Match, ...] = ()
    set_aside: tuple[SetAside, ...] = ()
    months: int = 12
    serial_years: int = 3
    #: The number belongs to so many people or calls that it says nothing of who is calling.
    number_is_shared: bool = False
    #: Whether a line of an address was given, and whether it is on record.
    has_address: bool = False
    address_is_known: bool = False
    #: Whether anything was given to go by.
    is_asked: bool = False

    @property
    def facts(self) -> HistoryFacts:
        """What grading goes by."""
        return HistoryFacts(
            earlier_in_year=self.counts.in_year,
            last_grade=self.last_grade,
            markers=frozenset(MarkerFact(marker.kind, marker.on) for marker in self.markers),
        )

    @property
    def residents(self) -> list[KnownPerson]:
        """Those on record as living at the address now."""
        return [one for one in self.people if one.lives_here]

    @property
    def newest(self) -> Match | None:
        return max(self.incidents, key=lambda shown: shown.received_at, default=None)

    @property
    def in_year_shown(self) -> str:
        return counted(self.counts.in_year)

    @property
    def number_shown(self) -> str:
        return counted(self.counts.number)

    @property
    def is_known(self) -> bool:
        return bool(self.incidents or self.people or self.markers)


def counted(number: int) -> str:
    """A capped count as shown: "4", or "100 or more"."""
    return f"{MOST_COUNTED} or more" if number >= MOST_COUNTED else str(number)


def name_of_caller(name: str) -> tuple[NameClue, ...]:
    """The caller's name, typed in one piece, as a clue; one word alone says too little."""
    given, _, family = " ".join(name.split())[:200].rpartition(" ")
    return (NameClue(given, family),) if given and family else ()
