"""The people of a call: who is on record already, who is new, and in what role each was there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import models

from accounts.models import User
from core.errors import InvalidInput
from core.references import Kind, Place, reserve
from core.text import clean
from core.writing import write_together
from incidents.models import Incident, Involvement
from victims.models import Address, Person, Victim
from victims.services import (
    Newcomer,
    Responsible,
    newcomer,
    newly,
    note_identifiers,
    places_for,
    victim_for,
)

OLDEST = 120
LONGEST_NAME = 100


@dataclass(frozen=True)
class PersonInCall:
    """Somebody in a call. `person_id` is set where the handler said who it is; else it is new.

    The same person may stand in two roles: counter-allegations happen. `age` in whole years is for
    who has no birth date. `lives_here` notes the call's address as theirs.
    """

    role: str
    person_id: int | None = None
    given_name: str = ""
    family_name: str = ""
    date_of_birth: date | None = None
    age: int | None = None
    sex: str = Person.Sex.UNKNOWN
    number: str = ""
    relationship: str = ""
    recognised_by: str = ""
    lives_here: bool = False

    @property
    def is_empty(self) -> bool:
        """A row of the form that nobody filled in."""
        named = self.person_id or self.given_name.strip() or self.family_name.strip()
        described = self.age is not None or self.sex != Person.Sex.UNKNOWN
        return not (named or self.date_of_birth or described or self.relationship.strip())


@dataclass(frozen=True)
class Part:
    """One person's part in the incident, with the victim record where they were harmed."""

    given: PersonInCall
    person: Person
    victim: Victim | None
    #: Recorded with this very call.
    is_new: bool = False


@dataclass(frozen=True)
class Cast:
    """Everybody in one incident."""

    parts: tuple[Part, ...]

    @property
    def victim_ids(self) -> tuple[int, ...]:
        return tuple(part.victim.pk for part in self.parts if part.victim)

    @property
    def known_victim_ids(self) -> list[int]:
        """Victims whose record may be older than this call."""
        return [part.victim.pk for part in self.parts if part.victim and not part.is_new]

    @property
    def parties(self) -> tuple[int, ...]:
        """Victims and perpetrators on record: those whose earlier incidents make a repeat."""
        roles = {Involvement.Role.VICTIM, Involvement.Role.PERPETRATOR}
        return tuple(
            {part.person.pk for part in self.parts if part.given.role in roles and not part.is_new}
        )

    @property
    def headlines(self) -> list[str]:
        return [f"{part.given.role}: {part.person.reference}" for part in self.parts]

    def involvements(self, incident: Incident) -> list[Involvement]:
        return [
            Involvement(
                incident=incident,
                person=part.person,
                role=part.given.role,
                victim=part.victim,
                received_at=incident.received_at,
                relationship=part.given.relationship.strip(),
                recognised_by=part.given.recognised_by.strip(),
            )
            for part in self.parts
        ]


@dataclass(frozen=True)
class Company:
    """Everybody of a call, checked: those on record, and those to be recorded."""

    given: tuple[PersonInCall, ...]
    #: By row: the person on record with what is new about them, or who is to be recorded.
    rows: tuple[Person | Newcomer, ...]

    @property
    def newcomers(self) -> list[Newcomer]:
        return [one for one in self.rows if isinstance(one, Newcomer)]

    @property
    def places(self) -> list[tuple[Kind, type[models.Model]]]:
        """What `cast_of` is to be given places for, in its order."""
        return places_for(self.newcomers)


def recognise(
    people: tuple[PersonInCall, ...],
    *,
    caller_is: str,
    caller_number: str,
    address: Address | None,
    actor: User,
    at: datetime,
) -> Company:
    """Find each person on record and note what is new about them; check those who are not.

    Raises InvalidInput at `people.<row>.<field>`. To be called inside a transaction.
    """
    _check_rows(people)
    caller = row_of_caller(people, caller_is)
    rows: list[Person | Newcomer] = []
    for row, given in enumerate(people):
        number = given.number or (caller_number if row == caller else "")
        home = address if given.lives_here else None
        find: Callable[..., Person | Newcomer] = (
            _newcomer
            if given.person_id is None
            else partial(_on_record, person_id=given.person_id, actor=actor)
        )
        try:
            rows.append(find(given, number=number, address=home, at=at))
        except InvalidInput as error:
            error.field = f"people.{row}.{error.field or 'family_name'}"
            raise
    _check_no_doubles(people, rows)
    return Company(people, tuple(rows))


