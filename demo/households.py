"""People who recur: families, their homes, numbers, spellings, and their victim records."""

from datetime import date

from core.references import Kind
from demo import county, words
from demo.county import Place
from demo.tables import NULL, Table, instant, stamp
from demo.world import Crew, Worker, World
from victims.models import (
    Address,
    Marker,
    Person,
    PersonName,
    Residence,
    SafeContact,
    Telephone,
    Victim,
)

ADDRESS = Table(Address, "id", "line", "postcode", "uprn", "key", "building_key", "area_id")
PERSON = Table(
    Person, "id", "reference", "given_name", "family_name", "date_of_birth", "birth_year", "sex",
    "pronouns", "language", "communication_needs", "created_at", "version",
)  # fmt: skip
NAME = Table(
    PersonName, "id", "person_id", "given_name", "family_name", "given_key", "family_key",
    "date_of_birth", "is_current",
)  # fmt: skip
TELEPHONE = Table(Telephone, "id", "person_id", "number", "first_used_at", "last_used_at")
RESIDENCE = Table(Residence, "id", "person_id", "address_id", "from_at", "until_at")
VICTIM = Table(
    Victim, "id", "reference", "person_id", "area_id", "grade", "grade_since", "grade_reason",
    "contact_team_id", "contact_owner_id", "risk_team_id", "risk_owner_id", "plan_team_id",
    "plan_owner_id", "created_at", "last_incident_at", "last_contact_at", "last_assessed_at",
    "closed_at", "closed_reason", "version",
)  # fmt: skip
SAFE_CONTACT = Table(
    SafeContact, "id", "victim_id", "method", "number", "hours", "code_word",
    "may_leave_voicemail", "notes", "checked_at", "checked_by_id", "is_current", "version",
)  # fmt: skip
MARKER = Table(
    Marker, "id", "kind", "address_id", "person_id", "words", "set_by_id", "set_at", "until",
    "ended_at", "ended_by_id", "ended_reason",
)  # fmt: skip


class VictimRecord:
    """The victim's record as it stands at this moment of the year."""

    __slots__ = (
        "area",
        "assessed",
        "changes",
        "closed",
        "closed_because",
        "contact",
        "created",
        "grade",
        "id",
        "last",
        "reason",
        "reference",
        "responsible",
        "since",
        "team",
        "times",
    )

    def __init__(self, number: int, reference: str, team: int, at: int) -> None:
        self.id, self.reference, self.team, self.created = number, reference, team, at
        self.grade, self.since, self.reason = "", 0, ""
        self.responsible: Worker | None = None
        self.last = at
        #: When an assessment was last submitted; 0: never.
        self.assessed = 0
        #: When somebody of ours last reached them; 0: never.
        self.contact = 0
        #: When the case was closed, and why; 0 while it is open.
        self.closed = 0
        self.closed_because = ""
        self.changes = 1
        #: Where the incident that opened the record was; their last home counts before it.
        self.area: int | None = None
        #: When each incident of this victim was received.
        self.times: list[int] = []


class Someone:
    """A person; `id` is 0 until a call first names them."""

    __slots__ = (
        "born",
        "created",
        "family",
        "given",
        "homes",
        "id",
        "involved",
        "language",
        "phones",
        "reference",
        "sex",
        "spellings",
        "victim",
    )

    def __init__(self, given: str, family: str, sex: str, born: str) -> None:
        self.given, self.family, self.sex, self.born = given, family, sex, born
        self.id, self.reference, self.language, self.created = 0, "", "", 0
        self.spellings: list[tuple[str, str]] = [(given, family)]
        self.phones: dict[str, list[int]] = {}
        self.homes: list[list[int]] = []
        #: (received, incident id) of every incident as a party.
        self.involved: list[tuple[int, int]] = []
        self.victim: VictimRecord | None = None

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


class Household:
    """Two people, perhaps children, and where it happens."""

    __slots__ = (
        "address",
        "area",
        "children",
        "count",
        "emergency",
        "gravity",
        "perpetrator",
        "phone",
        "place",
        "relation",
        "victim",
    )

    def __init__(self, area: int, gravity: int, victim: Someone, perpetrator: Someone) -> None:
        self.area, self.gravity = area, gravity
        self.victim, self.perpetrator = victim, perpetrator
        self.children: list[Someone] = []
        self.relation = "ex-partner"
        self.address = 0
        self.place: Place | None = None
        self.phone = ""
        self.count = 0
        self.emergency = False


_RELATIONS = tuple(name for name, weight in words.RELATIONS for _ in range(weight))
_AREAS = tuple(number for number, weight in enumerate(county.AREA_WEIGHTS) for _ in range(weight))


