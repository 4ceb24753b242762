"""The look-up itself: five round trips at most, whatever is asked and however much is found."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import policy as force_policy
from core.clock import local, months_before
from core.errors import InvalidInput
from core.policy import ForcePolicy
from incidents import permissions
from incidents.history import assessed, scans, weigh
from incidents.history.facts import Clues, Counts, History, Match
from incidents.history.prepared import Row
from incidents.history.weigh import Hits, KeyedClue, Known
from victims import addresses, postcodes
from victims.models import RiskGrade

#: How people were found, the surest first: the look-up keeps the first so many.
ORDER = ("chosen", "number", "lives", "name", "lived")


class _Found:
    """What the first scan gave: the address meant, those near it, people by how they were found."""

    def __init__(self, rows: Iterable[Row], chosen: Sequence[int]) -> None:
        self.here: int | None = None
        self.buildings: set[int] = set()
        self.nearby: list[int] = []
        self.kinds: dict[int, set[str]] = {pk: {"chosen"} for pk in chosen}
        for kind, pk in rows:
            if kind == "here":
                self.here = self.here or pk
            elif kind == "building":
                self.buildings.add(pk)
            elif kind == "postcode":
                self.nearby.append(pk)
            else:
                self.kinds.setdefault(pk, set()).add(kind)
        users = sum("number" in kinds for kinds in self.kinds.values())
        self.number_is_shared = users > scans.FEW_PEOPLE

    @property
    def address_ids(self) -> list[int]:
        here = [self.here] if self.here else []
        return [*here, *sorted(self.buildings - set(here)), *self.nearby][: scans.TOP + 1]

    @property
    def person_ids(self) -> list[int]:
        def order(pk: int) -> tuple[int, int]:
            kinds = self.kinds[pk] - ({"number"} if self.number_is_shared else set())
            first = min((ORDER.index(kind) for kind in kinds), default=len(ORDER))
            return first - 10 * (len(kinds) > 1), -pk

        return sorted(self.kinds, key=order)[: scans.MOST_PEOPLE]


def look_up(
    *, clues: Clues, at: datetime, reader: User, policy: ForcePolicy | None = None
) -> History:
    """Everything known about what was given, strongest first; half-typed parts match nothing.

    Counts are over the policy's repeat period before `at`. Raises PermissionDenied for a reader who
    neither logs calls nor sees every victim.
    """
    if not permissions.may_look_up(reader):
        raise PermissionDenied("Only those who log calls or see every record may look history up.")
    rules = policy or force_policy.at(at)
    keyed = [KeyedClue.of(clue) for clue in clues.names]
    anchors = _anchors(clues, keyed)
    found = _Found(anchors.found(), clues.person_ids)
    if anchors.is_empty and not clues.person_ids:
        return History(months=rules.repeat_months)
    known = _people(found, keyed)
    matches = _incidents(clues, found, known)
    today = local(at).date()
    sure = [pk for pk, one in known.items() if one.person.strength >= weigh.SAME_FROM]
    perpetrators = _perpetrators(matches, known)
    *counts, marked, victims = scans.counts_and_warnings(
        scans.Counting(
            since=months_before(at, rules.repeat_months),
            until=at,
            person_ids=sure,
            number=clues.number,
            address_id=found.here,
            number_is_shared=found.number_is_shared,
        ),
        # A marker warns of a home also while only the telephone is known.
        homes=[home for pk in sure for home, lives in known[pk].homes.items() if lives],
        perpetrators=perpetrators,
        today=today,
        serial_since=months_before(at, 12 * rules.serial_years),
    )
    names_of = {part.person_id: part.name for shown in matches for part in shown.parts}
    names_of |= {pk: one.person.name for pk, one in known.items()}
    graded = _last_graded(known)
    return History(
        incidents=tuple(matches),
        people=tuple(one.person for one in known.values()),
        children=weigh.children(known.values(), matches, today),
        markers=tuple(
            sorted(
                (weigh.notice(row, names_of, here=found.here) for row in marked or ()),
                key=lambda notice: (not notice.is_emergency, notice.on, notice.until),
            )
        ),
        dangerous=weigh.dangerous(matches, known, dict(victims or ())),
        counts=Counts(*counts),
        last_grade=graded.person.grade if graded else "",
        last_grade_since=graded.person.grade_since if graded else None,
        last_grade_of=graded.person.name if graded else "",
        months=rules.repeat_months,
        number_is_shared=found.number_is_shared,
        is_asked=True,
    )


def earlier_of(*, person_ids: Sequence[int], months: int, before: datetime) -> int:
    """Incidents of any of these people, as victim or perpetrator, in so many months before."""
    if not person_ids:
        return 0
    counted = scans.counts(
        scans.Counting(since=months_before(before, months), until=before, person_ids=person_ids)
    )
    return int(counted[0])


def _anchors(clues: Clues, keyed: Sequence[KeyedClue]) -> scans.Anchors:
    anchors = scans.Anchors(number=clues.number, uprn=clues.uprn.strip().lstrip("0"))
    postcode = _postcode(clues.postcode)
    if addresses.fold(clues.address_line):
        line = clues.address_line
        anchors.key = addresses.key(line, postcode)
        anchors.building = addresses.building_key(line, postcode)
    else:
        anchors.postcode = postcode
    for clue in keyed:
        if clue.family_key and clue.given_key:
            anchors.names += [(clue.family_key, clue.given_key), (clue.swapped[1], clue.swapped[0])]
        if clue.family_key and clue.clue.date_of_birth:
            anchors.births.append((clue.clue.date_of_birth, clue.family_key))
    return anchors


def _postcode(raw: str) -> str:
    try:
        return postcodes.normalise(raw)
    except InvalidInput:
        return ""


def _people(found: _Found, keyed: Sequence[KeyedClue]) -> dict[int, Known]:
    """Those who may be meant, strongest first."""
    ids = found.person_ids
    if not ids:
        return {}
    weighed = [
        weigh.person(
            row, kinds=found.kinds[row[0]], clues=keyed, number_is_shared=found.number_is_shared
        )
        for row in scans.people(ids)
    ]
    shown = [one for one in weighed if one.person.strength >= weigh.SHOWN_FROM]
    shown.sort(key=lambda one: (-one.person.strength, -one.person.person_id))
    return {one.person.person_id: one for one in shown[: scans.TOP]}


def _incidents(clues: Clues, found: _Found, known: dict[int, Known]) -> list[Match]:
    hits: dict[int, Hits] = {}
    rows = scans.incidents(
        number=clues.number, address_ids=found.address_ids, person_ids=list(known)
    )
    for pk, received_at, way, key in rows:
        one = hits.setdefault(pk, Hits(received_at))
        if way == "number":
            one.number = True
        elif way == "address":
            one.address_id = key
        else:
            one.people.append((key, way))
    shown = weigh.strongest(
        hits, here=found.here, buildings=found.buildings, known=known, limit=scans.TOP
    )
    rows_of = {row[0]: row for row in scans.details(shown)} if shown else {}
    risks = assessed.grades_of(shown)
    return [
        weigh.match(
            rows_of[pk],
            hits[pk],
            here=found.here,
            buildings=found.buildings,
            known=known,
            risk=risks.get(pk, ""),
        )
        for pk in shown
    ]


def _perpetrators(matches: Iterable[Match], known: dict[int, Known]) -> list[int]:
    return list(
        {
            part.person_id
            for shown in matches
            if weigh.concerns(shown, known)
            for part in shown.named("perpetrator")
        }
    )


def _last_graded(known: dict[int, Known]) -> Known | None:
    """The most alarming grade among those surely meant; the newest among equals."""
    graded = [
        one for one in known.values() if one.person.grade and one.person.strength >= weigh.SAME_FROM
    ]
    return max(
        graded,
        key=lambda one: (RiskGrade(one.person.grade).rank, one.person.grade_since),
        default=None,
    )
