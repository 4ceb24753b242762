"""Elapsed time, calendar days and working days, against cases worked by hand."""

import pytest

from core import working_time as wt
from core.working_time import Calendar
from tests.core.helpers_working_time import HOUR, days_of, end_of, same, wall

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
