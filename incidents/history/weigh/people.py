"""How surely somebody on record is one of those spoken of, and why in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.prepared import Row
from incidents.history.facts import KnownPerson, NameClue
from victims import matching, names

#: What a person must reach to be shown at all, and to count as the same person.
SHOWN_FROM = matching.SAME_ADDRESS
SAME_FROM = matching.SAME_NUMBER
CHOSEN = 1_000


@dataclass
class Known:
    """One person found, with homes, while the look-up is being put together."""

    person: KnownPerson
    homes: dict[int, bool]


@dataclass(frozen=True)
class KeyedClue:
    """A name as typed, with its keys worked out once."""

    clue: NameClue
    given_key: str
    #: The key of the family name, then those of its parts where it has several surnames.
    family_keys: tuple[str, ...]
    swapped: tuple[str, str]

    @classmethod
    def of(cls, clue: NameClue) -> "KeyedClue":
        given, family = clue.given_name, clue.family_name
        return cls(
            clue,
            names.given_key(given),
            names.family_keys(family),
            (names.given_key(family), names.family_key(given)) if given and family else ("", ""),
        )


def person(
    row: Row, *, kinds: set[str], clues: Sequence[KeyedClue], number_is_shared: bool, today: date
) -> Known:
    """Weigh one person. `kinds` are the ways in which the scans found them."""
    (
        pk, reference, given, family, born, year, sex,
        victim, grade, since, grade_reason, (spellings, homes),
    ) = row  # fmt: skip
    strength, reasons, met = 0, [], []
    if "chosen" in kinds:
        strength, reasons = CHOSEN, ["recognised"]
    has_number = "number" in kinds
    if has_number and not number_is_shared:
        strength += matching.SAME_NUMBER
        reasons.append("same number")
    if "lives" in kinds:
        strength += matching.SAME_ADDRESS
        reasons.append("lives at this address")
    elif "lived" in kinds:
        strength += matching.FORMER_ADDRESS
        reasons.append("lived at this address before")
    best: tuple[int, list[str]] = (0, [])
    for position, clue in enumerate(clues):
        worth, words = _likeness(clue, spellings or [], born)
        if worth >= matching.HALF_FAMILY_NAME:
            met.append(position)
        if worth > best[0]:
            best = (worth, words)
    strength += best[0]
    return Known(
        KnownPerson(
            person_id=pk,
            reference=reference,
            name=f"{given} {family}".strip() or "Name not known",
            date_of_birth=born,
            birth_year=year,
            sex=sex,
            victim_reference=victim or "",
            grade=grade or "",
            grade_since=since,
            grade_reason=grade_reason or "",
            lives_here="lives" in kinds,
            reasons=tuple(reasons + best[1]),
            strength=strength,
            clues=tuple(met),
            has_number=has_number,
            age=age_of(born, year, today),
            is_chosen="chosen" in kinds,
            is_sure=strength >= SAME_FROM,
        ),
        homes=dict(homes or []),
    )


def age_of(born: date | None, year: int | None, today: date) -> int | None:
    """Whole years; from a year alone, what they turn this year."""
    if born:
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return today.year - year if year else None


def _likeness(
    clue: KeyedClue, spellings: Iterable[Sequence[str]], born: date | None
) -> tuple[int, list[str]]:
    """How much of a name meets, at its best spelling, and the birth date with it."""
    worth, words = 0, ""
    for given, family, given_key, family_key in spellings:
        found, why = _spelling(clue, given, family, given_key, family_key)
        if found > worth:
            worth, words = found, why
    if not worth:
        return 0, []
    reasons = [words]
    if clue.clue.date_of_birth and born:
        same = clue.clue.date_of_birth == born
        worth += matching.SAME_BIRTH_DATE if same else matching.OTHER_BIRTH_DATE
        reasons.append("same birth date" if same else "different birth date")
    return worth, reasons


def _spelling(
    clue: KeyedClue, given: str, family: str, given_key: str, family_key: str
) -> tuple[int, str]:
    given_meets = bool(clue.given_key) and clue.given_key == given_key
    whole = bool(family_key) and family_key in clue.family_keys[:1]
    if whole and family_key in names.family_keys(family)[:1]:
        if given_meets:
            return matching.SAME_NAME, _heard(clue.clue, given, family)
        same = names.fold(clue.clue.family_name) == names.fold(family)
        said = "same family name" if same else f"{family} sounds like {clue.clue.family_name}"
        return matching.SAME_FAMILY_NAME, said
    if whole or _is_of_several(clue, family, family_key):
        words = f"one surname the same ({family}, {clue.clue.family_name})"
        if given_meets:
            return matching.HALF_NAME, words
        return matching.HALF_FAMILY_NAME, words
    if clue.swapped[0] and clue.swapped == (given_key, family_key):
        return matching.NAMES_SWAPPED, "given and family name swapped"
    if given_meets:
        return matching.SAME_GIVEN_NAME, "same given name"
    return 0, ""


def _is_of_several(clue: KeyedClue, family: str, family_key: str) -> bool:
    """Whether one surname of what was typed is the whole name on record.

    Two names of several surnames that share one are other names: Smith-Jones is not Smith-Brown.
    """
    return family_key in clue.family_keys[1:] and family_key in names.family_keys(family)[:1]


def _heard(clue: NameClue, given: str, family: str) -> str:
    heard = []
    if names.fold(clue.family_name) != names.fold(family):
        heard.append(f"{family} sounds like {clue.family_name}")
    if names.fold(clue.given_name) != names.fold(given):
        heard.append(f"{given} {'like' if heard else 'sounds like'} {clue.given_name}")
    return ", ".join(heard) or "same name"
