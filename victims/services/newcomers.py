"""People who are not on record yet: a whole call's worth is written at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import Area, Team, User
from audit import services as audit
from core.errors import InvalidInput
from core.references import Kind, take_each
from victims import telephones
from victims.models import Address, Person, PersonName, Residence, Telephone, Victim
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


def references_for(newcomers: Sequence[Newcomer]) -> list[Kind]:
    """The references that `record_newcomers` takes, in its order."""
    victims = sum(one.is_victim for one in newcomers)
    return [Kind.PERSON] * len(newcomers) + [Kind.VICTIM] * victims


def record_newcomers(
    newcomers: Sequence[Newcomer],
    *,
    responsible: Responsible | None,
    actor: User,
    at: datetime,
    references: Sequence[str] | None = None,
) -> list[tuple[Person, Victim | None]]:
    """Record people and open the victims' records among them: as many queries for ten as for one.

    `references` are those of `references_for`, where the caller has taken them with its own. No row
    can be there already, since nobody else knows these people yet. Whoever is a victim needs
    `responsible`.
    """
    if not newcomers:
        return []
    with transaction.atomic(savepoint=False):
        taken = list(references or take_each(references_for(newcomers), at))
        people = Person.objects.bulk_create(
            _person(one, reference, at) for one, reference in zip(newcomers, taken, strict=False)
        )
        _write_identifiers(newcomers, people, at)
        opened: dict[int, Victim] = {}
        if responsible is not None:
            rows = _victims(newcomers, people, taken[len(people) :], responsible, at)
            opened = {row.person_id: row for row in Victim.objects.bulk_create(rows)}
        both = [(person, opened.get(person.pk)) for person in people]
        _record(both, responsible, actor=actor, at=at)
    return both


def _person(one: Newcomer, reference: str, at: datetime) -> Person:
    return Person(
        reference=reference,
        given_name=one.name.given,
        family_name=one.name.family,
        date_of_birth=one.date_of_birth,
        birth_year=one.birth_year,
        sex=one.sex,
        language=one.language,
        created_at=at,
    )


def _write_identifiers(
    newcomers: Sequence[Newcomer], people: Sequence[Person], at: datetime
) -> None:
    pairs = list(zip(newcomers, people, strict=True))
    PersonName.objects.bulk_create(
        row for one, person in pairs for row in name_rows(person, one.name)
    )
    Telephone.objects.bulk_create(
        Telephone(person=person, number=one.number, first_used_at=at, last_used_at=at)
        for one, person in pairs
        if one.number
    )
    Residence.objects.bulk_create(
        Residence(person=person, address=one.address, from_at=at)
        for one, person in pairs
        if one.address
    )


def _victims(
    newcomers: Sequence[Newcomer],
    people: Sequence[Person],
    references: Sequence[str],
    responsible: Responsible,
    at: datetime,
) -> list[Victim]:
    harmed = [person for one, person in zip(newcomers, people, strict=True) if one.is_victim]
    return [
        victim_row(
            person=person,
            reference=reference,
            area=responsible.area,
            team=responsible.team,
            last_incident_at=responsible.last_incident_at,
            at=at,
        )
        for person, reference in zip(harmed, references, strict=True)
    ]


def _record(
    both: Sequence[tuple[Person, Victim | None]],
    responsible: Responsible | None,
    *,
    actor: User,
    at: datetime,
) -> None:
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
    audit.record_many(events)
