"""Which records of people are probably one human being: told together, never merged.

Two records are alike when their names meet (one spelling sounds like the other, or given and family
name change places) and either the birth date is the same or a telephone number is. Birth dates that
differ, ages that cannot be one person's and different sexes keep records apart, so that father and
son of one name, and twins, are two people. Without a birth date on both a number shared is needed,
since a name alone is not enough; then father and son of one name and one telephone may be taken for
one, and whoever knows better says so (`NotTheSame`), which counts at once, both ways round.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from victims import names
from victims.models import Person

#: How alike two spellings are at least, in per cent, once they sound the same: Darren and Daren,
#: not Jean and Joan; Smith and Smyth, O'Brien and OBrien.
GIVEN_ALIKE = 87
FAMILY_ALIKE = 80
#: An age that somebody guessed may be out by so many years.
YEARS_OUT = 1
#: A number that more people than this have used says nothing about who somebody is.
MOST_OF_ONE_NUMBER = 20

#: By birth date and sound; by a number that both used. One short scan of an index for each name:
#: OFFSET 0 keeps it so, where a join would read every name on record.
_MEETING = """
WITH said AS (
    SELECT * FROM unnest(%(people)s::bigint[], %(born)s::date[], %(family)s::text[],
                         %(given)s::text[]) AS s (person_id, born, family, given)
), met AS (
    SELECT s.person_id, n.person_id AS other_id, false AS by_number
      FROM said s CROSS JOIN LATERAL (
           SELECT person_id FROM victims_personname
            WHERE date_of_birth = s.born AND family_key = s.family AND given_key = s.given
           OFFSET 0) n
     WHERE n.person_id <> s.person_id
    UNION
    SELECT t.person_id, o.person_id, true
      FROM victims_telephone t
     CROSS JOIN LATERAL (
           SELECT person_id FROM victims_telephone WHERE number = t.number
            ORDER BY number, person_id LIMIT %(most)s + 1) o
     WHERE t.person_id = ANY(%(asked)s) AND o.person_id <> t.person_id
       AND (SELECT count(*) FROM (SELECT FROM victims_telephone WHERE number = t.number
                                   LIMIT %(most)s + 1) users) <= %(most)s
)
SELECT m.person_id, m.other_id, bool_or(m.by_number)
  FROM met m
 WHERE NOT EXISTS (
       SELECT FROM perpetrators_notthesame a
        WHERE a.one_id = least(m.person_id, m.other_id)
          AND a.other_id = greatest(m.person_id, m.other_id) AND a.taken_back_at IS NULL)
 GROUP BY m.person_id, m.other_id
"""


@dataclass(frozen=True, slots=True)
class Called:
    """A name that somebody goes by."""

    given: str
    family: str


@dataclass(frozen=True, slots=True)
class Record:
    """What a record says of who somebody is."""

    person_id: int
    reference: str
    born: date | None
    birth_year: int | None
    sex: str
    called: tuple[Called, ...]


#: Person -> the other records that are probably theirs, each with why.
Alike = dict[int, dict[int, str]]


def alike_to(person_ids: Collection[int]) -> Alike:
    """For each person the other records that are probably the same human being, with why in words.

    At most three queries, whatever is asked. What somebody set apart is left out. Likeness is
    between two records and goes both ways; it is not handed on from one to the next.
    """
    asked = set(person_ids)
    found: Alike = {pk: {} for pk in asked}
    known = records_of(asked)
    met = _meeting(asked, known.values())
    known |= records_of({other for _, other, _ in met} - asked)
    for person_id, other_id, by_number in met:
        why = likeness(known[person_id], known[other_id], by_number=by_number)
        if why:
            found[person_id][other_id] = why
    return found


def records_of(person_ids: Collection[int]) -> dict[int, Record]:
    """What is on record of these people; one query. Nobody's name need be known."""
    if not person_ids:
        return {}
    called: dict[int, dict[Called, None]] = defaultdict(dict)
    said: dict[int, tuple[str, date | None, int | None, str]] = {}
    rows = Person.objects.filter(pk__in=person_ids).values_list(
        "pk",
        "reference",
        "date_of_birth",
        "birth_year",
        "sex",
        "names__given_name",
        "names__family_name",
    )
    for pk, reference, born, birth_year, sex, given, family in rows.order_by("pk", "names__pk"):
        said[pk] = (reference, born, birth_year, sex)
        if given or family:
            called[pk][Called(given or "", family or "")] = None
    return {pk: Record(pk, *known, called=tuple(called[pk])) for pk, known in said.items()}


