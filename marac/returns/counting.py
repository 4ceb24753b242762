"""Rows counted to figures. Pure: what is counted was read before, what is shown comes after."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from math import ceil
from statistics import median

from marac.returns.periods import months_earlier
from marac.returns.rows import ActionRow, HeardRow, InvitedRow, PopulationRow
from marac.returns.shapes import Actions, Came, Change, Counts, Rate, Share, Waits

YES, NO = "yes", "no"


def share(rows: Iterable[HeardRow], answer: Callable[[HeardRow], bool | None]) -> Share:
    """As many as answer yes, of those who answer; None is not known."""
    found = Counter(map(answer, rows))
    return Share(found[True], found[True] + found[False], found[None])


def said(answer: str) -> bool | None:
    """What is on record of an answer: yes, no, or not known."""
    return {YES: True, NO: False}.get(answer)


def is_male(row: HeardRow) -> bool | None:
    return None if row.sex == "unknown" else row.sex == "male"


def is_16_or_17(row: HeardRow) -> bool | None:
    """By the day of the hearing."""
    return row.victim_born.is_aged(16, 17, row.held_on)


def is_by_somebody_under_18(row: HeardRow) -> bool | None:
    """By the day of the hearing; not known where nobody knows who harms them."""
    return row.perpetrator_born.is_aged(0, 17, row.held_on)


def counts(
    rows: Sequence[HeardRow],
    *,
    meetings: int,
    actions: Iterable[ActionRow] = (),
    invited: Iterable[InvitedRow] = (),
) -> Counts:
    """The figures of what so many meetings heard. A case counts each time that it is heard."""
    cases = [row for row in rows if not row.is_flag]
    return Counts(
        meetings=meetings,
        cases=len(cases),
        different=len({row.case for row in cases}),
        flags=len(rows) - len(cases),
        children=sum(row.children for row in cases),
        repeats=share(cases, lambda row: row.is_repeat),
        from_partners=share(cases, lambda row: row.agency_kind != "police"),
        minority_ethnic=share(cases, lambda row: said(row.minority_ethnic)),
        lgbt=share(cases, lambda row: said(row.lgbt)),
        disability=share(cases, lambda row: said(row.disability)),
        male=share(cases, is_male),
        victims_16_17=share(cases, is_16_or_17),
        perpetrators_under_18=share(cases, is_by_somebody_under_18),
        by_kind=Counter(row.agency_kind for row in cases),
        by_agency=Counter(row.agency for row in cases),
        waits=waits(cases),
        actions=tally(actions),
        came=attendance(invited),
    )


def waits(rows: Iterable[HeardRow]) -> Waits:
    """Days from proposal to hearing, of the cases that were heard for the first time."""
    days = sorted((row.held_on - row.proposed_on).days for row in rows if row.is_first)
    if not days:
        return Waits()
    return Waits(len(days), median(days), days[ceil(0.9 * len(days)) - 1], days[-1])


def tally(rows: Iterable[ActionRow]) -> Actions:
    """What became of actions."""
    found: Counter[str] = Counter()
    for row in rows:
        found["agreed"] += row.number
        found[row.state] += row.number
        found["overdue"] += row.number * row.overdue
        found["in time"] += row.number * (row.state == "done" and row.in_time)
    return Actions(
        agreed=found["agreed"],
        done=found["done"],
        done_in_time=found["in time"],
        not_done=found["not_done"],
        overtaken=found["overtaken"],
        open=found["open"],
        overdue=found["overdue"],
    )


def attendance(rows: Iterable[InvitedRow]) -> Came:
    """How often agencies came, sent apologies, or neither."""
    found = Counter(row.state for row in rows)
    return Came(
        invited=found.total(),
        attended=found["attended"],
        apologies=found["apologies"],
        absent=found["absent"],
    )


def rate(
    cases: int,
    conferences: Iterable[int],
    populations: Iterable[PopulationRow],
    *,
    recommended: int,
) -> Rate:
    """Cases of these conferences in a year by who lives there; none while one figure is missing."""
    wanted = list(conferences)
    found = tuple(one for one in populations if one.conference in wanted)
    missing = set(wanted) - {one.conference for one in found}
    women = sum(one.adult_women for one in found) if found and not missing else None
    return Rate(cases, women, recommended, found, tuple(sorted(missing)))


def change(now: Counts, before: Counts) -> Change:
    return Change(now.cases, before.cases)


def heard_again(cohort: Iterable[HeardRow], later: Iterable[HeardRow], *, months: int) -> Share:
    """Of what was heard, as many as the same two were heard again within so many months.

    The same two: the same case, a case that says which one it repeats, or the same people.
    """
    firsts, others = [[row for row in rows if not row.is_flag] for rows in (cohort, later)]
    groups = _Groups()
    for row in (*firsts, *others):
        groups.join(("case", row.case), ("case", row.repeat_of or row.case))
        if row.perpetrator is not None:
            groups.join(("case", row.case), ("pair", row.victim, row.perpetrator))
    repeats: dict[object, list[HeardRow]] = {}
    for row in others:
        if row.is_repeat:
            repeats.setdefault(groups.of(("case", row.case)), []).append(row)
    number = sum(
        any(
            months_earlier(row.held_on, months) <= first.held_on < row.held_on
            for row in repeats.get(groups.of(("case", first.case)), ())
        )
        for first in firsts
    )
    return Share(number, len(firsts))


class _Groups:
    """What belongs together, joined two by two."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def of(self, one: object) -> object:
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def join(self, one: object, other: object) -> None:
        top, under = self.of(one), self.of(other)
        if top != under:
            self._above[under] = top
