"""Times as a clock on the wall shows them, and the bank holidays, for tests of the clocks.

Times in the tables are what a clock on the wall in England shows, and each weekday is checked.
In 2026 the clocks go forward on Sunday 29 March and back on Sunday 25 October.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.working_time import Calendar

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


HALF_TERM = (date(2026, 10, 26), date(2026, 10, 30))
CHRISTMAS_BREAK = (date(2026, 12, 21), date(2027, 1, 1))
STAFF_TRAINING = (date(2027, 1, 4), date(2027, 1, 4))
SCHOOL_CALENDAR = Calendar(school_breaks=(HALF_TERM, CHRISTMAS_BREAK, STAFF_TRAINING))
