"""Which days count: working days, court days, school days and bank holidays of England and Wales.

The `holidays` library lists both the day a holiday is named after and its substitute ("Boxing Day",
Saturday 26 December 2026, and "Boxing Day (observed)", Monday 28). Here the substitute is the bank
holiday and the Saturday is an ordinary Saturday. For New Year's Day that is the law, which knows
only the proclaimed day. For Boxing Day it depends on the year: the Banking and Financial Dealings
Act 1971, schedule 1, makes 26 December a bank holiday unless it is a Sunday, and a proclamation
under section 1(2) can move it (2009), or one under section 1(3) can add the Monday and leave the
Saturday standing (2015). Counting that Saturday gives the earlier court hearing, which is in time
on either reading; leaving it out wrongly would let a protection notice run out unheard. A force
whose lawyers read the year's proclamation otherwise adds the date to `bank_holidays_added`.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache

import holidays

SCHOOL_DAY_STARTS = time(8, 30)
FIRST_YEAR = 1978
"""The first year with the present eight bank holidays (the early May one is the youngest)."""
LAST_YEAR = 2100
"""The last year of the library's tables; past it no day would be a holiday."""

_DAY = timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days on which a force departs from the plain calendar.

    `extra_closed` and `extra_open` say when the force's own teams work, and touch working days
    only: a training day must not lengthen a period that statute fixes, nor close a school.
    `school_breaks` are (first, last) dates, both inclusive; one closed day is (day, day).
    `bank_holidays_added` and `bank_holidays_removed` correct the library, for a one-off holiday
    proclaimed after its release, and count on every clock that knows bank holidays.

    Raises ValueError for a day given both ways and for a break that ends before it begins.
    """

    extra_closed: frozenset[date] = frozenset()
    extra_open: frozenset[date] = frozenset()
    school_breaks: tuple[tuple[date, date], ...] = ()
    bank_holidays_added: frozenset[date] = frozenset()
    bank_holidays_removed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        for one, other in (
            (self.extra_closed, self.extra_open),
            (self.bank_holidays_added, self.bank_holidays_removed),
        ):
            if both := one & other:
                raise ValueError(f"{min(both)} is given twice, with opposite meanings")
        for first, last in self.school_breaks:
            if last < first:
                raise ValueError(f"a school break ends ({last}) before it begins ({first})")


PLAIN_CALENDAR = Calendar()


def is_bank_holiday(day: date, calendar: Calendar = PLAIN_CALENDAR) -> bool:
    """Whether `day` is a holiday of England and Wales; for substitutes see the note above.

    Christmas Day and Good Friday, holidays by custom and not by statute, are among them when they
    fall from Monday to Friday. Raises ValueError outside the years that are known.
    """
    if day in calendar.bank_holidays_added:
        return True
    return day in _listed(day.year) and day not in calendar.bank_holidays_removed


def is_working_day(day: date, calendar: Calendar = PLAIN_CALENDAR) -> bool:
    """Monday to Friday, less bank holidays, as the force's own open and closed days correct it."""
    if day in calendar.extra_open:
        return True
    if day in calendar.extra_closed:
        return False
    return day.weekday() < _SATURDAY and not is_bank_holiday(day, calendar)


def is_court_day(day: date, calendar: Calendar = PLAIN_CALENDAR) -> bool:
    """Whether `day` counts towards the hearing that must follow a protection notice.

    Left out are Sundays, Christmas Day, Good Friday and bank holidays: Domestic Abuse Act 2021,
    section 29(3). No correction can make Christmas Day or Good Friday count.
    """
    return not (
        day.weekday() == _SUNDAY
        or day in _left_out_by_name(day.year)
        or is_bank_holiday(day, calendar)
    )


def is_school_day(day: date, calendar: Calendar = PLAIN_CALENDAR) -> bool:
    """Monday to Friday, less bank holidays and school breaks."""
    return (
        day.weekday() < _SATURDAY
        and not is_bank_holiday(day, calendar)
        and not any(first <= day <= last for first, last in calendar.school_breaks)
    )


def step_working_days(day: date, days: int, calendar: Calendar) -> date:
    """The Nth working day after (or, negative, before) `day`, which itself is not counted."""
    direction = _DAY if days > 0 else -_DAY
    for _ in range(abs(days)):
        day += direction
        while not is_working_day(day, calendar):
            day += direction
    return day


@cache
def _library(year: int) -> holidays.HolidayBase:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the bank holidays of {year} are not known")
    # England and Wales share one list in the library; a test holds it to that.
    return holidays.country_holidays("GB", subdiv="ENG", years=year, expand=False, language="en_GB")


@cache
def _listed(year: int) -> frozenset[date]:
    """The year's list without weekends: what is named after one has its substitute listed too."""
    return frozenset(day for day in _library(year) if day.weekday() < _SATURDAY)


@cache
def _left_out_by_name(year: int) -> frozenset[date]:
    return frozenset({date(year, 12, 25), *_library(year).get_named("Good Friday")})
