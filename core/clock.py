"""The one place that reads the clock. Services never do: they are given `at`."""

import calendar
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on the force's wall clock."""
    return instant.astimezone(LOCAL)


def months_before(instant: datetime, months: int) -> datetime:
    """The same wall-clock time so many calendar months earlier (31 May less 3 is 28 February)."""
    there = local(instant)
    years, month = divmod(there.year * 12 + there.month - 1 - months, 12)
    day = min(there.day, calendar.monthrange(years, month + 1)[1])
    return there.replace(year=years, month=month + 1, day=day)
