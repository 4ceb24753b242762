"""What hangs around the matches: children, who is dangerous, warnings, homes, safe ways."""

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from incidents.history.facts import Child, Dangerous, Home, Match, Notice, Part, SafeWay
from incidents.history.weigh.people import SAME_FROM, Known, age_of
from victims.models import Marker

ADULT = 18
MOST_TAGS = 6
#: Of a row of `scans.counts_and_warnings`, as JSON.
JsonRow = Sequence[Any]


def children(
    known: Iterable[Known], matches: Iterable[Match], today: date, not_them: Container[int] = ()
) -> tuple[Child, ...]:
    """Children who live here, and children of incidents here or with these people."""
    found: dict[int, Child] = {}
    for one in known:
        if one.person.lives_here and one.person.age is not None and one.person.age < ADULT:
            found[one.person.person_id] = _child(one.person, one.person.age)
    for shown in matches:
        if not (shown.is_here or any(part.is_known for part in shown.parts)):
            continue
        for part in shown.named("child"):
            age = age_of(part.date_of_birth, part.birth_year, today)
            if part.person_id not in not_them and (age is None or age < ADULT):
                found.setdefault(part.person_id, _child(part, age))
    return tuple(found.values())


def _child(one: Any, age: int | None) -> Child:
    """Of a person or a part: both are named alike."""
    return Child(one.person_id, one.reference, one.name, one.date_of_birth, one.birth_year, age)


def dangerous(
    matches: Sequence[Match],
    known: Mapping[int, Known],
    victims: Mapping[int, int],
    notices: Iterable[Notice] = (),
    not_them: Container[int] = (),
) -> tuple[Dangerous, ...]:
    """Perpetrators of the incidents shown that concern these people or this address."""
    found: dict[int, list[tuple[Match, Part]]] = {}
    for shown in matches:
        for part in shown.named("perpetrator"):
            if part.person_id not in not_them:
                found.setdefault(part.person_id, []).append((shown, part))
    marked: dict[int | None, list[str]] = {}
    for one in notices:
        marked.setdefault(one.person_id, []).append(one.label)
    people = [
        _dangerous(pk, seen, victims.get(pk, 0), marked.get(pk, ()))
        for pk, seen in found.items()
        if _is_same(pk, known) or any(concerns(shown, known) for shown, _ in seen)
    ]
    people.sort(key=lambda one: (-len(one.tags), -one.victims, one.person_id))
    return tuple(people)


def _dangerous(
    pk: int, seen: Sequence[tuple[Match, Part]], victims: int, markers: Iterable[str]
) -> Dangerous:
    tags = dict.fromkeys(
        f"{tag}, {shown.received_at:%b %Y}" for shown, _ in seen for tag in shown.tags
    )
    part = seen[0][1]
    return Dangerous(
        person_id=pk,
        reference=part.reference,
        name=part.name,
        tags=tuple(tags)[:MOST_TAGS],
        victims=victims,
        last_at=max(shown.received_at for shown, _ in seen),
        markers=tuple(dict.fromkeys(markers)),
    )


def _is_same(pk: int, known: Mapping[int, Known]) -> bool:
    return pk in known and known[pk].person.strength >= SAME_FROM


def concerns(shown: Match, known: Mapping[int, Known]) -> bool:
    """Whether an incident is about this address or somebody who is surely meant."""
    return shown.is_here or any(_is_same(part.person_id, known) for part in shown.parts)


def notice(row: JsonRow, names_of: Mapping[int, str], *, here: int | None) -> Notice:
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
        person_id=person_id,
    )


def homes(rows: Iterable[JsonRow], known: Iterable[Known]) -> tuple[Home, ...]:
    """Where those who are surely meant live. Rows of (address, line, postcode)."""
    who: dict[int, list[str]] = {}
    for one in known:
        for address_id, lives in one.homes.items():
            if lives and one.person.is_sure:
                who.setdefault(address_id, []).append(one.person.name)
    return tuple(
        Home(", ".join(filter(None, [line, postcode])), tuple(who[address_id]))
        for address_id, line, postcode in rows
        if address_id in who
    )


def safe_ways(rows: Iterable[JsonRow], known: Mapping[int, Known]) -> tuple[SafeWay, ...]:
    """How those who are surely meant can be reached; strongest first."""
    found = {row[0]: row for row in rows}
    return tuple(_safe_way(found[pk], one) for pk, one in known.items() if pk in found)


def _safe_way(row: JsonRow, one: Known) -> SafeWay:
    _, method, number, hours, code_word, may_leave_voicemail, checked_at = row
    return SafeWay(
        person_id=one.person.person_id,
        name=one.person.name,
        victim_reference=one.person.victim_reference,
        method=method,
        number=number,
        hours=hours,
        code_word=code_word,
        may_leave_voicemail=may_leave_voicemail,
        checked_at=datetime.fromisoformat(checked_at),
    )