def recorded(company: Company, *, responsible: Responsible, actor: User, at: datetime) -> Cast:
    """Record those who are new, and give every victim their record."""
    cast, rows = cast_of(
        company,
        places=reserve(company.places, at),
        responsible=responsible,
        actor=actor,
        at=at,
    )
    write_together(rows)
    return cast


def cast_of(
    company: Company,
    *,
    places: Sequence[Place],
    responsible: Responsible,
    actor: User,
    at: datetime,
) -> tuple[Cast, list[models.Model]]:
    """Everybody in their parts, and the rows of those who are new, for the caller to write.

    Victims who are on record already get their record at once.
    """
    made = newly(company.newcomers, places=places, responsible=responsible, actor=actor, at=at)
    new = iter(made.both)
    parts = []
    for given, one in zip(company.given, company.rows, strict=True):
        if isinstance(one, Newcomer):
            person, victim = next(new)
        else:
            person, victim = one, None
            if given.role == Involvement.Role.VICTIM:
                victim = victim_for(
                    person=person, area=responsible.area, team=responsible.team, at=at, actor=actor
                )
        parts.append(Part(given, person, victim, is_new=isinstance(one, Newcomer)))
    return Cast(tuple(parts)), made.rows


def _newcomer(
    given: PersonInCall, *, number: str, address: Address | None, at: datetime
) -> Newcomer:
    return newcomer(
        given_name=given.given_name,
        family_name=given.family_name,
        date_of_birth=given.date_of_birth,
        birth_year=at.year - given.age if given.age is not None else None,
        sex=given.sex,
        number=number,
        address=address,
        at=at,
        is_victim=given.role == Involvement.Role.VICTIM,
    )


def _on_record(
    given: PersonInCall,
    *,
    person_id: int,
    number: str,
    address: Address | None,
    at: datetime,
    actor: User,
) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise InvalidInput("There is no such person on record.", field="person")
    note_identifiers(
        person=person,
        given_name=given.given_name,
        family_name=given.family_name,
        number=number,
        address=address,
        actor=actor,
        at=at,
    )
    return person


def row_of_caller(people: tuple[PersonInCall, ...], caller_is: str) -> int | None:
    """The one row that the caller's number belongs to, where there is exactly one such row."""
    role = {
        Incident.CallerIs.VICTIM: Involvement.Role.VICTIM,
        Incident.CallerIs.PERPETRATOR: Involvement.Role.PERPETRATOR,
        Incident.CallerIs.CHILD: Involvement.Role.CHILD,
    }.get(Incident.CallerIs(caller_is), Involvement.Role.CALLER)
    rows = [row for row, given in enumerate(people) if given.role == role]
    return rows[0] if len(rows) == 1 else None


def _check_rows(people: tuple[PersonInCall, ...]) -> None:
    for row, given in enumerate(people):
        if given.role not in Involvement.Role.values:
            raise InvalidInput(
                f"Choose one of: {', '.join(Involvement.Role.values)}.", field=f"people.{row}.role"
            )
        if given.sex not in Person.Sex.values:
            raise InvalidInput(
                f"Choose one of: {', '.join(Person.Sex.values)}.", field=f"people.{row}.sex"
            )
        if given.age is not None and not 0 <= given.age <= OLDEST:
            raise InvalidInput(f"Give an age from 0 to {OLDEST}.", field=f"people.{row}.age")
        clean(given.relationship, field=f"people.{row}.relationship", longest=60)
        clean(given.recognised_by, field=f"people.{row}.recognised_by", longest=200)


def _check_no_doubles(people: Sequence[PersonInCall], rows: Sequence[Person | Newcomer]) -> None:
    """Somebody on record may stand in two roles, not twice in one; a newcomer is one row."""
    seen: set[tuple[int, str]] = set()
    for row, (given, one) in enumerate(zip(people, rows, strict=True)):
        if isinstance(one, Newcomer):
            continue
        key = (one.pk, given.role)
        if key in seen:
            raise InvalidInput(
                f"{one} stands here twice as {given.role}.", field=f"people.{row}.person"
            )
        seen.add(key)
