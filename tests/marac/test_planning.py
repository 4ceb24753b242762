"""On which days a conference meets: the rule, holidays, closed days and the change of clocks."""

import calendar as months
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import local
from core.policy import ForcePolicy
from core.working_time import Calendar, is_working_day
from marac import planning
from marac.models import Conference, Meeting

PLAIN = Calendar()
MONTHS = st.tuples(st.integers(2024, 2035), st.integers(1, 12))
WEEKDAYS = st.integers(0, 4)
#: The bank holidays of a year are read once, which takes a while.
PATIENT = settings(deadline=None, max_examples=60)


def a_conference(**changes: object) -> Conference:
    said: dict[str, object] = {
        "name": "Fenwick",
        "weekly_day": 1,
        "weekly_at": time(10),
        "monthly_week": 2,
        "monthly_day": 3,
        "monthly_at": time(9, 30),
    }
    return Conference(**{**said, **changes})


@pytest.mark.parametrize(
    ("year", "month", "week", "weekday", "day"),
    [
        (2026, 12, 2, 3, date(2026, 12, 10)),  # the second Thursday
        (2026, 10, 1, 3, date(2026, 10, 1)),  # the first of the month is the first of its kind
        (2026, 12, 5, 4, date(2026, 12, 25)),  # the last Friday, the fourth of four
        (2027, 1, 5, 4, date(2027, 1, 29)),  # the last Friday, the fifth of five
        (2027, 2, 4, 0, date(2027, 2, 22)),
        (2028, 2, 5, 1, date(2028, 2, 29)),  # the last Tuesday of a leap February
    ],
)
def test_the_nth_weekday(year: int, month: int, week: int, weekday: int, day: date) -> None:
    assert planning.nth_weekday(year, month, week, weekday) == day


@PATIENT
@given(MONTHS, st.integers(1, 4), WEEKDAYS)
def test_the_nth_weekday_is_the_nth_of_its_month(
    month: tuple[int, int], week: int, weekday: int
) -> None:
    day = planning.nth_weekday(*month, week, weekday)
    alike = [
        row[weekday]
        for row in months.Calendar().monthdatescalendar(*month)
        if row[weekday].month == month[1]
    ]
    assert day == alike[week - 1]


@PATIENT
@given(MONTHS, WEEKDAYS)
def test_the_last_weekday_is_in_the_last_seven_days(month: tuple[int, int], weekday: int) -> None:
    day = planning.nth_weekday(*month, 5, weekday)
    assert (day.year, day.month) == month
    assert day.weekday() == weekday
    assert (day + timedelta(days=7)).month != month[1]


@PATIENT
@given(st.dates(date(2024, 1, 1), date(2035, 12, 20)))
def test_a_meeting_is_held_on_the_first_working_day_from_its_day_on(day: date) -> None:
    held = planning.held_on(day, PLAIN)
    assert is_working_day(held, PLAIN)
    assert held >= day
    between = (day + timedelta(days=n) for n in range((held - day).days))
    assert not any(is_working_day(one, PLAIN) for one in between)


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2026, 12, 25), date(2026, 12, 29)),  # Friday; Monday 28 stands for Boxing Day
        (date(2027, 3, 26), date(2027, 3, 30)),  # Good Friday, and Easter Monday after it
        (date(2027, 5, 4), date(2027, 5, 4)),  # the day after a bank holiday is a plain one
    ],
)
def test_bank_holidays(day: date, held: date) -> None:
    assert planning.held_on(day, PLAIN) == held


def test_a_day_on_which_the_force_is_closed() -> None:
    closed = Calendar(extra_closed=frozenset({date(2026, 12, 10)}))
    assert planning.held_on(date(2026, 12, 10), closed) == date(2026, 12, 11)


def test_ten_on_the_wall_clock_in_summer_and_in_winter() -> None:
    """The clocks went back on 25 October 2026 and go forward on 28 March 2027."""
    rows = planning.by_rule(a_conference(), date(2026, 10, 15), date(2027, 4, 15), PLAIN)
    calls = [one for one in rows if one.kind == Meeting.Kind.WEEKLY]
    assert {local(one.starts_at).time() for one in calls} == {time(10)}
    by_day = {one.by_rule_on: one.starts_at for one in calls}
    assert by_day[date(2026, 10, 20)] == datetime(2026, 10, 20, 9, tzinfo=UTC)
    assert by_day[date(2026, 10, 27)] == datetime(2026, 10, 27, 10, tzinfo=UTC)
    assert by_day[date(2027, 3, 30)] == datetime(2027, 3, 30, 9, tzinfo=UTC)


@PATIENT
@given(st.dates(date(2025, 1, 1), date(2030, 1, 1)), st.integers(1, 5), WEEKDAYS, WEEKDAYS)
def test_thirteen_weeks_have_thirteen_calls_and_three_meetings_or_two_or_four(
    start: date, week: int, monthly_day: int, weekly_day: int
) -> None:
    of = a_conference(monthly_week=week, monthly_day=monthly_day, weekly_day=weekly_day)
    rows = planning.by_rule(of, start, start + timedelta(days=90), PLAIN)
    calls = [one.by_rule_on for one in rows if one.kind == Meeting.Kind.WEEKLY]
    meetings = [one.by_rule_on for one in rows if one.kind == Meeting.Kind.MONTHLY]
    assert len(calls) == 13
    assert {one.weekday() for one in calls} == {weekly_day}
    assert 2 <= len(meetings) <= 4
    assert len({(one.year, one.month) for one in meetings}) == len(meetings)
    assert [one.starts_at for one in rows] == sorted(one.starts_at for one in rows)


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        # Five working days before Thursday 7 January 2027 leave out New Year's Day.
        (Meeting.Kind.MONTHLY, datetime(2026, 12, 30, 9, 30, tzinfo=UTC)),
        (Meeting.Kind.WEEKLY, datetime(2027, 1, 6, 9, 30, tzinfo=UTC)),
    ],
)
def test_the_agenda_is_due_so_many_working_days_before(kind: str, due: datetime) -> None:
    starts_at = datetime(2027, 1, 7, 9, 30, tzinfo=UTC)
    found = planning.times(kind, starts_at, starts_at - timedelta(days=40), ForcePolicy())
    assert (found.cut_off_at, found.agenda_due_at) == (due, due)


def test_an_emergency_has_no_cut_off_and_its_agenda_is_due_at_once() -> None:
    at = datetime(2026, 11, 23, 22, tzinfo=UTC)
    found = planning.times(Meeting.Kind.EMERGENCY, at + timedelta(hours=9), at, ForcePolicy())
    assert found == planning.Times(None, at)


def test_what_would_lie_in_the_past_is_due_now() -> None:
    at = datetime(2026, 11, 23, 22, tzinfo=UTC)
    soon = at + timedelta(days=2)
    assert planning.times(Meeting.Kind.MONTHLY, soon, at, ForcePolicy()).agenda_due_at == at
