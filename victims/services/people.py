"""People as they are told of: recorded once, recognised later, never merged."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from accounts.models import Area, User
from audit import services as audit
from core.clock import local
from core.errors import InvalidInput
from core.prepared import Statement
from core.text import clean
from victims import addresses, names, postcodes, telephones
from victims.models import Address, Person, PersonName, Residence, Telephone, Victim

LONGEST_NAME = 100
LONGEST_LINE = 200
EARLIEST_BIRTH = date(1900, 1, 1)


_COLUMNS = ("id", "line", "postcode", "uprn", "key", "building_key", "area_id")
#: The address of a spelling, made where there is none. Whoever makes the same one at once waits for
#: the first, and then gets no row.
_ADDRESS = Statement(
    "victims_address_for",
    """
    WITH known AS (
        SELECT id, line, postcode, uprn, key, building_key, area_id
        FROM victims_address WHERE key = %(key)s
    ), made AS (
        INSERT INTO victims_address (line, postcode, uprn, key, building_key, area_id)
        SELECT %(line)s, %(postcode)s, %(uprn)s, %(key)s, %(building_key)s, %(area_id)s
        WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT (key) DO NOTHING
        RETURNING id, line, postcode, uprn, key, building_key, area_id
    )
    SELECT * FROM known UNION ALL SELECT * FROM made
    """,
    {
        "line": "text",
        "postcode": "text",
        "uprn": "text",
        "key": "text",
        "building_key": "text",
        "area_id": "bigint",
    },
)


def address_for(*, line: str, postcode: str, uprn: str = "", area: Area | None = None) -> Address:
    """The address of that spelling, made on first use; two callers at once get one row.

    An address known by the same UPRN is the same address, however it was spelt. Raises
    InvalidInput at "line", "postcode" or "uprn".
    """
    line = one_line(line, field="line", longest=LONGEST_LINE)
    postcode = postcodes.normalise(postcode)
    uprn = _uprn(uprn)
    if not addresses.fold(line):
        raise InvalidInput("Give the number or name of the house and the street.", field="line")
    if uprn and (known := Address.objects.filter(uprn=uprn).order_by("pk").first()):
        return known
    spelt = {
        "line": line,
        "postcode": postcode,
        "uprn": uprn,
        "key": addresses.key(line, postcode),
        "building_key": addresses.building_key(line, postcode),
        "area_id": area.pk if area else None,
    }
    found = _ADDRESS.rows(spelt)
    if found:
        address = Address.from_db(connection.alias, _COLUMNS, found[0])
    else:
        # Somebody else made it at this moment: theirs is committed now.
        address = Address.objects.get(key=spelt["key"])
    return _completed(address, uprn, area)


def _completed(address: Address, uprn: str, area: Area | None) -> Address:
    """Fill in what was not known of an address before; what was known stays."""
    found: dict[str, Any] = {}
    if uprn and not address.uprn:
        found["uprn"] = uprn
    if area is not None and address.area_id is None:
        found["area"] = area
    for name, value in found.items():
        setattr(address, name, value)
    if found:
        address.save(update_fields=list(found))
    return address


def _uprn(raw: str) -> str:
    uprn = clean(raw, field="uprn", longest=20)
    if uprn and not re.fullmatch(r"[0-9]{1,12}", uprn):
        raise InvalidInput("A UPRN is a number of at most 12 figures.", field="uprn")
    return uprn.lstrip("0")


@dataclass(frozen=True)
class SpokenName:
    """A name on one line, checked, and what it is compared by."""

    given: str
    family: str

    @property
    def folded(self) -> tuple[str, str]:
        return names.fold(self.given), names.fold(self.family)


@transaction.atomic
def note_identifiers(
    *,
    person: Person,
    given_name: str = "",
    family_name: str = "",
    number: str = "",
    address: Address | None = None,
    actor: User,
    at: datetime,
) -> None:
    """Add what is new to somebody who was recognised: a spelling, a number, where they live now.

    Nothing is taken away: earlier names and numbers stay, an earlier home becomes a former one.
    Raises InvalidInput at the field, as `newcomer` does.
    """
    name = name_from(given_name, family_name)
    number = telephones.e164(number)
    # Two calls about one person wait for each other here; rows that point to the person do not.
    person = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
    found = []
    if (name.given or name.family) and _is_new_name(person, name):
        _add_name(person, name)
        found.append("name")
    if number and _use_number(person, number, at):
        found.append("number")
    if address is not None and _move_to(person, address, at):
        found.append("address")
    if found:
        audit.record(
            actor=actor,
            at=at,
            verb="person.identifiers_noted",
            headline=f"New {' and '.join(found)} noted",
            subject=person.reference,
            victim_id=Victim.objects.filter(person=person).values_list("pk", flat=True).first(),
            detail={
                "name": f"{name.given} {name.family}".strip(),
                "number": number,
                "address": str(address or ""),
            },
        )


def one_line(text: str, *, field: str, longest: int) -> str:
    """A typed text on one line with single spaces; refused as core.text.clean refuses."""
    return " ".join(clean(text, field=field, longest=longest).split())


def name_from(given_name: str, family_name: str) -> SpokenName:
    """A name as typed, tidied. Raises InvalidInput at the part that is no name."""
    given = one_line(given_name, field="given_name", longest=LONGEST_NAME)
    family = one_line(family_name, field="family_name", longest=LONGEST_NAME)
    for field, part in (("given_name", given), ("family_name", family)):
        if part and not names.fold(part):
            raise InvalidInput("A name has letters in it.", field=field)
    return SpokenName(given, family)


def check_birth(date_of_birth: date | None, birth_year: int | None, at: datetime) -> None:
    """Raise InvalidInput for a birth in the future or before 1900."""
    today = local(at).date()
    if date_of_birth and date_of_birth > today:
        raise InvalidInput("The birth date is in the future.", field="date_of_birth")
    if date_of_birth and date_of_birth < EARLIEST_BIRTH:
        raise InvalidInput("The birth date is before 1900.", field="date_of_birth")
    if birth_year is not None and not EARLIEST_BIRTH.year <= birth_year <= today.year:
        raise InvalidInput(f"Give a year from 1900 to {today.year}.", field="birth_year")


def _is_new_name(person: Person, name: SpokenName) -> bool:
    """Whether this spelling is not on record; a part that was not given says nothing."""
    for known in person.names.all():
        recorded = SpokenName(known.given_name, known.family_name)
        if all(
            not said or said == kept
            for said, kept in zip(name.folded, recorded.folded, strict=True)
        ):
            return False
    return True


def _add_name(person: Person, name: SpokenName) -> None:
    PersonName.objects.bulk_create(name_rows(person, name))


def name_rows(person: Person, name: SpokenName) -> list[PersonName]:
    """The rows of a name, not stored yet; none where there is nothing to look for.

    One row for each key that the family name is found by: a name of two surnames has three.
    """
    if not (name.given or name.family or person.date_of_birth):
        return []
    return [
        PersonName(
            person=person,
            given_name=name.given,
            family_name=name.family,
            given_key=names.given_key(name.given),
            family_key=family_key,
            date_of_birth=person.date_of_birth,
        )
        for family_key in names.family_keys(name.family) or ("",)
    ]


def _use_number(person: Person, number: str, at: datetime) -> bool:
    """Note that the person uses a number; whether that is new."""
    telephone, is_new = Telephone.objects.get_or_create(
        person=person, number=number, defaults={"first_used_at": at, "last_used_at": at}
    )
    if not is_new and telephone.last_used_at < at:
        telephone.last_used_at = at
        telephone.save(update_fields=["last_used_at"])
    return is_new


def _move_to(person: Person, address: Address, at: datetime) -> bool:
    """Note that the person lives at an address now; whether that is new. The caller holds the lock.

    What is told late (`at` before the present home began) is kept as a former home.
    """
    current = list(person.residences.filter(until_at__isnull=True))
    if any(home.address_id == address.pk for home in current):
        return False
    later = [home.from_at for home in current if home.from_at > at]
    if not later:
        for home in current:
            home.until_at = at
            home.save(update_fields=["until_at"])
    Residence.objects.create(
        person=person, address=address, from_at=at, until_at=min(later) if later else None
    )
    return True