class People:
    """Makes people and places, registers them when first named, writes them at the end."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = world.random
        self.everybody: list[Someone] = []
        self._addresses: dict[str, int] = {}
        self._area_of: dict[int, int] = {}
        self._to_address, self._address_id = world.lines.to(ADDRESS), world.ids(ADDRESS)
        self._person_id, self._victim_id = world.ids(PERSON), world.ids(VICTIM)
        self._recent: list[Someone] = []
        self._area_names = [name for name, _ in county.AREAS]
        self.addresses_known: dict[str, int] = {}
        self._today = instant(world.at).date().toordinal()

    # --- Inventing ---------------------------------------------------------------------------

    def invent(self, names: tuple[str, str] | None = None, sex: str = "") -> Someone:
        """An adult with a name of the county's mixture."""
        draw = self.random.random
        sex = sex or ("female" if draw() < 0.5 else "male")
        pool = county.GIRLS if sex == "female" else county.BOYS
        given, family = names or (
            pool[int(draw() * len(pool))],
            county.FAMILIES[int(draw() * len(county.FAMILIES))],
        )
        age = 17 + int(62 * draw() ** 1.7)
        return Someone(given, family, sex, self._birthday(age) if draw() < 0.93 else NULL)

    def household(self) -> Household:
        """A couple or a family; one in fourteen shares the perpetrator with an earlier one."""
        draw = self.random.random
        victim = self.invent(sex="female" if draw() < 0.8 else "male")
        if self._recent and draw() < 0.07:
            perpetrator = self._recent[int(draw() * len(self._recent))]
        else:
            perpetrator = self.invent(sex="male" if draw() < 0.84 else "female")
            self._recent.append(perpetrator)
            if len(self._recent) > 400:
                del self._recent[:200]
        level = draw()
        gravity = 0 if level < 0.80 else 1 if level < 0.95 else 2
        made = Household(_AREAS[int(draw() * len(_AREAS))], gravity, victim, perpetrator)
        made.relation = _RELATIONS[int(draw() * len(_RELATIONS))]
        if made.relation in {"son or daughter", "brother or sister", "mother or father"}:
            perpetrator.family = perpetrator.family if perpetrator.id else victim.family
            perpetrator.spellings[0] = (perpetrator.given, perpetrator.family)
        if draw() < 0.12:
            victim.language = words.LANGUAGES[int(draw() * len(words.LANGUAGES))]
        for _ in range(int(3.2 * draw() ** 2.2)):
            made.children.append(self.child(victim.family))
        return made

    def child(self, family: str, name: str = "", age: int | None = None) -> Someone:
        draw = self.random.random
        name = name or county.CHILDREN[int(draw() * len(county.CHILDREN))]
        years = 1 + int(draw() * 15) if age is None else age
        return Someone(name, family, "unknown", self._birthday(years))

    def _birthday(self, age: int) -> str:
        # Not by stamp(): that knows the days since 1970, and many were born before.
        days = int((age + self.random.random()) * 365.2425)
        return date.fromordinal(self._today - days).isoformat()

    # --- Registering -------------------------------------------------------------------------

    def known(self, person: Someone, at: int) -> None:
        """Give somebody a record when a call names them for the first time."""
        if not person.id:
            person.id, person.created = self._person_id(), at
            person.reference = self.world.reference(Kind.PERSON, at)
            self.everybody.append(person)

    def victim_of(self, person: Someone, crew: Crew, at: int) -> VictimRecord:
        if person.victim is None:
            reference = self.world.reference(Kind.VICTIM, at)
            person.victim = VictimRecord(self._victim_id(), reference, crew.id, at)
        return person.victim

    def address(self, place: Place, area: int) -> int:
        """The place's identifier; spellings of one place share it, as in real calls."""
        known = self._addresses.get(place.key) or self.addresses_known.get(place.key)
        if known is None:
            known = self._addresses[place.key] = self._address_id()
            self._area_of[known] = area
            self._to_address(
                f"{known}\t{place.line}\t{place.postcode}\t{place.uprn}\t{place.key}\t"
                f"{place.building_key}\t{self.world.cast.area_ids[area]}"
            )
        return known

    def settle(self, home: Household, at: int, place: Place | None = None) -> None:
        """The household lives somewhere (else) from now on."""
        home.place = place or county.somewhere(self.random, self._area_names[home.area])
        home.address = self.address(home.place, home.area)
        lodgers = [home.victim, *home.children]
        if home.relation in {"partner", "husband or wife", "son or daughter"}:
            lodgers.append(home.perpetrator)
        for person in lodgers:
            self.lives_at(person, home.address, at)

    def lives_at(self, person: Someone, address: int, at: int) -> None:
        homes = person.homes
        if homes and homes[-1][0] == address:
            return
        if homes:
            homes[-1][2] = at
        homes.append([address, at, 0])

    def uses(self, person: Someone, number: str, at: int) -> None:
        used = person.phones.get(number)
        if used is None:
            person.phones[number] = [at, at]
        else:
            used[1] = at

    def new_number(self) -> str:
        return county.number(self.random)

    # --- Writing -----------------------------------------------------------------------------

    def write(self) -> None:
        """Everybody who was named, as they stand at the end."""
        person, name = self.world.lines.to(PERSON), self.world.lines.to(NAME)
        name_id = self.world.ids(NAME)
        area_ids, area_of = self.world.cast.area_ids, self._area_of
        telephone, telephone_id = self.world.lines.to(TELEPHONE), self.world.ids(TELEPHONE)
        residence, residence_id = self.world.lines.to(RESIDENCE), self.world.ids(RESIDENCE)
        victim = self.world.lines.to(VICTIM)
        for number, each in enumerate(self.everybody):
            person(
                f"{each.id}\t{each.reference}\t{each.given}\t{each.family}\t{each.born}\t\\N\t"
                f"{each.sex}\t\t{each.language}\t\t{stamp(each.created)}\t1"
            )
            for given, family in each.spellings:
                for key in county.family_keys(family):
                    name(
                        f"{name_id()}\t{each.id}\t{given}\t{family}\t{county.given_key(given)}\t"
                        f"{key}\t{each.born}\tt"
                    )
            for used, (first, last) in each.phones.items():
                telephone(f"{telephone_id()}\t{each.id}\t{used}\t{stamp(first)}\t{stamp(last)}")
            for home, since, until in each.homes:
                end = stamp(until) if until else NULL
                residence(f"{residence_id()}\t{each.id}\t{home}\t{stamp(since)}\t{end}")
            if each.victim:
                area = area_of.get(each.homes[-1][0]) if each.homes else each.victim.area
                victim(self._victim_line(each, area_ids[area] if area is not None else NULL))
            if number % 4_000 == 3_999:
                self.world.lines.flush()

    def _victim_line(self, person: Someone, area: int | str) -> str:
        record = person.victim
        assert record is not None
        since = stamp(record.since) if record.grade else NULL
        who = record.responsible.id if record.responsible else NULL
        assessed = stamp(record.assessed) if record.assessed else NULL
        return (
            f"{record.id}\t{record.reference}\t{person.id}\t{area}\t{record.grade}\t{since}\t"
            f"{record.reason}\t{record.team}\t{who}\t{record.team}\t{who}\t{record.team}\t{who}\t"
            f"{stamp(record.created)}\t{stamp(record.last)}\t"
            f"{stamp(record.contact) if record.contact else NULL}\t{assessed}\t"
            f"{stamp(record.closed) if record.closed else NULL}\t{record.closed_because}\t"
            f"{record.changes}"
        )


