"""The return of a period: what was read, put together."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from accounts.models import Agency
from core import policy
from marac.models import Conference, Meeting
from marac.returns import counting, queries
from marac.returns.periods import Period, months_to, quarters_to, year_to
from marac.returns.rows import ActionRow, HeardRow, InvitedRow, MeetingRow, PopulationRow
from marac.returns.shapes import (
    AgencyPart,
    Counts,
    MeetingPart,
    Part,
    QuarterPart,
    Return,
)

EVERYWHERE = "All conferences"
Row = TypeVar("Row", ActionRow, InvitedRow)
_Heard = defaultdict[int, list[HeardRow]]
_Actions = defaultdict[int, list[ActionRow]]
_Invited = defaultdict[int, list[InvitedRow]]


@dataclass(frozen=True)
class Found:
    """Everything that was read for one return."""

    meetings: Sequence[MeetingRow]
    heard: Sequence[HeardRow]
    actions: Sequence[ActionRow]
    invited: Sequence[InvitedRow]
    populations: Sequence[PopulationRow]

    def counts(self, conferences: Collection[int], period: Period) -> Counts:
        """The figures of some conferences in a period."""
        meetings = [
            one for one in self.meetings if one.conference in conferences and one.held_on in period
        ]
        return self.counts_of(meetings)

    def counts_of(self, meetings: Sequence[MeetingRow]) -> Counts:
        """The figures of these meetings together."""
        heard, actions, invited = self._by_meeting
        keys = [one.pk for one in meetings]
        return counting.counts(
            [row for key in keys for row in heard[key]],
            meetings=len(meetings),
            actions=[row for key in keys for row in actions[key]],
            invited=[row for key in keys for row in invited[key]],
        )

    @cached_property
    def _by_meeting(self) -> tuple[_Heard, _Actions, _Invited]:
        found: tuple[_Heard, _Actions, _Invited] = (
            defaultdict(list),
            defaultdict(list),
            defaultdict(list),
        )
        for row in self.heard:
            found[0][row.meeting].append(row)
        for action in self.actions:
            found[1][action.meeting].append(action)
        for one in self.invited:
            found[2][one.meeting].append(one)
        return found


def figures(
    *, conference_ids: Collection[int], from_on: date, until_on: date, at: datetime
) -> Return:
    """The return of some conferences from one day to another, both of them in it.

    A case counts with the day on which the meeting that concluded it began, on the wall clock, and
    once that meeting is over. The rolling year, the rate and the change are of the twelve months
    that end with `until_on`. Seven queries, however long ago the conferences began.
    """
    rules = policy.at(at)
    period, year = Period(from_on, until_on), year_to(until_on)
    names = _names(conference_ids)
    cohort = months_to(until_on, 12, before=rules.marac_repeat_months)
    before = months_to(until_on, 12, before=12)
    found = _read(list(names), min(period.first, before.first, cohort.first), period, year, at)
    maker = _Maker(found, period, year, before, cohort, rules.marac_repeat_months)
    recommended = rules.marac_recommended_rate
    return Return(
        at=at,
        period=period,
        year=year,
        before=before,
        cohort=cohort,
        repeat_months=rules.marac_repeat_months,
        whole=maker.part(EVERYWHERE, None, list(names), recommended),
        conferences=tuple(maker.part(name, key, [key], recommended) for key, name in names.items()),
        meetings=tuple(maker.meetings(names)),
        quarters=tuple(
            QuarterPart(one, found.counts(names.keys(), one)) for one in quarters_to(until_on)
        ),
        agencies=tuple(maker.agencies()),
        names=names,
    )


def _names(conference_ids: Collection[int]) -> dict[int, str]:
    rows = Conference.objects.filter(pk__in=conference_ids).order_by("name")
    return dict(rows.values_list("pk", "name"))


def _read(conferences: list[int], first: date, period: Period, year: Period, at: datetime) -> Found:
    whole = Period(first, period.last)
    lately = Period(min(period.first, year.first), period.last)
    return Found(
        meetings=queries.meetings(conferences, whole),
        heard=queries.heard(conferences, whole),
        actions=queries.actions(conferences, lately, at),
        invited=queries.invited(conferences, lately),
        populations=queries.populations(conferences, period.last.year),
    )


@dataclass(frozen=True)
class _Maker:
    """Parts of one return."""

    found: Found
    period: Period
    year: Period
    before: Period
    cohort: Period
    months: int

    def part(self, name: str, key: int | None, conferences: list[int], recommended: int) -> Part:
        year = self.found.counts(conferences, self.year)
        before = self.found.counts(conferences, self.before)
        own = [row for row in self.found.heard if row.conference in conferences]
        return Part(
            name=name,
            conference=key,
            period=self.found.counts(conferences, self.period),
            year=year,
            rate=counting.rate(
                year.cases, conferences, self.found.populations, recommended=recommended
            ),
            change=counting.change(year, before),
            again=counting.heard_again(
                [row for row in own if row.held_on in self.cohort], own, months=self.months
            ),
        )

    def meetings(self, names: dict[int, str]) -> Iterable[MeetingPart]:
        """Those of the period, the newest first."""
        for one in reversed(self.found.meetings):
            if one.held_on in self.period:
                kind = str(Meeting.Kind(one.kind).label)
                yield MeetingPart(one, names[one.conference], kind, self.found.counts_of([one]))

    def agencies(self) -> Iterable[AgencyPart]:
        """Every agency that referred, was invited, or has an action in the rolling year."""
        lately = {one.pk for one in self.found.meetings if one.held_on in self.year}
        actions, invited = _by_agency(self.found.actions), _by_agency(self.found.invited)
        conferences = {one.conference for one in self.found.meetings}
        year = self.found.counts(conferences, self.year).by_agency
        period = self.found.counts(conferences, self.period).by_agency
        wanted = {*year, *period, *actions, *invited}
        for agency in Agency.objects.filter(pk__in=wanted):
            yield AgencyPart(
                name=agency.name,
                kind=agency.kind,
                referred=year.get(agency.pk, 0),
                referred_in_period=period.get(agency.pk, 0),
                came=counting.attendance(
                    row for row in invited[agency.pk] if row.meeting in lately
                ),
                actions=counting.tally(row for row in actions[agency.pk] if row.meeting in lately),
            )


def _by_agency(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.agency].append(row)
    return found
