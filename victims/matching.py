"""Who somebody may be: people on record who are like what was just said.

Offered with reasons, strongest first; a person decides, nothing is ever merged. Five queries
whatever is asked: one gathers people by index scans, each cut short (a number that thousands share
costs no more than one), four read what is known of the few that were found.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core.text import clean
from victims import names, telephones
from victims.models import Person, PersonName, Residence, Telephone

#: People that one scan may give; more alike than that, and only further facts can tell them apart.
SCAN = 30

#: What each likeness is worth. Own weights: a number or a birth date with a name is strong, a name
#: alone or an address alone is not.
SAME_NUMBER = 40
SAME_NAME = 35
NAMES_SWAPPED = 25
#: One surname of several, with the same given name; and without it.
HALF_NAME = 28
SAME_FAMILY_NAME = 12
HALF_FAMILY_NAME = 9
SAME_GIVEN_NAME = 8
SAME_BIRTH_DATE = 30
OTHER_BIRTH_DATE = -25
SAME_ADDRESS = 20
FORMER_ADDRESS = 12
WEAKEST = 10
STRONGEST = 100


@dataclass(frozen=True)
class Candidate:
    """Somebody on record who may be the person spoken of, and why, in words."""

    person_id: int
    reference: str
    name: str
    date_of_birth: date | None
    reasons: tuple[str, ...]
    strength: int


@dataclass(frozen=True)
class _Said:
    """What was said of somebody, with the keys to look for."""

    given_name: str
    family_name: str
    given_key: str
    family_key: str
    #: The keys for names given the wrong way round.
    swapped_given_key: str
    swapped_family_key: str
    date_of_birth: date | None
    number: str
    address_ids: tuple[int, ...]


@dataclass
class _Known:
    """What is on record of one person that bears on what was said."""

    names: list[PersonName] = field(default_factory=list)
    has_number: bool = False
    lives_there: bool = False
    lived_there: bool = False


@dataclass(frozen=True)
class _Likeness:
    worth: int
    reasons: tuple[str, ...] = ()


NOT_ALIKE = _Likeness(0)


def candidates(
    *,
    given_name: str = "",
    family_name: str = "",
    date_of_birth: date | None = None,
    number: str = "",
    address_ids: Iterable[int] = (),
    limit: int = 10,
) -> list[Candidate]:
    """People who are like what was said, strongest first, at most `limit`.

    `number` as typed; half a number matches nobody and is no error, since people are still typing.
    `address_ids` are addresses whose residents, present and former, are meant. Birth dates that
    differ weaken a match and are said, so that father and son are told apart.
    """
    said = _said(given_name, family_name, date_of_birth, number, address_ids)
    people = _gather(said)
    if not people:
        return []
    known = _known(people, said)
    rows = Person.objects.filter(pk__in=people)
    found = [_candidate(person, known[person.pk], said) for person in rows]
    found = [candidate for candidate in found if candidate.strength >= WEAKEST]
    found.sort(key=lambda candidate: (-candidate.strength, -candidate.person_id))
    return found[:limit]


def _said(
    given_name: str, family_name: str, born: date | None, number: str, address_ids: Iterable[int]
) -> _Said:
    given = clean(given_name, field="given_name", longest=100)
    family = clean(family_name, field="family_name", longest=100)
    return _Said(
        given_name=given,
        family_name=family,
        given_key=names.given_key(given),
        family_key=names.family_key(family),
        swapped_given_key=names.given_key(family),
        swapped_family_key=names.family_key(given),
        date_of_birth=born,
        number=telephones.e164_or_blank(number),
        address_ids=tuple(sorted(set(address_ids)))[:SCAN],
    )


# --- Who: one query of short index scans --------------------------------------------------------


def _gather(said: _Said) -> list[int]:
    scans = [scan.values_list("person_id", flat=True)[:SCAN] for scan in _scans(said)]
    if not scans:
        return []
    together = scans[0].union(*scans[1:]) if len(scans) > 1 else scans[0]
    return list(together)


def _scans(said: _Said) -> list[QuerySet[Any]]:
    scans: list[QuerySet[Any]] = []
    if said.number:
        # The newest people of a shared number: the unique index read backwards.
        scans.append(Telephone.objects.filter(number=said.number).order_by("-number", "-person_id"))
    scans += [PersonName.objects.filter(question) for question in _name_questions(said)]
    if said.address_ids:
        scans.append(Residence.objects.filter(address__in=said.address_ids))
    return scans


def _name_questions(said: _Said) -> list[Q]:
    """The ways to look a name up, each answered by one index; the more exact ones first."""
    given, family, born = said.given_key, said.family_key, said.date_of_birth
    questions = []
    if born and family:
        questions.append(Q(date_of_birth=born, family_key=family))
    if born and given:
        questions += [
            Q(date_of_birth=born, given_key=given),
            Q(date_of_birth=born, family_key=said.swapped_family_key),
        ]
    if given and family:
        questions += [
            Q(family_key=family, given_key=given),
            Q(family_key=said.swapped_family_key, given_key=said.swapped_given_key),
        ]
    elif family:
        questions.append(Q(family_key=family))
    return questions


# --- What is known of them: one query each ------------------------------------------------------


def _known(people: Sequence[int], said: _Said) -> dict[int, _Known]:
    known: dict[int, _Known] = defaultdict(_Known)
    for name in PersonName.objects.filter(person__in=people).order_by("pk"):
        known[name.person_id].names.append(name)
    if said.number:
        users = Telephone.objects.filter(number=said.number, person__in=people)
        for person_id in users.values_list("person_id", flat=True):
            known[person_id].has_number = True
    if said.address_ids:
        homes = Residence.objects.filter(address__in=said.address_ids, person__in=people)
        for person_id, until_at in homes.values_list("person_id", "until_at"):
            known[person_id].lives_there |= until_at is None
            known[person_id].lived_there |= until_at is not None
    return known


# --- How alike ----------------------------------------------------------------------------------


def _candidate(person: Person, known: _Known, said: _Said) -> Candidate:
    likenesses = [
        _Likeness(SAME_NUMBER, ("same number",)) if known.has_number else NOT_ALIKE,
        _address_likeness(known),
        max(
            (_name_likeness(name, said) for name in known.names),
            key=lambda like: like.worth,
            default=NOT_ALIKE,
        ),
        _birth_likeness(person, said),
    ]
    strength = sum(like.worth for like in likenesses)
    return Candidate(
        person_id=person.pk,
        reference=person.reference,
        name=str(person),
        date_of_birth=person.date_of_birth,
        reasons=tuple(reason for like in likenesses for reason in like.reasons),
        strength=max(0, min(STRONGEST, strength)),
    )


def _address_likeness(known: _Known) -> _Likeness:
    if known.lives_there:
        return _Likeness(SAME_ADDRESS, ("same address",))
    if known.lived_there:
        return _Likeness(FORMER_ADDRESS, ("former address",))
    return NOT_ALIKE


def _birth_likeness(person: Person, said: _Said) -> _Likeness:
    if not said.date_of_birth or not person.date_of_birth:
        return NOT_ALIKE
    if said.date_of_birth == person.date_of_birth:
        return _Likeness(SAME_BIRTH_DATE, ("same birth date",))
    return _Likeness(OTHER_BIRTH_DATE, ("different birth date",))


def _name_likeness(name: PersonName, said: _Said) -> _Likeness:
    given_meets = bool(said.given_key) and said.given_key == name.given_key
    family_meets = bool(said.family_key) and said.family_key == name.family_key
    is_swapped = (
        bool(said.given_key and said.family_key)
        and said.swapped_family_key == name.family_key
        and said.swapped_given_key == name.given_key
    )
    if is_swapped and not (given_meets and family_meets):
        return _Likeness(NAMES_SWAPPED, ("names swapped",))
    if given_meets and family_meets:
        return _both_meet(name, said)
    if family_meets:
        return _part_meets(SAME_FAMILY_NAME, "family", said.family_name, name.family_name)
    if given_meets:
        return _part_meets(SAME_GIVEN_NAME, "given", said.given_name, name.given_name)
    return NOT_ALIKE


def _both_meet(name: PersonName, said: _Said) -> _Likeness:
    family = names.compare(said.family_name, name.family_name)
    given = names.compare(said.given_name, name.given_name)
    worth = round(SAME_NAME * (family + given) / 200)
    heard = []
    if names.fold(said.family_name) != names.fold(name.family_name):
        heard.append(f"{said.family_name} sounds like {name.family_name}")
    if names.fold(said.given_name) != names.fold(name.given_name):
        verb = "like" if heard else "sounds like"
        heard.append(f"{said.given_name} {verb} {name.given_name}")
    return _Likeness(worth, (", ".join(heard) or "same name",))


def _part_meets(worth: int, which: str, said: str, recorded: str) -> _Likeness:
    if names.fold(said) == names.fold(recorded):
        return _Likeness(worth, (f"same {which} name",))
    alike = names.compare(said, recorded)
    return _Likeness(round(worth * alike / 100), (f"{said} sounds like {recorded}",))
