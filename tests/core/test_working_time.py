"""The five clocks, against cases worked by hand and against oracles that share no code with them.

Times in the tables are what a clock on the wall in England shows, and each weekday is checked.
In 2026 the clocks go forward on Sunday 29 March and back on Sunday 25 October.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from time import perf_counter
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from core import working_time as wt
from core.working_time import Allowance, Calendar, Clock

LONDON = ZoneInfo("Europe/London")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)

# The government's published list for England and Wales, copied out by hand.
PUBLISHED = {
    2024: ["1 Jan", "29 Mar", "1 Apr", "6 May", "27 May", "26 Aug", "25 Dec", "26 Dec"],
    2025: ["1 Jan", "18 Apr", "21 Apr", "5 May", "26 May", "25 Aug", "25 Dec", "26 Dec"],
    2026: ["1 Jan", "3 Apr", "6 Apr", "4 May", "25 May", "31 Aug", "25 Dec", "28 Dec"],
    2027: ["1 Jan", "26 Mar", "29 Mar", "3 May", "31 May", "30 Aug", "27 Dec", "28 Dec"],
    2028: ["3 Jan", "14 Apr", "17 Apr", "1 May", "29 May", "28 Aug", "25 Dec", "26 Dec"],
}
BANK_HOLIDAYS = {
    datetime.strptime(f"{text} {year}", "%d %b %Y").date()
    for year, texts in PUBLISHED.items()
    for text in texts
}


def wall(text: str, fold: int = 0) -> datetime:
    """ "Fri 27 Mar 2026 12:00" (seconds optional) as local time; the weekday must be true."""
    form = "%a %d %b %Y %H:%M:%S.%f" if text.count(":") == 2 else "%a %d %b %Y %H:%M"
    naive = datetime.strptime(text, form)
    assert naive.strftime("%a") == text[:3], f"{text} is a {naive:%A}"
    return naive.replace(tzinfo=LONDON, fold=fold)


def end_of(text: str) -> datetime:
    return wall(f"{text} 23:59:59.999999")


def same(result: datetime, expected: datetime) -> bool:
    assert result.tzinfo is UTC
    return result == expected.astimezone(UTC)


def days_of(*texts: str) -> frozenset[date]:
    return frozenset(wall(f"{text} 00:00").date() for text in texts)


# --- elapsed and calendar days -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("Mon 12 Jan 2026 09:00", 72, "Thu 15 Jan 2026 09:00"),
        ("Fri 27 Mar 2026 12:00", 72, "Mon 30 Mar 2026 13:00"),  # the hour is lost on Sunday
        ("Fri 23 Oct 2026 12:00", 72, "Mon 26 Oct 2026 11:00"),  # the hour is gained on Sunday
        ("Sun 29 Mar 2026 00:30", 1, "Sun 29 Mar 2026 02:30"),
        ("Thu 24 Dec 2026 16:00", 24, "Fri 25 Dec 2026 16:00"),  # holidays are nothing to it
        ("Wed 31 Dec 2025 23:00", 4, "Thu 01 Jan 2026 03:00"),
        ("Mon 12 Jan 2026 09:00", 0, "Mon 12 Jan 2026 09:00"),
    ],
)
def test_elapsed(start: str, hours: int, expected: str) -> None:
    assert same(wt.elapsed(wall(start), hours * HOUR), wall(expected))


def test_elapsed_tells_the_two_half_past_ones_apart() -> None:
    first, second = wall("Sun 25 Oct 2026 01:30"), wall("Sun 25 Oct 2026 01:30", fold=1)
    assert same(wt.elapsed(first, HOUR), second)
    assert same(wt.elapsed(second, HOUR), wall("Sun 25 Oct 2026 02:30"))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("Thu 26 Mar 2026 12:00", 7, "Thu 02 Apr 2026 12:00"),
        ("Mon 19 Oct 2026 09:15", 28, "Mon 16 Nov 2026 09:15"),
        ("Sun 22 Mar 2026 01:30", 7, "Sun 29 Mar 2026 02:00"),  # 01:30 does not exist
        ("Sun 18 Oct 2026 01:30", 7, "Sun 25 Oct 2026 01:30"),  # happens twice: the first
    ],
)
def test_calendar_days_after(start: str, days: int, expected: str) -> None:
    assert same(wt.calendar_days_after(wall(start), days), wall(expected))


@pytest.mark.parametrize(
    ("instant", "days", "expected"),
    [
        ("Thu 03 Dec 2026 10:00", 7, "Thu 26 Nov 2026 10:00"),
        ("Fri 30 Oct 2026 10:00", 7, "Fri 23 Oct 2026 10:00"),  # 169 real hours
        ("Sun 05 Apr 2026 01:30", 7, "Sun 29 Mar 2026 02:00"),
        ("Sun 01 Nov 2026 01:30", 7, "Sun 25 Oct 2026 01:30"),
        ("Tue 29 Feb 2028 00:00", 1, "Mon 28 Feb 2028 00:00"),
    ],
)
def test_calendar_days_before(instant: str, days: int, expected: str) -> None:
    assert same(wt.calendar_days_before(wall(instant), days), wall(expected))


def test_no_days_give_the_instant_itself_even_in_the_repeated_hour() -> None:
    second = wall("Sun 25 Oct 2026 01:30", fold=1)
    opened = Calendar(extra_open=days_of("Sun 25 Oct 2026"))
    assert same(wt.calendar_days_after(second, 0), second)
    assert same(wt.calendar_days_before(second, 0), second)
    assert same(wt.working_days_after(second, 0, calendar=opened), second)
    assert same(wt.working_days_before(second, 0, calendar=opened), second)


# --- working days ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("Wed 14 Jan 2026 15:00", 2, "Fri 16 Jan 2026 15:00"),
        ("Fri 16 Jan 2026 16:00", 1, "Mon 19 Jan 2026 16:00"),
        ("Fri 27 Mar 2026 12:00", 1, "Mon 30 Mar 2026 12:00"),  # 71 real hours
        ("Fri 23 Oct 2026 12:00", 1, "Mon 26 Oct 2026 12:00"),  # 73 real hours
        ("Thu 02 Apr 2026 17:45", 1, "Tue 07 Apr 2026 17:45"),  # Good Friday, Easter Monday
        ("Thu 24 Dec 2026 10:00", 1, "Tue 29 Dec 2026 10:00"),  # 25, weekend, substitute 28
        ("Thu 24 Dec 2026 10:00", 3, "Thu 31 Dec 2026 10:00"),
        ("Thu 31 Dec 2026 10:00", 1, "Mon 04 Jan 2027 10:00"),
        ("Fri 24 Dec 2027 10:00", 1, "Wed 29 Dec 2027 10:00"),  # both substitutes, 27 and 28
        ("Fri 31 Dec 2027 10:00", 1, "Tue 04 Jan 2028 10:00"),  # New Year's Day on a Saturday
        ("Fri 16 Sep 2022 10:00", 1, "Tue 20 Sep 2022 10:00"),  # one-off: the state funeral
        ("Thu 07 May 2020 10:00", 1, "Mon 11 May 2020 10:00"),  # early May moved to Friday 8
        ("Fri 01 May 2020 10:00", 1, "Mon 04 May 2020 10:00"),
    ],
)
def test_working_days_from_a_working_day(start: str, days: int, expected: str) -> None:
    assert same(wt.working_days_after(wall(start), days), wall(expected))


@pytest.mark.parametrize(
    ("start", "days", "last_day"),
    [
        ("Sat 17 Jan 2026 10:00", 1, "Mon 19 Jan 2026"),
        ("Sun 18 Jan 2026 23:59", 1, "Mon 19 Jan 2026"),
        ("Sat 17 Jan 2026 00:00", 5, "Fri 23 Jan 2026"),
        ("Fri 03 Apr 2026 12:00", 2, "Wed 08 Apr 2026"),
        ("Fri 25 Dec 2026 03:00", 1, "Tue 29 Dec 2026"),
        ("Sun 29 Mar 2026 02:00", 1, "Mon 30 Mar 2026"),
    ],
)
def test_working_days_from_any_other_day(start: str, days: int, last_day: str) -> None:
    assert same(wt.working_days_after(wall(start), days), end_of(last_day))


def test_no_working_days_at_a_weekend_mean_as_soon_as_work_begins() -> None:
    saturday = wall("Sat 17 Jan 2026 10:00")
    assert same(wt.working_days_after(saturday, 0), wall("Mon 19 Jan 2026 00:00"))
    assert same(wt.working_days_before(saturday, 0), end_of("Fri 16 Jan 2026"))


@pytest.mark.parametrize(
    ("instant", "days", "expected"),
    [
        ("Thu 22 Jan 2026 10:00", 5, "Thu 15 Jan 2026 10:00"),
        ("Thu 09 Apr 2026 10:00", 5, "Tue 31 Mar 2026 10:00"),
        ("Tue 29 Dec 2026 09:30", 1, "Thu 24 Dec 2026 09:30"),
        ("Mon 26 Oct 2026 00:15", 1, "Fri 23 Oct 2026 00:15"),
        ("Sat 24 Jan 2026 10:00", 5, "Mon 19 Jan 2026 00:00"),  # five whole days lie between
        ("Mon 06 Apr 2026 10:00", 2, "Wed 01 Apr 2026 00:00"),
    ],
)
def test_working_days_before(instant: str, days: int, expected: str) -> None:
    assert same(wt.working_days_before(wall(instant), days), wall(expected))


def test_a_force_closes_and_opens_its_own_days() -> None:
    calendar = Calendar(
        extra_closed=days_of("Thu 15 Jan 2026"),
        extra_open=days_of("Sat 17 Jan 2026", "Fri 25 Dec 2026"),
    )
    wednesday = wall("Wed 14 Jan 2026 15:00")
    assert same(
        wt.working_days_after(wednesday, 1, calendar=calendar), wall("Fri 16 Jan 2026 15:00")
    )
    assert same(
        wt.working_days_after(wednesday, 2, calendar=calendar), wall("Sat 17 Jan 2026 15:00")
    )
    christmas_eve = wall("Thu 24 Dec 2026 15:00")
    assert same(
        wt.working_days_after(christmas_eve, 1, calendar=calendar), wall("Fri 25 Dec 2026 15:00")
    )


@pytest.mark.parametrize(
    ("friday", "sunday", "expected"),
    [
        ("Fri 27 Mar 2026 01:30", "Sun 29 Mar 2026", "Sun 29 Mar 2026 02:00"),
        ("Fri 23 Oct 2026 01:30", "Sun 25 Oct 2026", "Sun 25 Oct 2026 01:30"),
    ],
)
def test_working_days_on_an_opened_sunday_of_a_clock_change(
    friday: str, sunday: str, expected: str
) -> None:
    calendar = Calendar(extra_open=days_of(sunday))
    assert same(wt.working_days_after(wall(friday), 1, calendar=calendar), wall(expected))


# --- the court clock ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        ("Mon 12 Jan 2026 09:00", "Wed 14 Jan 2026 09:00"),
        ("Thu 15 Jan 2026 20:00", "Sat 17 Jan 2026 20:00"),  # Saturday counts
        ("Fri 16 Jan 2026 09:00", "Mon 19 Jan 2026 09:00"),
        ("Sat 17 Jan 2026 09:00", "Tue 20 Jan 2026 09:00"),
        ("Sun 18 Jan 2026 10:00", "Wed 21 Jan 2026 00:00"),
        ("Sun 18 Jan 2026 00:00", "Wed 21 Jan 2026 00:00"),
        ("Fri 16 Jan 2026 00:00", "Sun 18 Jan 2026 00:00"),  # ends as Saturday does
        ("Fri 16 Jan 2026 00:01", "Mon 19 Jan 2026 00:01"),
        ("Fri 27 Mar 2026 12:00", "Mon 30 Mar 2026 12:00"),  # a Sunday of 23 hours
        ("Sat 28 Mar 2026 12:00", "Tue 31 Mar 2026 12:00"),
        ("Sun 29 Mar 2026 03:00", "Wed 01 Apr 2026 00:00"),
        ("Fri 23 Oct 2026 12:00", "Mon 26 Oct 2026 12:00"),  # a Sunday of 25 hours
        ("Sun 25 Oct 2026 01:30", "Wed 28 Oct 2026 00:00"),
        ("Thu 02 Apr 2026 15:00", "Tue 07 Apr 2026 15:00"),
        ("Sat 04 Apr 2026 15:00", "Wed 08 Apr 2026 15:00"),
        ("Thu 24 Dec 2026 18:00", "Tue 29 Dec 2026 18:00"),  # Saturday 26 counts, Monday 28 not
        ("Fri 25 Dec 2026 12:00", "Wed 30 Dec 2026 00:00"),
        ("Thu 23 Dec 2027 12:00", "Wed 29 Dec 2027 12:00"),  # Christmas Day on a Saturday
        ("Fri 31 Dec 2027 12:00", "Tue 04 Jan 2028 12:00"),  # Saturday 1 January counts
        ("Fri 16 Sep 2022 12:00", "Tue 20 Sep 2022 12:00"),
    ],
)
def test_court_hearing_within_48_hours(served: str, expected: str) -> None:
    assert same(wt.court_time_after(wall(served), 48 * HOUR), wall(expected))


def test_a_force_corrects_the_bank_holidays_for_every_clock() -> None:
    boxing_day = Calendar(bank_holidays_added=days_of("Sat 26 Dec 2026"))
    served = wall("Thu 24 Dec 2026 18:00")
    assert same(
        wt.court_time_after(served, 48 * HOUR, calendar=boxing_day), wall("Wed 30 Dec 2026 18:00")
    )
    one_off = Calendar(bank_holidays_added=days_of("Wed 14 Jan 2026"))
    tuesday = wall("Tue 13 Jan 2026 10:00")
    thursday = wall("Thu 15 Jan 2026 10:00")
    assert same(wt.court_time_after(tuesday, 24 * HOUR, calendar=one_off), thursday)
    assert same(wt.working_days_after(tuesday, 1, calendar=one_off), thursday)
    assert same(wt.next_school_day(tuesday, calendar=one_off), wall("Thu 15 Jan 2026 08:30"))
    withdrawn = Calendar(bank_holidays_removed=days_of("Mon 04 May 2026"))
    friday = wall("Fri 01 May 2026 10:00")
    assert same(wt.working_days_after(friday, 1, calendar=withdrawn), wall("Mon 04 May 2026 10:00"))


def test_a_training_day_neither_lengthens_a_statutory_period_nor_closes_a_school() -> None:
    training = Calendar(extra_closed=days_of("Wed 14 Jan 2026"))
    tuesday = wall("Tue 13 Jan 2026 10:00")
    assert same(
        wt.court_time_after(tuesday, 48 * HOUR, calendar=training), wall("Thu 15 Jan 2026 10:00")
    )
    assert same(wt.next_school_day(tuesday, calendar=training), wall("Wed 14 Jan 2026 08:30"))


def test_nothing_makes_christmas_day_or_good_friday_count_for_the_court() -> None:
    days = days_of("Fri 03 Apr 2026", "Fri 25 Dec 2026", "Sat 25 Dec 2027")
    calendar = Calendar(extra_open=days, bank_holidays_removed=days)
    assert not any(wt.is_court_day(day, calendar) for day in days)


# --- school days -------------------------------------------------------------------------------

HALF_TERM = (date(2026, 10, 26), date(2026, 10, 30))
CHRISTMAS_BREAK = (date(2026, 12, 21), date(2027, 1, 1))
STAFF_TRAINING = (date(2027, 1, 4), date(2027, 1, 4))
SCHOOL_CALENDAR = Calendar(school_breaks=(HALF_TERM, CHRISTMAS_BREAK, STAFF_TRAINING))


@pytest.mark.parametrize(
    ("incident", "expected"),
    [
        ("Tue 13 Jan 2026 07:00", "Tue 13 Jan 2026 08:30"),
        ("Tue 13 Jan 2026 08:29", "Tue 13 Jan 2026 08:30"),
        ("Tue 13 Jan 2026 08:30", "Wed 14 Jan 2026 08:30"),
        ("Tue 13 Jan 2026 09:00", "Wed 14 Jan 2026 08:30"),
        ("Fri 16 Jan 2026 23:00", "Mon 19 Jan 2026 08:30"),
        ("Sat 28 Mar 2026 23:00", "Mon 30 Mar 2026 08:30"),
        ("Thu 02 Apr 2026 20:00", "Tue 07 Apr 2026 08:30"),
        ("Fri 23 Oct 2026 08:31", "Mon 02 Nov 2026 08:30"),
        ("Fri 18 Dec 2026 15:00", "Tue 05 Jan 2027 08:30"),
    ],
)
def test_before_the_next_school_day(incident: str, expected: str) -> None:
    assert same(wt.next_school_day(wall(incident), calendar=SCHOOL_CALENDAR), wall(expected))


def test_the_start_of_the_school_day_can_be_set() -> None:
    nine = wt.next_school_day(wall("Tue 13 Jan 2026 08:45"), time(9, 0))
    assert same(nine, wall("Tue 13 Jan 2026 09:00"))


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


# --- what is refused ---------------------------------------------------------------------------

NAIVE = datetime(2026, 1, 13, 10, 0)
AWARE = datetime(2026, 1, 13, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "call",
    [
        lambda: wt.elapsed(NAIVE, HOUR),
        lambda: wt.calendar_days_after(NAIVE, 1),
        lambda: wt.calendar_days_before(NAIVE, 1),
        lambda: wt.working_days_after(NAIVE, 1),
        lambda: wt.working_days_before(NAIVE, 1),
        lambda: wt.court_time_after(NAIVE, HOUR),
        lambda: wt.next_school_day(NAIVE),
        lambda: wt.fixed(NAIVE),
        lambda: wt.fraction_points(NAIVE, AWARE, (0.5,)),
        lambda: wt.fraction_points(AWARE, NAIVE, (0.5,)),
        lambda: wt.due(Clock.ELAPSED, NAIVE, Allowance(hours=1)),
    ],
)
def test_naive_datetimes_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: wt.elapsed(AWARE, -MINUTE),
        lambda: wt.calendar_days_after(AWARE, -1),
        lambda: wt.calendar_days_before(AWARE, -1),
        lambda: wt.working_days_after(AWARE, -1),
        lambda: wt.working_days_before(AWARE, -1),
        lambda: wt.court_time_after(AWARE, -MINUTE),
        lambda: wt.fixed(AWARE, lead=-MINUTE),
        lambda: Allowance(hours=-1),
        lambda: Allowance(working_days=-1),
    ],
)
def test_negative_allowances_are_refused(call: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        call()


@pytest.mark.parametrize("amount", [1.5, True, "2", None])
def test_allowances_are_whole_numbers(amount: int) -> None:
    with pytest.raises(ValueError, match="whole number"):
        Allowance(working_days=amount)
    with pytest.raises(ValueError, match="whole number"):
        wt.working_days_after(AWARE, amount)


def test_an_allowance_has_one_unit_and_a_local_school_start() -> None:
    with pytest.raises(ValueError, match="one unit, not days and hours"):
        Allowance(hours=1, days=1)
    with pytest.raises(ValueError, match="without a zone"):
        Allowance(school_day_starts=time(8, 30, tzinfo=UTC))


def test_a_calendar_that_contradicts_itself_is_refused() -> None:
    day = days_of("Thu 15 Jan 2026")
    with pytest.raises(ValueError, match="2026-01-15 is given twice"):
        Calendar(extra_closed=day, extra_open=day)
    with pytest.raises(ValueError, match="2026-01-15 is given twice"):
        Calendar(bank_holidays_added=day, bank_holidays_removed=day)
    with pytest.raises(ValueError, match=r"ends .* before it begins"):
        Calendar(school_breaks=((date(2026, 2, 20), date(2026, 2, 16)),))


@pytest.mark.parametrize("year", [1977, 2101])
def test_years_whose_holidays_are_unknown_are_refused_not_guessed(year: int) -> None:
    with pytest.raises(ValueError, match=f"bank holidays of {year} are not known"):
        wt.working_days_after(datetime(year, 6, 1, 10, 0, tzinfo=UTC), 1)


# --- against what was published ----------------------------------------------------------------


def test_bank_holidays_are_those_published() -> None:
    first, last = date(2024, 1, 1), date(2028, 12, 31)
    every = {first + n * DAY for n in range((last - first).days + 1)}
    assert {day for day in every if wt.is_bank_holiday(day)} == BANK_HOLIDAYS


def test_england_and_wales_share_one_list() -> None:
    england, wales = (
        holidays.country_holidays("GB", subdiv=part, years=range(1978, 2101), language="en_GB")
        for part in ("ENG", "WLS")
    )
    assert dict(england.items()) == dict(wales.items())


# --- properties --------------------------------------------------------------------------------

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


# --- speed -------------------------------------------------------------------------------------


def test_holidays_are_built_once_a_year_not_once_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    start = wall("Thu 02 Apr 2026 15:00")
    expected = wt.court_time_after(start, 48 * HOUR), wt.working_days_after(start, 2)

    def built_again(*args: object, **kwargs: object) -> None:
        raise AssertionError("a holiday list was built for a year already known")

    monkeypatch.setattr(holidays, "country_holidays", built_again)
    assert (wt.court_time_after(start, 48 * HOUR), wt.working_days_after(start, 2)) == expected


def test_fast_enough_for_a_whole_store() -> None:
    """100,000 rows in seconds: 5,000 of each slow clock in well under a second or two."""
    starts = [datetime(2026, 1, 1, tzinfo=UTC) + n * 97 * MINUTE for n in range(5_000)]
    began = perf_counter()
    for start in starts:
        wt.due(Clock.COURT, start, Allowance(hours=48))
        wt.due(Clock.WORKING_DAYS, start, Allowance(working_days=2))
    assert perf_counter() - began < 2
