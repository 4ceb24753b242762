"""The court's clock and the school day, against cases worked by hand."""

from datetime import time

import pytest

from core import working_time as wt
from core.working_time import Calendar
from tests.core.helpers_working_time import HOUR, SCHOOL_CALENDAR, days_of, same, wall

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
