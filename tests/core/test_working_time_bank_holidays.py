"""The bank holidays are those published, and are built once a year."""

from datetime import date

import holidays
import pytest

from core import working_time as wt
from tests.core.helpers_working_time import BANK_HOLIDAYS, DAY, HOUR, wall

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


# --- speed -------------------------------------------------------------------------------------


def test_holidays_are_built_once_a_year_not_once_a_call(monkeypatch: pytest.MonkeyPatch) -> None:
    start = wall("Thu 02 Apr 2026 15:00")
    expected = wt.court_time_after(start, 48 * HOUR), wt.working_days_after(start, 2)

    def built_again(*args: object, **kwargs: object) -> None:
        raise AssertionError("a holiday list was built for a year already known")

    monkeypatch.setattr(holidays, "country_holidays", built_again)
    assert (wt.court_time_after(start, 48 * HOUR), wt.working_days_after(start, 2)) == expected