def likeness(one: Record, other: Record, *, by_number: bool) -> str:
    """Why two records are probably one human being, in words; "" where they are not.

    The same whichever is named first, but for whose spelling comes first in the words.
    """
    if _differ(one, other):
        return ""
    same_birth = one.born is not None and one.born == other.born
    if not (same_birth or by_number):
        return ""
    said = next(
        (words for a in one.called for b in other.called if (words := _same_name(a, b))), ""
    )
    if not said:
        return ""
    grounds = [said, "same birth date" * same_birth, "same telephone number" * by_number]
    return ", ".join(filter(None, grounds))


def _differ(one: Record, other: Record) -> bool:
    """Whether something on record says that they are two people."""
    if one.born and other.born and one.born != other.born:
        return True
    years = [row.born.year if row.born else row.birth_year for row in (one, other)]
    if years[0] and years[1] and abs(years[0] - years[1]) > YEARS_OUT:
        return True
    return {one.sex, other.sex} == {Person.Sex.FEMALE.value, Person.Sex.MALE.value}


def _same_name(one: Called, other: Called) -> str:
    """In words how two names meet; "" where they do not."""
    if not (one.given and one.family and other.given and other.family):
        return ""
    if _given_meet(one.given, other.given) and _family_meet(one.family, other.family):
        folded = [names.fold(f"{name.given} {name.family}") for name in (one, other)]
        if folded[0] == folded[1]:
            return "same name"
        return f"{one.given} {one.family} sounds like {other.given} {other.family}"
    if _swapped(one, other) and _swapped(other, one):
        return "names swapped"
    return ""


def _swapped(one: Called, other: Called) -> bool:
    """Asked both ways round, since given names are heard otherwise than family names: what is found
    from one record is then also found from the other."""
    return _given_meet(one.given, other.family) and _family_meet(one.family, other.given)


def _given_meet(one: str, other: str) -> bool:
    """The first of several given names is enough: middle names are seldom said."""
    alike = max(
        names.compare(one, other), names.compare(names.first_of(one), names.first_of(other))
    )
    return names.given_key(one) == names.given_key(other) and alike >= GIVEN_ALIKE


def _family_meet(one: str, other: str) -> bool:
    """One surname of several is enough: Smith and Smith-Jones."""
    return any(
        names.family_key(a) == names.family_key(b) and names.compare(a, b) >= FAMILY_ALIKE
        for a in (one, *names.halves(one))
        for b in (other, *names.halves(other))
    )


def _meeting(asked: Collection[int], known: Iterable[Record]) -> list[tuple[int, int, bool]]:
    """Pairs that may be one: (person, other, whether they share a number)."""
    if not asked:
        return []
    keys = [(record, *key) for record in known if record.born for key in _keys(record)]
    values: dict[str, Any] = {
        "asked": sorted(asked),
        "people": [record.person_id for record, _, _ in keys],
        "born": [record.born for record, _, _ in keys],
        "family": [family for _, family, _ in keys],
        "given": [given for _, _, given in keys],
        "most": MOST_OF_ONE_NUMBER,
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEETING, values)
        return sorted(cursor.fetchall())


def _keys(record: Record) -> set[tuple[str, str]]:
    """The (family, given) keys to look for: as the names stand, and with the two swapped."""
    keys = set()
    for name in record.called:
        given = names.given_key(name.given)
        keys |= {(family, given) for family in names.family_keys(name.family)}
        keys.add((names.family_key(name.given), names.given_key(name.family)))
    return {(family, given) for family, given in keys if family and given}
