"""When something is due, when it warns, and its rule in words."""

from datetime import UTC, datetime, time, timedelta
from time import perf_counter

import pytest

from core import working_time as wt
from core.working_time import Allowance, Calendar, Clock
from tests.core.helpers_working_time import HOUR, MINUTE, SCHOOL_CALENDAR, days_of, same, wall

# --- fixed instants and warnings ---------------------------------------------------------------


def test_fixed_instant_and_lead() -> None:
    release = wall("Fri 30 Oct 2026 09:00")
    assert same(wt.fixed(release), release)
    assert same(wt.fixed(release, lead=14 * 24 * HOUR), wall("Fri 16 Oct 2026 10:00"))
    assert same(wt.due(Clock.FIXED, release, Allowance(days=14)), wall("Fri 16 Oct 2026 09:00"))


def test_warnings_at_half_and_four_fifths_of_72_hours_over_a_clock_change() -> None:
    start = wall("Fri 27 Mar 2026 12:00")
    half, four_fifths = wt.fraction_points(start, wt.elapsed(start, 72 * HOUR), (0.5, 0.8))
    assert same(half, wall("Sun 29 Mar 2026 00:00"))
    assert same(four_fifths, wall("Sun 29 Mar 2026 22:36"))


def test_warnings_of_what_is_already_due_fall_together() -> None:
    start, gone = wall("Fri 16 Jan 2026 12:00"), wall("Thu 15 Jan 2026 12:00")
    assert wt.fraction_points(start, gone, (0, 0.5, 1)) == (gone, gone, gone)


@pytest.mark.parametrize("fraction", [-0.1, 1.01, float("nan")])
def test_fractions_outside_the_whole_are_refused(fraction: float) -> None:
    now = datetime.now(UTC)
    with pytest.raises(ValueError, match="between 0 and 1"):
        wt.fraction_points(now, now + HOUR, (0.5, fraction))


# --- the one entry point, and words ------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "allowance", "expected", "words"),
    [
        (Clock.ELAPSED, Allowance(hours=72), "Sun 05 Apr 2026 15:00", "72 hours"),
        (Clock.ELAPSED, Allowance(hours=1), "Thu 02 Apr 2026 16:00", "1 hour"),
        (Clock.ELAPSED, Allowance(minutes=20), "Thu 02 Apr 2026 15:20", "20 minutes"),
        (
            Clock.ELAPSED,
            Allowance(hours=1, minutes=30),
            "Thu 02 Apr 2026 16:30",
            "1 hour 30 minutes",
        ),
        (Clock.ELAPSED, Allowance(days=28), "Thu 30 Apr 2026 15:00", "28 days"),
        (Clock.ELAPSED, Allowance(), "Thu 02 Apr 2026 15:00", "at once"),
        (Clock.WORKING_DAYS, Allowance(working_days=2), "Wed 08 Apr 2026 15:00", "2 working days"),
        (Clock.WORKING_DAYS, Allowance(working_days=1), "Tue 07 Apr 2026 15:00", "1 working day"),
        (
            Clock.COURT,
            Allowance(hours=48),
            "Tue 07 Apr 2026 15:00",
            "48 hours, not counting Sundays and bank holidays",
        ),
        (
            Clock.NEXT_SCHOOL_DAY,
            Allowance(),
            "Tue 07 Apr 2026 08:30",
            "before the next school day begins at 08:30",
        ),
        (
            Clock.NEXT_SCHOOL_DAY,
            Allowance(school_day_starts=time(8, 45)),
            "Tue 07 Apr 2026 08:45",
            "before the next school day begins at 08:45",
        ),
        (Clock.FIXED, Allowance(), "Thu 02 Apr 2026 15:00", "at the time set"),
        (Clock.FIXED, Allowance(days=7), "Thu 26 Mar 2026 15:00", "7 days before"),
        (Clock.FIXED, Allowance(hours=4), "Thu 02 Apr 2026 11:00", "4 hours before"),
        (
            Clock.FIXED,
            Allowance(working_days=5),
            "Thu 26 Mar 2026 15:00",
            "5 working days before",
        ),
    ],
)
def test_due_and_its_rule_in_words(
    clock: Clock, allowance: Allowance, expected: str, words: str
) -> None:
    assert same(wt.due(clock, wall("Thu 02 Apr 2026 15:00"), allowance), wall(expected))
    assert wt.describe(clock, allowance) == words


