"""Whom an agency may mean: one person by name and birth date, nobody, or a worker decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from referrals.models import AgencyReferral
from referrals.services.incoming.said import AgencySays
from victims import addresses, matching, names
from victims.models import Address, Person, PersonName

Identified = AgencyReferral.Identified
#: With the same birth date: as strong as the names the wrong way round, or one of two surnames.
_ALIKE = matching.SAME_BIRTH_DATE + matching.NAMES_SWAPPED
_SAME_BIRTH_DATE = "same birth date"
#: People offered to whoever decides.
MOST_OFFERED = 10


@dataclass(frozen=True)
class Meant:
    """How clear it is, and the one person where it is."""

    identified: Identified
    person: Person | None = None


def meant(says: AgencySays) -> Meant:
    """Somebody is recognised only as the one person of that name and that birth date.

    Names meet by their keys, so that a spelling by ear is found. Without a birth date, with several
    such people, or with somebody of that birth date whose names stand the other way round, a worker
    decides. Two agencies that refer one unknown person at once wait here for one another.
    """
    given, family = names.given_key(says.given_name), names.family_key(says.family_name)
    if says.date_of_birth is None or not (given and family):
        return Meant(Identified.SEVERAL)
    _wait_for_others(f"{says.date_of_birth} {family} {given}")
    rows = PersonName.objects.filter(
        date_of_birth=says.date_of_birth, family_key=family, given_key=given
    )
    people = list(Person.objects.filter(pk__in=rows.values("person"))[:2])
    if len(people) == 1:
        return Meant(Identified.MATCHED, people[0])
    if people or _others_alike(says):
        return Meant(Identified.SEVERAL)
    return Meant(Identified.NEW)


def offered(incoming: AgencyReferral) -> Sequence[matching.Candidate]:
    """People on record who are like whom the agency named, strongest first, with why.

    Without the provisional record, which is like itself.
    """
    found = matching.candidates(
        given_name=incoming.given_name,
        family_name=incoming.family_name,
        date_of_birth=incoming.date_of_birth,
        number=incoming.telephone,
        address_ids=_homes(incoming),
        limit=MOST_OFFERED + 1,
    )
    own = incoming.victim.person_id
    return [one for one in found if one.person_id != own][:MOST_OFFERED]


def _others_alike(says: AgencySays) -> bool:
    found = matching.candidates(
        given_name=says.given_name,
        family_name=says.family_name,
        date_of_birth=says.date_of_birth,
    )
    return any(one.strength >= _ALIKE and _SAME_BIRTH_DATE in one.reasons for one in found)


def _homes(incoming: AgencyReferral) -> list[int]:
    if not (addresses.fold(incoming.address_line) and incoming.postcode):
        return []
    key = addresses.key(incoming.address_line, incoming.postcode)
    return list(Address.objects.filter(key=key).values_list("pk", flat=True))


def _wait_for_others(words: str) -> None:
    """Until the transaction ends, nobody else asks for the same name and birth date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])
