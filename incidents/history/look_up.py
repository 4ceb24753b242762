"""The look-up itself: five round trips at most, whatever is asked and however much is found.

Each risk, order or conference that a higher app tells costs that app's own query besides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied

from accounts.models import User
from core import policy as force_policy
from core.clock import local, months_before
from core.errors import InvalidInput
from core.policy import ForcePolicy
from core.prepared import Row
from incidents import permissions
from incidents.grading import HistoryFacts
from incidents.history import assessed, scans, told, weigh
from incidents.history.facts import (
    INCIDENT,
    PERSON,
    Clues,
    Counts,
    History,
    Match,
    Notice,
    SetAside,
    marks,
)
from incidents.history.weigh import Hits, KeyedClue, Known
from incidents.models import Incident
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
        self.not_these: set[int] = set()
        self.kinds: dict[int, set[str]] = {pk: {"chosen"} for pk in chosen}
        not_them: set[int] = set()
        for kind, pk in rows:
            if kind == "here":
                self.here = self.here or pk
            elif kind == "building":
                self.buildings.add(pk)
            elif kind == "postcode":
                self.nearby.append(pk)
            elif kind == "not_them":
                not_them.add(pk)
            elif kind == "not_this":
                self.not_these.add(pk)
            else:
                self.kinds.setdefault(pk, set()).add(kind)
        # Somebody named as being in the call is in it, whatever was set aside before.
        self.not_them = not_them - set(chosen)
        users = sum("number" in kinds for kinds in self.kinds.values())
        self.number_is_shared = users > scans.FEW_PEOPLE

    def leave_out(self, rows: Iterable[Row]) -> None:
        """Take people and incidents away as if they were set aside, chosen or not, and unsaid."""
        for kind, pk in rows:
            (self.not_them if kind == "not_them" else self.not_these).add(pk)
            if kind == "not_them":
                self.kinds.pop(pk, None)

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


@dataclass(frozen=True)
class _Matched:
    """The incidents that are shown; what each that was set aside was, in words, by reference."""

    shown: list[Match]
    words: dict[tuple[str, str], str]


def facts_of(*, clues: Clues, at: datetime, reader: User, policy: ForcePolicy) -> HistoryFacts:
    """What grading goes by, as `look_up` gives it; nobody reads the rest. Raises as it does."""
    return look_up(clues=clues, at=at, reader=reader, policy=policy, is_shown=False).facts


def look_up(
    *,
    clues: Clues,
    at: datetime,
    reader: User,
    policy: ForcePolicy | None = None,
    is_shown: bool = True,
) -> History:
    """Everything known about what was given, strongest first; half-typed parts match nothing.

    Counts are over the policy's repeat period before `at`. What is set aside is taken from what was
    found, never made room for: setting aside shows nothing that was not there and raises no grade.
    Where it is not `is_shown`, it holds no more than what its `facts` are made of.
    Raises PermissionDenied for a reader who neither logs calls nor sees every victim.
    """
    if not permissions.may_look_up(reader):
        raise PermissionDenied("Only those who log calls or see every record may look history up.")
    rules = policy or force_policy.at(at)
    keyed = [KeyedClue.of(clue) for clue in clues.names]
    anchors = _anchors(clues, keyed)
    if anchors.is_empty and not clues.person_ids:
        return History(months=rules.repeat_months, set_aside=_set_aside(clues, {}))
    found = _Found(
        anchors.found(
            not_them=clues.references_set_aside(PERSON),
            not_these=clues.references_set_aside(INCIDENT),
        ),
        clues.person_ids,
    )
    if reader.withheld_victims:
        found.leave_out(scans.withheld(reader.withheld_victims))
    everybody = _people(found, keyed, at)
    known = {pk: one for pk, one in everybody.items() if pk not in found.not_them}
    matched = _incidents(clues, found, everybody, known, is_shown=is_shown)
    return _history(
        clues, found, known, matched, at=at, reader=reader, rules=rules, is_shown=is_shown
    )


def _history(
    clues: Clues,
    found: _Found,
    known: dict[int, Known],
    matched: _Matched,
    *,
    at: datetime,
    reader: User,
    rules: ForcePolicy,
    is_shown: bool,
) -> History:
    matches, today = matched.shown, local(at).date()
    sure = [pk for pk, one in known.items() if one.person.is_sure]
    perpetrators = _perpetrators(matches, known, found.not_them)
    *counts, marked, victims, homes, ways = scans.counts_and_warnings(
        scans.Counting(
            since=months_before(at, rules.repeat_months),
            until=at,
            person_ids=sure,
            number=clues.number,
            address_id=found.here,
            number_is_shared=found.number_is_shared,
            found=list(known),
            not_them=list(found.not_them),
            not_these=list(found.not_these),
        ),
        scans.Surroundings(
            # A marker warns of a home also while only the telephone is known.
            homes=[home for pk in sure for home, lives in known[pk].homes.items() if lives],
            perpetrators=perpetrators,
            serial_since=months_before(at, 12 * rules.serial_years),
            today=today,
            may_reach=reader.has_perm("victims.view_all_victims"),
        ),
    )
    notices = _notices(marked or (), matches, known, found.here)
    graded = _last_graded(known)
    if not is_shown:
        grade = graded.person.grade if graded else ""
        return History(markers=notices, counts=Counts(*counts), last_grade=grade, is_asked=True)
    asked = told.Asked(tuple(sure), tuple(perpetrators), found.here, at, reader)
    return History(
        incidents=tuple(matches),
        people=tuple(one.person for one in known.values()),
        children=weigh.children(known.values(), matches, today, found.not_them),
        markers=notices,
        dangerous=weigh.dangerous(matches, known, dict(victims or ()), notices, found.not_them),
        counts=Counts(*counts),
        last_grade=graded.person.grade if graded else "",
        last_grade_since=graded.person.grade_since if graded else None,
        last_grade_of=graded.person.name if graded else "",
        last_grade_reason=graded.person.grade_reason if graded else "",
        orders=told.told_of(told.ORDERS, asked),
        orders_are_kept=told.is_kept(told.ORDERS),
        conferences=told.told_of(told.CONFERENCES, asked),
        conferences_are_kept=told.is_kept(told.CONFERENCES),
        safe_ways=weigh.safe_ways(ways or (), known),
        homes=weigh.homes(homes or (), known.values()),
        open_incidents=_still_open(matches, at - timedelta(hours=rules.same_event_hours)),
        set_aside=_set_aside(clues, matched.words),
        months=rules.repeat_months,
        serial_years=rules.serial_years,
        number_is_shared=found.number_is_shared,
        has_address=bool(clues.address_line.strip() or clues.uprn.strip()),
        address_is_known=found.here is not None,
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
        if clue.family_keys and clue.given_key:
            anchors.names += [(family, clue.given_key) for family in clue.family_keys]
            anchors.names.append((clue.swapped[1], clue.swapped[0]))
        if clue.clue.date_of_birth:
            anchors.births += [(clue.clue.date_of_birth, family) for family in clue.family_keys]
    return anchors


def _postcode(raw: str) -> str:
    try:
        return postcodes.normalise(raw)
    except InvalidInput:
        return ""


def _people(found: _Found, keyed: Sequence[KeyedClue], at: datetime) -> dict[int, Known]:
    """Those who may be meant, strongest first."""
    ids = found.person_ids
    if not ids:
        return {}
    today = local(at).date()
    weighed = [
        weigh.person(
            row,
            kinds=found.kinds[row[0]],
            clues=keyed,
            number_is_shared=found.number_is_shared,
            today=today,
        )
        for row in scans.people(ids)
    ]
    shown = [one for one in weighed if one.person.strength >= weigh.SHOWN_FROM]
    shown.sort(key=lambda one: (-one.person.strength, -one.person.person_id))
    return {one.person.person_id: one for one in shown[: scans.TOP]}


def _incidents(
    clues: Clues,
    found: _Found,
    everybody: dict[int, Known],
    known: dict[int, Known],
    *,
    is_shown: bool,
) -> _Matched:
    """The strongest for everybody who was found, then without what was set aside."""
    hits = _hits(clues, found, everybody)
    top = weigh.strongest(
        hits, here=found.here, buildings=found.buildings, known=everybody, limit=scans.TOP
    )
    rows = {row[0]: row for row in scans.details(top)} if top else {}
    left = _left(top, hits, rows, found)
    order = top
    if found.not_them or found.not_these:
        order = weigh.strongest(
            left, here=found.here, buildings=found.buildings, known=known, limit=scans.TOP
        )
    risks = assessed.grades_of(order) if is_shown else {}
    shown = [
        weigh.match(
            rows[pk],
            left[pk],
            here=found.here,
            buildings=found.buildings,
            known=known,
            risk=risks.get(pk, ""),
            in_words=is_shown,
        )
        for pk in order
    ]
    return _Matched(shown, _words(clues, rows.values(), everybody))


def _left(
    top: Sequence[int], hits: Mapping[int, Hits], rows: Mapping[int, Row], found: _Found
) -> dict[int, Hits]:
    """How those that are left were found, once what was set aside is taken away."""
    if not (found.not_them or found.not_these):
        return {pk: hits[pk] for pk in top}
    left = {}
    for pk in top:
        kept = hits[pk].without(found.not_them, weigh.company(rows[pk]))
        if kept and pk not in found.not_these:
            left[pk] = kept
    return left


def _hits(clues: Clues, found: _Found, everybody: Mapping[int, Known]) -> dict[int, Hits]:
    hits: dict[int, Hits] = {}
    rows = scans.incidents(
        number=clues.number, address_ids=found.address_ids, person_ids=list(everybody)
    )
    for pk, received_at, way, key in rows:
        one = hits.setdefault(pk, Hits(received_at))
        if way == "number":
            one.number = True
        elif way == "further":
            one.further = True
        elif way == "address":
            one.address_id = key
        else:
            one.people.append((key, way))
    return hits


def _words(
    clues: Clues, rows: Collection[Row], everybody: Mapping[int, Known]
) -> dict[tuple[str, str], str]:
    """What was found by this look-up and may have been set aside, in words."""
    if not clues.set_aside:
        return {}
    words = {(INCIDENT, row[1]): weigh.described(row) for row in rows}
    for row in rows:
        for _, _, given, family, reference, *_ in weigh.parts(row):
            words[PERSON, reference] = f"{given} {family}".strip() or "name not known"
    for one in everybody.values():
        words[PERSON, one.person.reference] = one.person.name
    return words


def _set_aside(clues: Clues, words: Mapping[tuple[str, str], str]) -> tuple[SetAside, ...]:
    """All of it, so that it can be brought back; in words only what was found by these clues."""
    return tuple(SetAside(*mark, words.get(mark, "")) for mark in marks(clues.set_aside))


def _perpetrators(
    matches: Iterable[Match], known: dict[int, Known], not_them: set[int]
) -> list[int]:
    return list(
        {
            part.person_id
            for shown in matches
            if weigh.concerns(shown, known)
            for part in shown.named("perpetrator")
            if part.person_id not in not_them
        }
    )


def _notices(
    rows: Iterable[Row], matches: Sequence[Match], known: Mapping[int, Known], here: int | None
) -> tuple[Notice, ...]:
    names_of = {part.person_id: part.name for shown in matches for part in shown.parts}
    names_of |= {pk: one.person.name for pk, one in known.items()}
    found = (weigh.notice(row, names_of, here=here) for row in rows)
    return tuple(
        sorted(found, key=lambda notice: (not notice.is_emergency, notice.on, notice.until))
    )


def _still_open(matches: Iterable[Match], since: datetime) -> tuple[Match, ...]:
    """Those that may be the event called about now: only where somebody is surely meant."""
    return tuple(
        shown
        for shown in matches
        if shown.state != Incident.State.CLOSED
        and shown.received_at >= since
        and shown.strength >= weigh.SAME_FROM
    )


def _last_graded(known: dict[int, Known]) -> Known | None:
    """The most alarming grade among those surely meant; the newest among equals."""
    graded = [one for one in known.values() if one.person.grade and one.person.is_sure]
    return max(
        graded,
        key=lambda one: (RiskGrade(one.person.grade).rank, one.person.grade_since),
        default=None,
    )
