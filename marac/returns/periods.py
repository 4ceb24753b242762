"""Quarters and rolling years, by the days of the force's wall clock. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.clock import LOCAL, local, months_before

DAY = timedelta(days=1)
#: Quarters of the chart: the rolling year and the year before it.
QUARTERS = 8


@dataclass(frozen=True, order=True)
class Period:
    """From the first to the last day, both of them in it."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """The instant at which it begins."""
        return midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant at which it is over."""
        return midnight(self.last + DAY)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def midnight(day: date) -> datetime:
    """The instant at which a day begins on the wall clock."""
    return datetime.combine(day, time(0), tzinfo=LOCAL)


def day_of(instant: datetime) -> date:
    """The day of an instant on the wall clock."""
    return local(instant).date()


def months_earlier(day: date, months: int) -> date:
    """The same day so many calendar months earlier; 31 May less 3 is 28 February."""
    return months_before(midnight(day), months).date()


def quarter(year: int, number: int) -> Period:
    """A quarter of the calendar year, from 1 to 4."""
    first = date(year, 3 * number - 2, 1)
    after = date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1)
    return Period(first, after - DAY)


def quarter_of(day: date) -> Period:
    """The quarter that a day is in."""
    return quarter(day.year, (day.month + 2) // 3)


def quarters_before(day: date, number: int) -> list[Period]:
    """So many whole quarters that were over before the day, the newest first."""
    found = []
    first = quarter_of(day).first
    for _ in range(number):
        found.append(quarter_of(first - DAY))
        first = found[-1].first
    return found


def months_to(last: date, months: int, *, before: int = 0) -> Period:
    """So many months that end with a day, or so many months before it."""
    after = last + DAY
    first = months_earlier(after, months + before)
    return Period(first, months_earlier(after, before) - DAY)


def year_to(last: date) -> Period:
    """The twelve months that end with a day."""
    return months_to(last, 12)


def quarters_to(last: date, number: int = QUARTERS) -> list[Period]:
    """So many spans of three months, oldest first; the last ends with the day."""
    return [months_to(last, 3, before=3 * place) for place in reversed(range(number))]
