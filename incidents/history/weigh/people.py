"""From rows to words: how strongly each person and incident meets what was said, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from incidents.history.facts import Child, Dangerous, KnownPerson, Match, NameClue, Notice, Part
from incidents.history.prepared import Row
from incidents.models import Crime, Incident
from victims import matching, names
from victims.models import Marker

#: What a person must reach to be shown at all, and to count as the same person.
SHOWN_FROM = matching.SAME_ADDRESS
SAME_FROM = matching.SAME_NUMBER
CHOSEN = 1_000

BY_NUMBER, BY_ADDRESS, BY_BUILDING, BY_POSTCODE = 40, 40, 10, 5
SEVERAL_PEOPLE = 20
PERPETRATOR_ONLY = -15
ADULT = 18

#: Answers and crimes that say how somebody is dangerous, with the words of their tag.
GRAVE_ANSWERS = {"strangled": "strangulation", "threats": "threats", "weapon": "weapon"}
GRAVE_CRIMES = {
    Crime.Category.THREATS_TO_KILL: "threats to kill",
    Crime.Category.ASSAULT_WITH_INTENT: "assault with intent",
    Crime.Category.ASSAULT_WITH_INJURY: "assault with injury",
    Crime.Category.STALKING: "stalking",
    Crime.Category.SEXUAL: "sexual offence",
    Crime.Category.BREACH_OF_ORDER: "breach of an order",
}
OUTCOMES = {
    Crime.Outcome.CHARGE: "charged",
    Crime.Outcome.CAUTION: "caution",
    Crime.Outcome.OUT_OF_COURT: "out of court",
    Crime.Outcome.NO_FURTHER_ACTION: "no further action",
}


@dataclass
class Known:
    """One person found, with homes, while the look-up is being put together."""

    person: KnownPerson
    homes: dict[int, bool]


@dataclass
class Hits:
    """The ways in which one incident was found."""

    received_at: datetime
    number: bool = False
    address_id: int | None = None
    people: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class KeyedClue:
    """A name as typed, with its keys worked out once."""

    clue: NameClue
    given_key: str
    family_key: str
    swapped: tuple[str, str]

    @classmethod
    def of(cls, clue: NameClue) -> "KeyedClue":
        given, family = clue.given_name, clue.family_name
        return cls(
            clue,
            names.given_key(given),
            names.family_key(family),
            (names.given_key(family), names.family_key(given)) if given and family else ("", ""),
        )


def person(
    row: Row, *, kinds: set[str], clues: Sequence[KeyedClue], number_is_shared: bool
) -> Known:
    """Weigh one person. `kinds` are the ways in which the scans found them."""
    (pk, reference, given, family, born, year, sex, victim, grade, since, spellings, homes) = row
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
        if worth >= matching.SAME_FAMILY_NAME:
            met.append(position)
        if worth > best[0]:
            best = (worth, words)
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
            lives_here="lives" in kinds,
            reasons=tuple(reasons + best[1]),
            strength=strength + best[0],
            clues=tuple(met),
            has_number=has_number,
        ),
        homes=dict(homes or []),
    )


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
    family_meets = bool(clue.family_key) and clue.family_key == family_key
    given_meets = bool(clue.given_key) and clue.given_key == given_key
    if family_meets and given_meets:
        return matching.SAME_NAME, _heard(clue.clue, given, family)
    if clue.swapped[0] and clue.swapped == (given_key, family_key):
        return matching.NAMES_SWAPPED, "given and family name swapped"
    if family_meets:
        same = names.fold(clue.clue.family_name) == names.fold(family)
        said = "same family name" if same else f"{family} sounds like {clue.clue.family_name}"
        return matching.SAME_FAMILY_NAME, said
    if given_meets:
        return matching.SAME_GIVEN_NAME, "same given name"
    return 0, ""


def _heard(clue: NameClue, given: str, family: str) -> str:
    heard = []
    if names.fold(clue.family_name) != names.fold(family):
        heard.append(f"{family} sounds like {clue.family_name}")
    if names.fold(clue.given_name) != names.fold(given):
        heard.append(f"{given} {'like' if heard else 'sounds like'} {clue.given_name}")
    return ", ".join(heard) or "same name"


def strongest(
    found: Mapping[int, Hits],
    *,
    here: int | None,
    buildings: set[int],
    known: Mapping[int, Known],
    limit: int,
) -> list[int]:
    """The incidents to show: strongest first, newest first among equals."""

    def order(pk: int) -> tuple[int, datetime]:
        hits = found[pk]
        return _strength(hits, here=here, buildings=buildings, known=known), hits.received_at

    return sorted(found, key=order, reverse=True)[:limit]


def _strength(
    hits: Hits, *, here: int | None, buildings: set[int], known: Mapping[int, Known]
) -> int:
    strength = BY_NUMBER if hits.number else 0
    if hits.address_id is not None:
        at_here = hits.address_id == here
        in_building = hits.address_id in buildings
        strength += BY_ADDRESS if at_here else BY_BUILDING if in_building else BY_POSTCODE
    if hits.people:
        strength += min(100, max(known[pk].person.strength for pk, _ in hits.people))
        strength += SEVERAL_PEOPLE if len({pk for pk, _ in hits.people}) > 1 else 0
        if {role for _, role in hits.people} == {"perpetrator"}:
            strength += PERPETRATOR_ONLY
    return strength


def match(
    row: Row,
    hits: Hits,
    *,
    here: int | None,
    buildings: set[int],
    known: Mapping[int, Known],
    risk: str = "",
) -> Match:
    """An incident in words: what it was, who was in it, and why it is shown."""
    (
        pk,
        reference,
        received_at,
        state,
        grade,
        address_id,
        line,
        non_crime,
        answers,
        crimes,
        people,
    ) = row
    is_here = here is not None and address_id == here
    return Match(
        incident_id=pk,
        reference=reference,
        received_at=received_at,
        state=state,
        grade=grade,
        risk=risk,
        address=line or "",
        is_here=is_here,
        what=_what(state, non_crime, crimes or []),
        parts=tuple(_part(one, known) for one in people or []),
        tags=_tags(answers, crimes or []),
        reasons=_reasons(hits, line or "", address_id, here, buildings, known),
        strength=_strength(hits, here=here, buildings=buildings, known=known),
    )


def _what(state: str, non_crime: str, crimes: Sequence[Sequence[str]]) -> str:
    if crimes:
        said = []
        for category, outcome in crimes:
            words = Crime.Category(category).label.lower()
            said.append(f"{words}, {OUTCOMES[Crime.Outcome(outcome)]}" if outcome else words)
        return "; ".join(said)
    if non_crime:
        return f"non-crime, {non_crime}"
    return Incident.State(state).label.lower()


def _tags(answers: Mapping[str, str], crimes: Sequence[Sequence[str]]) -> tuple[str, ...]:
    said = [GRAVE_CRIMES[Crime.Category(crime[0])] for crime in crimes if crime[0] in GRAVE_CRIMES]
    said += [words for code, words in GRAVE_ANSWERS.items() if answers.get(code) == "yes"]
    if "threats to kill" in said and "threats" in said:
        said.remove("threats")
    return tuple(dict.fromkeys(said))


def _part(one: Sequence[object], known: Mapping[int, Known]) -> Part:
    person_id, role, given, family, reference, victim_id, born, year = one
    assert isinstance(person_id, int)
    return Part(
        person_id=person_id,
        role=str(role),
        name=f"{given} {family}".strip() or "name not known",
        reference=str(reference),
        victim_id=victim_id if isinstance(victim_id, int) else None,
        date_of_birth=date.fromisoformat(born) if isinstance(born, str) else None,
        birth_year=year if isinstance(year, int) else None,
        is_known=person_id in known,
    )


def _reasons(
    hits: Hits,
    line: str,
    address_id: int | None,
    here: int | None,
    buildings: set[int],
    known: Mapping[int, Known],
) -> tuple[str, ...]:
    reasons = ["same number"] if hits.number else []
    people = [known[pk] for pk in dict.fromkeys(pk for pk, _ in hits.people)]
    if address_id is not None and address_id == here:
        reasons.append("same address")
    elif address_id is not None and address_id in buildings:
        reasons.append("same building")
    elif hits.address_id is not None:
        reasons.append("same postcode")
    elif any(one.homes.get(address_id or 0) is False for one in people):
        reasons.append(f"former address ({line})")
    elif any(one.homes.get(address_id or 0) for one in people):
        reasons.append(f"home address ({line})")
    return (*reasons, *_about_people(hits, people))


def _about_people(hits: Hits, people: Sequence[Known]) -> list[str]:
    if not people:
        return []
    roles = {role for _, role in hits.people}
    same = [one for one in people if one.person.strength >= SAME_FROM]
    # Two full names together in one incident are no coincidence.
    full = [one for one in people if one.person.strength >= matching.SAME_NAME]
    reasons = []
    if len(full) > 1:
        reasons.append("same people")
    elif roles == {"perpetrator"}:
        reasons.append("perpetrator only")
    elif same:
        reasons.append("same person")
    about = {"same number", "lives at this address", "lived at this address before", "recognised"}
    named = [words for one in people for words in one.person.reasons if words not in about]
    if not reasons and not named:
        reasons.append(f"{people[0].person.name} {people[0].person.reasons[0]}")
    return [*reasons, *dict.fromkeys(named)]


def children(known: Iterable[Known], matches: Iterable[Match], today: date) -> tuple[Child, ...]:
    """Children who live here, and children of incidents here or with these people."""
    found: dict[int, Child] = {}
    for one in known:
        age = age_of(one.person.date_of_birth, one.person.birth_year, today)
        if one.person.lives_here and age is not None and age < ADULT:
            found[one.person.person_id] = Child(
                one.person.person_id,
                one.person.reference,
                one.person.name,
                one.person.date_of_birth,
                one.person.birth_year,
                age,
            )
    for shown in matches:
        if not (shown.is_here or any(part.is_known for part in shown.parts)):
            continue
        for part in shown.named("child"):
            age = age_of(part.date_of_birth, part.birth_year, today)
            if age is None or age < ADULT:
                found.setdefault(
                    part.person_id,
                    Child(
                        part.person_id,
                        part.reference,
                        part.name,
                        part.date_of_birth,
                        part.birth_year,
                        age,
                    ),
                )
    return tuple(found.values())


def age_of(born: date | None, year: int | None, today: date) -> int | None:
    """Whole years; from a year alone, what they turn this year."""
    if born:
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return today.year - year if year else None


def dangerous(
    matches: Sequence[Match], known: Mapping[int, Known], victims: Mapping[int, int]
) -> tuple[Dangerous, ...]:
    """Perpetrators of the incidents shown that concern these people or this address."""
    found: dict[int, list[tuple[Match, Part]]] = {}
    for shown in matches:
        for part in shown.named("perpetrator"):
            found.setdefault(part.person_id, []).append((shown, part))
    people = []
    for pk, seen in found.items():
        is_same = pk in known and known[pk].person.strength >= SAME_FROM
        if not (is_same or any(concerns(shown, known) for shown, _ in seen)):
            continue
        tags = dict.fromkeys(
            f"{tag}, {shown.received_at:%b %Y}" for shown, _ in seen for tag in shown.tags
        )
        part = seen[0][1]
        people.append(
            Dangerous(
                pk,
                part.reference,
                part.name,
                tuple(tags)[:6],
                victims.get(pk, 0),
                max(shown.received_at for shown, _ in seen),
            )
        )
    people.sort(key=lambda one: (-len(one.tags), -one.victims, one.person_id))
    return tuple(people)


def concerns(shown: Match, known: Mapping[int, Known]) -> bool:
    """Whether an incident is about this address or somebody who is surely meant."""
    return shown.is_here or any(
        part.person_id in known and known[part.person_id].person.strength >= SAME_FROM
        for part in shown.parts
    )


def notice(row: Sequence[Any], names_of: Mapping[int, str], *, here: int | None) -> Notice:
    """A marker in words; `here` is the address meant, where one is."""
    kind, words, address_id, person_id, set_by, set_at, until = row
    return Notice(
        kind=kind,
        label=Marker.Kind(kind).label,
        words=words,
        on=("address" if address_id == here else "home") if address_id else "person",
        who=names_of.get(person_id, ""),
        set_by=set_by,
        set_at=datetime.fromisoformat(set_at),
        until=date.fromisoformat(until),
    )
