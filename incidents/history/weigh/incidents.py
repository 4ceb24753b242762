"""How closely an earlier incident is matched, what it was in words, and why it is shown."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from core.prepared import Row
from incidents.history.facts import Match, Part
from incidents.history.weigh.people import SAME_FROM, Known
from incidents.models import Crime, Incident
from victims import matching

BY_NUMBER, BY_ADDRESS, BY_BUILDING, BY_POSTCODE = 40, 40, 10, 5
SEVERAL_PEOPLE = 20
PERPETRATOR_ONLY = -15

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
#: What was said then; whether it is in force now, nobody can tell from it.
ORDER_TOLD = "an order or bail was spoken of"
ORDER_BROKEN = "breach of an order was recorded"


@dataclass
class Hits:
    """The ways in which one incident was found."""

    received_at: datetime
    number: bool = False
    #: By a later call about the same event, made from this number.
    further: bool = False
    address_id: int | None = None
    people: list[tuple[int, str]] = field(default_factory=list)

    @property
    def by_number(self) -> bool:
        return self.number or self.further

    def without(self, not_them: Container[int], company: Sequence[int]) -> "Hits | None":
        """What is left when people are set aside; None where nothing else found the incident.

        Its number speaks for those who were there: with only such people among those recognised,
        the number says nothing either. The address stays what it is.
        """
        people = [(pk, role) for pk, role in self.people if pk not in not_them]
        by_others = not people and any(pk in not_them for pk in company)
        left = replace(
            self,
            people=people,
            number=self.number and not by_others,
            further=self.further and not by_others,
        )
        return left if left.by_number or left.people or left.address_id is not None else None


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
    strength = BY_NUMBER if hits.by_number else 0
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
    in_words: bool = True,
) -> Match:
    """An incident in words: what it was, who was in it, and why it is shown.

    Not `in_words` it says no more than who was in it and how strong a match it is.
    """
    (
        pk, reference, received_at, state, grade, address_id, line, non_crime,
        (answers, crimes, people),
    ) = row  # fmt: skip
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
        what=_what(state, non_crime, crimes or []) if in_words else "",
        parts=tuple(_part(one, known) for one in people or []),
        tags=_tags(answers, crimes or []) if in_words else (),
        orders=_orders(answers, crimes or []) if in_words else (),
        reasons=_reasons(hits, line or "", address_id, here, buildings, known) if in_words else (),
        strength=_strength(hits, here=here, buildings=buildings, known=known),
    )


def company(row: Row) -> list[int]:
    """The people of an incident, from the row that `match` takes."""
    return [one[0] for one in parts(row)]


def parts(row: Row) -> list[list[Any]]:
    """Who was in an incident, as `details` gives them."""
    return row[-1][2] or []


def described(row: Row) -> str:
    """An incident in a few words, for saying that it was set aside."""
    received_at: datetime = row[2]
    words = _what(row[3], row[7], row[8][1] or [])
    return f"{received_at.day} {received_at:%b %Y}, {words}"


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


def _orders(answers: Mapping[str, str], crimes: Sequence[Sequence[str]]) -> tuple[str, ...]:
    broken = any(crime[0] == Crime.Category.BREACH_OF_ORDER for crime in crimes)
    said = [ORDER_BROKEN] if broken else []
    return (*said, ORDER_TOLD) if answers.get("orders") == "yes" else tuple(said)


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
    reasons = _about_number(hits)
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


def _about_number(hits: Hits) -> list[str]:
    if hits.number:
        return ["same number"]
    return ["same number, in a further call about it"] if hits.further else []


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
