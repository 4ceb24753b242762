"""Whom an agency may mean: one person by name and birth date, nobody, or a worker decides."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from referrals.models import AgencyReferral
from referrals.services.incoming.said import AgencySays
from victims import addresses, matching, names
from victims.models import Address, Person, PersonName

Identified = AgencyReferral.Identified
#: So strong a likeness is for a worker to judge: more than a shared number alone, and as much as a
#: family name, also by ear, with the same birth date, or a name and number with another birth date.
_ALIKE = matching.SAME_NUMBER + 1
#: Both names and the home, whatever the birth date: a slip of the keys, or father and son.
_NAME_AND_HOME = {"same name", "same address"}
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
    such people, or with somebody so alike that it may be they (another family name or a given name
    for short with the same birth date and number, a birth date that one of two mistyped, or that
    nobody asked for here), a worker decides. Two agencies that refer one unknown person at once
    wait here for one another.
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
        number=says.telephone,
        address_ids=_homes(says),
    )
    return any(one.strength >= _ALIKE or set(one.reasons) >= _NAME_AND_HOME for one in found)


def _homes(said: AgencySays | AgencyReferral) -> list[int]:
    if not (addresses.fold(said.address_line) and said.postcode):
        return []
    key = addresses.key(said.address_line, said.postcode)
    return list(Address.objects.filter(key=key).values_list("pk", flat=True))


def _wait_for_others(words: str) -> None:
    """Until the transaction ends, nobody else asks for the same name and birth date."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [words])
