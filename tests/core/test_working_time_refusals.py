"""What the clocks refuse rather than guess."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

import pytest

from core import working_time as wt
from core.working_time import Allowance, Calendar, Clock
from tests.core.helpers_working_time import HOUR, MINUTE, days_of

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
