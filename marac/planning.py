"""On which days a conference meets by its rule, and when its agenda is due: pure functions.

The rule names a day of the week; a meeting that falls on a bank holiday or on a day on which the
force is closed takes place on the next working day. Times are those of the wall clock: a call at
10:00 is at 10:00 in summer and in winter.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.policy import ForcePolicy
from core.working_time import Calendar, is_working_day, working_days_before
from core.working_time.instants import at as instant_at
from marac.models import Conference, Meeting

LAST = 5
_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """A meeting that the rule asks for: the day by the rule, and when it begins (UTC)."""

    kind: str
    by_rule_on: date
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Times:
    """When a case is late, and when the agenda must be out; no cut-off for an emergency."""

    cut_off_at: datetime | None
    agenda_due_at: datetime


def nth_weekday(year: int, month: int, week: int, weekday: int) -> date:
    """The first (1) to fourth (4) such weekday of a month, or its last (5). Monday is 0."""
    if week == LAST:
        following = date(year + month // 12, month % 12 + 1, 1)
        last = following - _DAY
        return last - _DAY * ((last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + _DAY * ((weekday - first.weekday()) % 7 + 7 * (week - 1))


def held_on(by_rule_on: date, calendar: Calendar) -> date:
    """That day, or the next working day after it."""
    day = by_rule_on
    while not is_working_day(day, calendar):
        day += _DAY
    return day


def monthly(conference: Conference, from_on: date, until_on: date) -> Iterator[date]:
    """The days of its monthly meetings by the rule, both ends included."""
    year, month = from_on.year, from_on.month
    while (year, month) <= (until_on.year, until_on.month):
        day = nth_weekday(year, month, conference.monthly_week, conference.monthly_day)
        if from_on <= day <= until_on:
            yield day
        year, month = year + month // 12, month % 12 + 1


def weekly(conference: Conference, from_on: date, until_on: date) -> Iterator[date]:
    """The days of its weekly calls by the rule, both ends included."""
    day = from_on + _DAY * ((conference.weekly_day - from_on.weekday()) % 7)
    while day <= until_on:
        yield day
        day += _WEEK


def by_rule(
    conference: Conference, from_on: date, until_on: date, calendar: Calendar
) -> list[Planned]:
    """Every meeting whose day by the rule lies in the span, both ends included, in their order."""
    found = [
        *_at(Meeting.Kind.MONTHLY, monthly(conference, from_on, until_on), conference, calendar),
        *_at(Meeting.Kind.WEEKLY, weekly(conference, from_on, until_on), conference, calendar),
    ]
    return sorted(found, key=lambda one: (one.starts_at, one.kind))


def clock_time(conference: Conference, kind: str) -> time:
    """The time on the wall clock at which its meetings of a kind begin."""
    return conference.weekly_at if kind == Meeting.Kind.WEEKLY else conference.monthly_at


def times(kind: str, starts_at: datetime, at: datetime, rules: ForcePolicy) -> Times:
    """When the agenda is due, which is the cut-off too: so many working days before (policy).

    An emergency has no cut-off, and its agenda is due at once. Whatever would lie in the past is
    due now.
    """
    if kind == Meeting.Kind.EMERGENCY:
        return Times(None, at)
    days = (
        rules.marac_weekly_agenda_days if kind == Meeting.Kind.WEEKLY else rules.marac_agenda_days
    )
    due_at = max(working_days_before(starts_at, days, calendar=rules.calendar), at)
    return Times(due_at, due_at)


def slot(kind: str, by_rule_on: date) -> tuple[str, int, int]:
    """There is one weekly call a week and one monthly meeting a month, whatever the rule was."""
    if kind == Meeting.Kind.WEEKLY:
        year, week, _ = by_rule_on.isocalendar()
        return (kind, year, week)
    return (kind, by_rule_on.year, by_rule_on.month)


def _at(
    kind: str, days: Iterator[date], conference: Conference, calendar: Calendar
) -> Iterator[Planned]:
    hour = clock_time(conference, kind)
    for day in days:
        yield Planned(kind, day, instant_at(held_on(day, calendar), hour))
