"""Who is in an incident, by what they are to a first response: parties, children, the two at odds.

Read once and handed on: forms, rules and pages ask the same thing of the same people.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from incidents.models import Incident, Involvement
from victims.at_a_glance import age_on
from victims.models import Person

Role = Involvement.Role

#: Those whose account is wanted, most concerned first.
PARTIES = (Role.VICTIM, Role.PERPETRATOR, Role.WITNESS)


@dataclass(frozen=True)
class Party:
    """One person of the incident whose account is wanted, once, in whatever roles."""

    person: Person
    roles: tuple[str, ...]
    relationship: str

    @property
    def reference(self) -> str:
        return self.person.reference

    @property
    def name(self) -> str:
        return str(self.person)

    @property
    def roles_in_words(self) -> str:
        return " and ".join(self.roles)


@dataclass(frozen=True)
class Company:
    """The people of one incident."""

    parties: tuple[Party, ...]
    children: tuple[Involvement, ...]
    #: The two between whom a counter-allegation is made: the first-named victim and the first-named
    #: perpetrator, where both are named and no others are chosen.
    harmed: Involvement | None
    accused: Involvement | None
    #: Everybody who is named as victim, and as perpetrator, once each.
    victims: tuple[Involvement, ...] = ()
    perpetrators: tuple[Involvement, ...] = ()

    @property
    def pair(self) -> tuple[Involvement, Involvement] | None:
        """The two between whom a counter-allegation is made; none while one is not named."""
        if self.harmed is None or self.accused is None:
            return None
        return self.harmed, self.accused

    @property
    def has_choice(self) -> bool:
        """More than two people: then it must be said who accuses whom."""
        return len({row.person_id for row in (*self.victims, *self.perpetrators)}) > 2

    def between(self, by: str, against: str) -> "Company | None":
        """The same with the two who are chosen, by their references; blank for the first-named.

        None where one of them has no such role, or where they are one and the same person.
        """
        accused = _chosen(self.perpetrators, by, self.accused)
        harmed = _chosen(self.victims, against, self.harmed)
        if harmed is None or accused is None or harmed.person_id == accused.person_id:
            return None
        return replace(self, harmed=harmed, accused=accused)

    @property
    def names(self) -> dict[str, str]:
        """Reference to name, for words about anybody here."""
        known = {party.reference: party.name for party in self.parties}
        return known | {row.person.reference: str(row.person) for row in self.children}


def company_of(incident: Incident) -> Company:
    """The people of an incident, in the order of their being named. One query."""
    rows = list(incident.involvements.select_related("person").order_by("pk"))
    harmed = _first(rows, Role.VICTIM)
    # Roles that a counter-allegation added come later than those of the call, so the first stand.
    others = [row for row in rows if harmed is None or row.person_id != harmed.person_id]
    return Company(
        parties=tuple(_parties(rows)),
        children=tuple(row for row in rows if row.role == Role.CHILD),
        harmed=harmed,
        accused=_first(others, Role.PERPETRATOR),
        victims=_once_each(rows, Role.VICTIM),
        perpetrators=_once_each(rows, Role.PERPETRATOR),
    )


def _once_each(rows: Iterable[Involvement], role: str) -> tuple[Involvement, ...]:
    named: dict[int, Involvement] = {}
    for row in rows:
        if row.role == role:
            named.setdefault(row.person_id, row)
    return tuple(named.values())


def _chosen(
    rows: Iterable[Involvement], reference: str, first: Involvement | None
) -> Involvement | None:
    if not reference:
        return first
    return next((row for row in rows if row.person.reference == reference), None)


def _first(rows: Iterable[Involvement], role: str) -> Involvement | None:
    return next((row for row in rows if row.role == role), None)


def _parties(rows: list[Involvement]) -> Iterable[Party]:
    wanted = [row for role in PARTIES for row in rows if row.role == role]
    for person_id in dict.fromkeys(row.person_id for row in wanted):
        own = [row for row in wanted if row.person_id == person_id]
        relationship = next((row.relationship for row in own if row.relationship), "")
        yield Party(own[0].person, tuple(row.role for row in own), relationship)


def as_shown(person: Person, today: date) -> str:
    """A child by name and age: "Ella O'Neill, 6"; "about 6" where only the year is known."""
    age = age_on(today, person)
    if age is not None:
        return f"{person}, {age}"
    return f"{person}, about {today.year - person.birth_year}" if person.birth_year else str(person)
