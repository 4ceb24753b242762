"""From instants to local days and times of day, and back, safely over clock changes."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def utc(instant: datetime) -> datetime:
    """The same instant in UTC. Raises ValueError for a naive datetime."""
    if instant.utcoffset() is None:
        raise ValueError(f"{instant.isoformat()} has no time zone")
    return instant.astimezone(UTC)


def local(instant: datetime) -> datetime:
    """The same instant as clocks in England and Wales show it."""
    return utc(instant).astimezone(LONDON)


def midnight(day: date) -> datetime:
    """The first moment of the local day; never in doubt, for the clocks change at 01:00 UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)


def at(day: date, clock_time: time) -> datetime:
    """That local time of day: the first if it happens twice; if skipped, when clocks go forward.

    The earlier choice each time: it cannot make a deadline late, and times of day keep their order.
    """
    first = clock_time.replace(fold=0)
    instant = datetime.combine(day, first, tzinfo=LONDON).astimezone(UTC)
    if instant.astimezone(LONDON).time() == first:
        return instant
    # A skipped time is read with the offset from before the change, and so lands in the hour after
    # it. Changes come on the hour: cutting to the hour finds the change itself.
    return instant.replace(minute=0, second=0, microsecond=0)


def same_time_on(instant: datetime, day: date) -> datetime:
    """The local time of day of `instant`, moved to `day`; on its own day, `instant` itself."""
    here = local(instant)
    return utc(instant) if here.date() == day else at(day, here.time())
