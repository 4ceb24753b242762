"""What holds of the clocks at any instant, against oracles that share no code with them."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import assume, example, given
from hypothesis import strategies as st

from core import working_time as wt
from core.working_time import Calendar
from tests.core.helpers_working_time import BANK_HOLIDAYS, DAY, HOUR, LONDON, MINUTE, same, wall

ZONES = st.sampled_from([UTC, LONDON, timezone(timedelta(hours=-7)), ZoneInfo("Asia/Kolkata")])


@st.composite
def instants(draw: st.DrawFn) -> datetime:
    """From 2025 to mid-December 2028; every other one within days of a change or a holiday."""
    zone = draw(ZONES)
    near = draw(
        st.none() | st.sampled_from([*sorted(BANK_HOLIDAYS), date(2026, 3, 29), date(2026, 10, 25)])
    )
    if near is None or near > date(2028, 12, 1):
        minutes = draw(st.integers(0, int(timedelta(days=1440) / MINUTE)))
        return (datetime(2025, 1, 1, tzinfo=UTC) + minutes * MINUTE).astimezone(zone)
    minutes = draw(st.integers(-4 * 1440, 3 * 1440))
    middle = datetime(near.year, near.month, near.day, tzinfo=UTC)
    return max(middle + minutes * MINUTE, datetime(2025, 1, 1, tzinfo=UTC)).astimezone(zone)


SOME_DAYS = st.frozensets(st.dates(date(2025, 1, 1), date(2028, 12, 20)), max_size=12)
CALENDARS = st.builds(
    lambda closed, opened, added: Calendar(
        extra_closed=closed - opened, extra_open=opened, bank_holidays_added=added
    ),
    SOME_DAYS,
    SOME_DAYS,
    SOME_DAYS,
)


def local_day(instant: datetime) -> date:
    return instant.astimezone(LONDON).date()


def is_in_repeated_hour(instant: datetime) -> bool:
    local = instant.astimezone(LONDON)
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def oracle_working_day(day: date, calendar: Calendar) -> bool:
    ordinary = (
        day.isoweekday() <= 5
        and day not in BANK_HOLIDAYS
        and day not in calendar.bank_holidays_added
        and day not in calendar.extra_closed
    )
    return ordinary or day in calendar.extra_open


def oracle_court_day(day: date, calendar: Calendar) -> bool:
    return not (
        day.isoweekday() == 7
        or (day.month, day.day) == (12, 25)
        or day in BANK_HOLIDAYS
        or day in calendar.bank_holidays_added
    )


@given(instants(), st.timedeltas(timedelta(0), timedelta(days=400)))
def test_elapsed_is_exact(start: datetime, allowance: timedelta) -> None:
    # Subtraction between two zones is real time; within one zone it would be wall-clock time.
    assert wt.elapsed(start, allowance) - start.astimezone(UTC) == allowance


@given(instants(), st.integers(1, 12), CALENDARS)
@example(wall("Fri 16 Jan 2026 16:00"), 1, wt.PLAIN_CALENDAR)
def test_working_days_end_on_a_working_day_with_the_right_number_passed(
    start: datetime, days: int, calendar: Calendar
) -> None:
    result = wt.working_days_after(start, days, calendar=calendar)
    first, last = local_day(start), local_day(result)
    passed = [
        first + n * DAY
        for n in range(1, (last - first).days + 1)
        if oracle_working_day(first + n * DAY, calendar)
    ]
    assert oracle_working_day(last, calendar)
    assert len(passed) == days
    shown = result.astimezone(LONDON).time()
    if not oracle_working_day(first, calendar):
        assert shown == time.max
    elif last.isoweekday() <= 5:
        assert shown == start.astimezone(LONDON).time()


@given(instants(), instants(), st.integers(0, 8), CALENDARS)
@example(wall("Fri 16 Jan 2026 23:59"), wall("Sat 17 Jan 2026 00:00"), 1, wt.PLAIN_CALENDAR)
@example(wall("Sun 18 Jan 2026 23:59"), wall("Mon 19 Jan 2026 00:00"), 1, wt.PLAIN_CALENDAR)
def test_a_later_start_is_never_due_earlier(
    one: datetime, other: datetime, days: int, calendar: Calendar
) -> None:
    start, later = sorted((one, other), key=lambda instant: instant.timestamp())
    length = days * 9 * HOUR
    assert wt.elapsed(start, length) <= wt.elapsed(later, length)
    assert wt.court_time_after(start, length, calendar=calendar) <= wt.court_time_after(
        later, length, calendar=calendar
    )
    assert wt.next_school_day(start, calendar=calendar) <= wt.next_school_day(
        later, calendar=calendar
    )
    assume(not is_in_repeated_hour(start) and not is_in_repeated_hour(later))
    assert wt.working_days_after(start, days, calendar=calendar) <= wt.working_days_after(
        later, days, calendar=calendar
    )
    assert wt.working_days_before(start, days, calendar=calendar) <= wt.working_days_before(
        later, days, calendar=calendar
    )


@given(instants(), st.integers(0, 8), CALENDARS)
def test_working_days_forward_and_back_return(
    start: datetime, days: int, calendar: Calendar
) -> None:
    """Exact between working days on which the time of day exists, and exists once."""
    day = local_day(start)
    opened = replace(
        calendar,
        extra_open=calendar.extra_open | {day},
        extra_closed=calendar.extra_closed - {day},
    )
    there = wt.working_days_after(start, days, calendar=opened)
    assume(there.astimezone(LONDON).time() == start.astimezone(LONDON).time())
    assume(not is_in_repeated_hour(start) and not is_in_repeated_hour(there))
    assert wt.working_days_before(there, days, calendar=opened) == start


@given(instants(), st.integers(1, 8), CALENDARS)
def test_working_days_back_leave_exactly_that_many(
    instant: datetime, days: int, calendar: Calendar
) -> None:
    back = wt.working_days_before(instant, days, calendar=calendar)
    first, last = local_day(back), local_day(instant)
    between = [first + n * DAY for n in range((last - first).days)]
    assert sum(oracle_working_day(day, calendar) for day in between) == days
    assert oracle_working_day(first, calendar)
    if not oracle_working_day(last, calendar):
        assert back.astimezone(LONDON).time() == time(0)


@given(instants(), st.integers(0, 72 * 60), CALENDARS)
@example(wall("Thu 24 Dec 2026 18:00"), 48 * 60, wt.PLAIN_CALENDAR)
@example(wall("Fri 16 Jan 2026 00:00"), 48 * 60, wt.PLAIN_CALENDAR)
def test_court_time_counted_minute_by_minute(
    served: datetime, minutes: int, calendar: Calendar
) -> None:
    result = wt.court_time_after(served, minutes * MINUTE, calendar=calendar)
    now, counted, last_was_counted = served.astimezone(UTC), 0, True
    while now < result:
        last_was_counted = oracle_court_day(local_day(now), calendar)
        counted += last_was_counted
        now += MINUTE
    assert now == result
    assert counted == minutes
    # Earliest of the instants with that count, so never inside a day left out: at most its
    # first moment. Nothing to count still waits for a day that counts.
    if minutes:
        assert last_was_counted
    else:
        assert oracle_court_day(local_day(result), calendar)


@given(
    instants(),
    st.lists(
        st.tuples(st.dates(date(2025, 1, 1), date(2028, 12, 1)), st.integers(0, 15)), max_size=6
    ),
)
def test_next_school_day_is_the_first_after_the_incident(
    incident: datetime, breaks: list[tuple[date, int]]
) -> None:
    calendar = Calendar(school_breaks=tuple((day, day + n * DAY) for day, n in breaks))
    closed = {day + m * DAY for day, n in breaks for m in range(n + 1)}
    mornings = (
        datetime(day.year, day.month, day.day, 8, 30, tzinfo=LONDON)
        for day in (local_day(incident) + n * DAY for n in range(200))
        if day.isoweekday() <= 5 and day not in BANK_HOLIDAYS and day not in closed
    )
    first = next(m for m in mornings if m.timestamp() > incident.timestamp())
    assert same(wt.next_school_day(incident, calendar=calendar), first)


@given(instants(), st.timedeltas(timedelta(0), timedelta(days=400)), st.lists(st.floats(0, 1)))
def test_fraction_points_keep_order_and_bounds(
    start: datetime, length: timedelta, fractions: list[float]
) -> None:
    due = wt.elapsed(start, length)
    points = wt.fraction_points(start, due, sorted(fractions))
    assert list(points) == sorted(points)
    assert all(start.astimezone(UTC) <= point <= due for point in points)
    assert wt.fraction_points(start, due, (0, 1)) == (start, due)
