"""People who are not on record yet: a whole call's worth is written at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import models, transaction

from accounts.models import Area, Team, User
from audit import services as audit
from audit.models import AuditEvent
from core.errors import InvalidInput
from core.references import Kind, Place, reserve
from core.writing import write_together
from victims import telephones
from victims.models import Address, Person, Residence, Telephone, Victim
from victims.services.people import SpokenName, check_birth, name_from, name_rows, one_line
from victims.services.victims import event_of_opening, victim_row


@dataclass(frozen=True)
class Newcomer:
    """Somebody to be recorded, with everything checked. Made by `newcomer`."""

    name: SpokenName
    date_of_birth: date | None
    birth_year: int | None
    sex: str
    number: str
    address: Address | None
    language: str
    #: Opens a victim's record at once.
    is_victim: bool


@dataclass(frozen=True)
class Responsible:
    """Who answers for the victims' records that are opened, and since which incident."""

    team: Team
    area: Area | None
    last_incident_at: datetime | None = None


def newcomer(
    *,
    given_name: str,
    family_name: str,
    at: datetime,
    date_of_birth: date | None = None,
    birth_year: int | None = None,
    sex: str = "unknown",
    number: str = "",
    address: Address | None = None,
    language: str = "",
    is_victim: bool = False,
) -> Newcomer:
    """Check what is known of somebody; nothing is written. `number` as typed.

    Raises InvalidInput at the field: a birth date in the future or before 1900, characters that
    cannot be typed, a number that is none, or nothing of a name or an age at all.
    """
    name = name_from(given_name, family_name)
    check_birth(date_of_birth, birth_year, at)
    if not (name.given or name.family or date_of_birth or birth_year):
        raise InvalidInput("Give something of a name, or an age.", field="family_name")
    if sex not in Person.Sex.values:
        raise InvalidInput("Choose one of the answers offered.", field="sex")
    return Newcomer(
        name=name,
        date_of_birth=date_of_birth,
        birth_year=None if date_of_birth else birth_year,
        sex=sex,
        number=telephones.e164(number),
        address=address,
        language=one_line(language, field="language", longest=60),
        is_victim=is_victim,
    )


def record_person(
    *,
    given_name: str,
    family_name: str,
    date_of_birth: date | None = None,
    birth_year: int | None = None,
    sex: str = "unknown",
    number: str = "",
    address: Address | None = None,
    language: str = "",
    actor: User,
    at: datetime,
) -> Person:
    """Record somebody who is not yet known (or whom nobody recognised), with what is known.

    Raises InvalidInput at the field, as `newcomer` does.
    """
    one = newcomer(
        given_name=given_name,
        family_name=family_name,
        date_of_birth=date_of_birth,
        birth_year=birth_year,
        sex=sex,
        number=number,
        address=address,
        language=language,
        at=at,
    )
    [(person, _)] = record_newcomers([one], responsible=None, actor=actor, at=at)
    return person


@dataclass(frozen=True)
class Newly:
    """People newly on record, each with the victim's record opened for them, and all their rows."""

    both: list[tuple[Person, Victim | None]]
    #: Not written yet, in an order in which they can be.
    rows: list[models.Model]


def places_for(newcomers: Sequence[Newcomer]) -> list[tuple[Kind, type[models.Model]]]:
    """What `newly` is to be given places for, in its order."""
    people: list[tuple[Kind, type[models.Model]]] = [(Kind.PERSON, Person) for _ in newcomers]
    return people + [(Kind.VICTIM, Victim) for one in newcomers if one.is_victim]


def record_newcomers(
    newcomers: Sequence[Newcomer], *, responsible: Responsible | None, actor: User, at: datetime
) -> list[tuple[Person, Victim | None]]:
    """Record people and open the victims' records among them: two queries, for ten as for one.

    Whoever is a victim needs `responsible`.
    """
    with transaction.atomic(savepoint=False):
        made = newly(
            newcomers,
            places=reserve(places_for(newcomers), at),
            responsible=responsible,
            actor=actor,
            at=at,
        )
        write_together(made.rows)
    return made.both


def newly(
    newcomers: Sequence[Newcomer],
    *,
    places: Sequence[Place],
    responsible: Responsible | None,
    actor: User,
    at: datetime,
) -> Newly:
    """As `record_newcomers`, for a caller that writes the rows together with its own.

    `places` are those of `places_for`. No row can be there already, since nobody else knows these
    people yet.
    """
    people = [_person(one, place, at) for one, place in zip(newcomers, places, strict=False)]
    opened: dict[int, Victim] = {}
    if responsible is not None:
        rows = _victims(newcomers, people, places[len(people) :], responsible, at)
        opened = {row.person_id: row for row in rows}
    both = [(person, opened.get(person.pk)) for person in people]
    identifiers = _identifiers(newcomers, people, at)
    said = _events(both, responsible, actor=actor, at=at)
    return Newly(both, [*people, *identifiers, *opened.values(), *said])


def _person(one: Newcomer, place: Place, at: datetime) -> Person:
    return Person(
        pk=place.pk,
        reference=place.reference,
        given_name=one.name.given,
        family_name=one.name.family,
        date_of_birth=one.date_of_birth,
        birth_year=one.birth_year,
        sex=one.sex,
        language=one.language,
        created_at=at,
    )


def _identifiers(
    newcomers: Sequence[Newcomer], people: Sequence[Person], at: datetime
) -> list[models.Model]:
    """Names, numbers and homes: what people are recognised by."""
    pairs = list(zip(newcomers, people, strict=True))
    names = [row for one, person in pairs for row in name_rows(person, one.name)]
    numbers = [
        Telephone(person=person, number=one.number, first_used_at=at, last_used_at=at)
        for one, person in pairs
        if one.number
    ]
    homes = [
        Residence(person=person, address=one.address, from_at=at)
        for one, person in pairs
        if one.address
    ]
    return [*names, *numbers, *homes]


def _victims(
    newcomers: Sequence[Newcomer],
    people: Sequence[Person],
    places: Sequence[Place],
    responsible: Responsible,
    at: datetime,
) -> list[Victim]:
    harmed = [person for one, person in zip(newcomers, people, strict=True) if one.is_victim]
    return [
        victim_row(
            person=person,
            pk=place.pk,
            reference=place.reference,
            area=responsible.area,
            team=responsible.team,
            last_incident_at=responsible.last_incident_at,
            at=at,
        )
        for person, place in zip(harmed, places, strict=True)
    ]


def _events(
    both: Sequence[tuple[Person, Victim | None]],
    responsible: Responsible | None,
    *,
    actor: User,
    at: datetime,
) -> list[AuditEvent]:
    events = []
    for person, victim in both:
        events.append(
            audit.event(
                actor=actor,
                at=at,
                verb="person.recorded",
                headline="Person recorded",
                subject=person.reference,
            )
        )
        if victim and responsible:
            events.append(event_of_opening(victim, responsible.team, actor=actor, at=at))
    return events