class Warnings:
    """Safe contacts and markers, set on those who need them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._contact, self._contact_id = world.lines.to(SAFE_CONTACT), world.ids(SAFE_CONTACT)
        self._marker, self._marker_id = world.lines.to(MARKER), world.ids(MARKER)

    def safe_contact(
        self,
        person: Someone,
        by: Worker,
        at: int,
        *,
        method: str = "",
        hours: str = "",
        code_word: str = "",
    ) -> None:
        """How the victim can be reached, with the audit event that real ones leave."""
        random = self.world.random
        record = person.victim
        number = next(reversed(person.phones), "")
        if record is None:
            return
        method = method or random.choice(("text", "text", "call", "none"))
        method = method if number else "none"
        number = number if method in {"text", "call"} else ""
        hours = hours or (random.choice(words.SAFE_HOURS) if number else "")
        code_word = code_word or (random.choice(words.CODE_WORDS) if number else "")
        self._contact(
            f"{self._contact_id()}\t{record.id}\t{method}\t{number}\t{hours}\t{code_word}\tf\t\t"
            f"{stamp(at)}\t{by.id}\tt\t1"
        )
        self.world.audit(
            at,
            by,
            "victim.safe_contact_recorded",
            "Safe contact recorded",
            record.reference,
            record.id,
            NULL,
            f'{{"method":"{method}"}}',
        )

    def marker(
        self,
        kind: str,
        by: Worker,
        at: int,
        until: int,
        *,
        address: int | str = NULL,
        person: int | str = NULL,
        text: str = "",
    ) -> None:
        """A warning on an address or a person, in force to the end of the day of `until`."""
        self._marker(
            f"{self._marker_id()}\t{kind}\t{address}\t{person}\t{text or words.MARKERS[kind]}\t"
            f"{by.id}\t{stamp(at)}\t{stamp(until)[:10]}\t\\N\t\\N\t"
        )