@pytest.mark.parametrize(
    ("clock", "start", "allowance", "calendar", "expected"),
    [
        (
            Clock.WORKING_DAYS,
            "Wed 14 Jan 2026 15:00",
            Allowance(working_days=1),
            Calendar(extra_closed=days_of("Thu 15 Jan 2026")),
            "Fri 16 Jan 2026 15:00",
        ),
        (
            Clock.FIXED,
            "Fri 16 Jan 2026 15:00",
            Allowance(working_days=1),
            Calendar(extra_closed=days_of("Thu 15 Jan 2026")),
            "Wed 14 Jan 2026 15:00",
        ),
        (
            Clock.COURT,
            "Wed 14 Jan 2026 15:00",
            Allowance(hours=24),
            Calendar(bank_holidays_added=days_of("Thu 15 Jan 2026")),
            "Fri 16 Jan 2026 15:00",
        ),
        (
            Clock.NEXT_SCHOOL_DAY,
            "Fri 23 Oct 2026 15:00",
            Allowance(),
            SCHOOL_CALENDAR,
            "Mon 02 Nov 2026 08:30",
        ),
    ],
)
def test_due_hands_the_calendar_on(
    clock: Clock, start: str, allowance: Allowance, calendar: Calendar, expected: str
) -> None:
    assert same(wt.due(clock, wall(start), allowance, calendar=calendar), wall(expected))


@pytest.mark.parametrize(
    ("clock", "allowance"),
    [
        (Clock.COURT, Allowance(working_days=2)),
        (Clock.COURT, Allowance(days=2)),
        (Clock.WORKING_DAYS, Allowance(hours=16)),
        (Clock.WORKING_DAYS, Allowance(days=2)),
        (Clock.ELAPSED, Allowance(working_days=2)),
        (Clock.NEXT_SCHOOL_DAY, Allowance(minutes=5)),
    ],
)
def test_a_unit_foreign_to_the_clock_is_refused(clock: Clock, allowance: Allowance) -> None:
    with pytest.raises(ValueError, match="does not run in"):
        wt.due(clock, datetime.now(UTC), allowance)
    with pytest.raises(ValueError, match="does not run in"):
        wt.describe(clock, allowance)


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(hours=5, minutes=20), "5 h 20 min left"),
        (-timedelta(hours=4, minutes=10), "4 h 10 min over"),
        (timedelta(hours=38, minutes=20), "38 h 20 min left"),
        (timedelta(hours=9, minutes=2), "9 h 02 min left"),
        (timedelta(hours=5, minutes=20, seconds=59), "5 h 20 min left"),
        (-timedelta(hours=4, minutes=10, seconds=59), "4 h 10 min over"),
        (timedelta(hours=1), "1 h 00 min left"),
        (timedelta(minutes=59, seconds=59), "59 min left"),
        (-timedelta(minutes=1), "1 min over"),
        (timedelta(seconds=59), "less than 1 min left"),
        (-timedelta(microseconds=1), "less than 1 min over"),
        (timedelta(0), "due now"),
        (timedelta(hours=71, minutes=59), "71 h 59 min left"),
        (timedelta(hours=72), "3 days left"),
        (timedelta(days=3, hours=23), "3 days left"),
        (-timedelta(days=12, hours=1), "12 days over"),
    ],
)
def test_time_left_in_words(left: timedelta, words: str) -> None:
    assert wt.format_left(left) == words


# --- speed -------------------------------------------------------------------------------------


def test_fast_enough_for_a_whole_store() -> None:
    """100,000 rows in seconds: 5,000 of each slow clock in well under a second or two."""
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + n * 97 * MINUTE for n in range(5_000)]
    began = perf_counter()
    for start in starts:
        wt.due(Clock.COURT, start, Allowance(hours=48))
        wt.due(Clock.WORKING_DAYS, start, Allowance(working_days=2))
    assert perf_counter() - began < 2
