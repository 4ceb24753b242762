"""By when a notice's test is to be passed."""

from datetime import date, datetime, time, timedelta

from core.clock import LOCAL, local


def end_of(day: date) -> datetime:
    """The last second of a local day."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=LOCAL)


def last_day(since: datetime, days: int) -> date:
    """The local day so many days after an instant: everybody has whole days."""
    return local(since).date() + timedelta(days=days)


def due_at(*, pass_by: date, owed_since: datetime, published_at: datetime, days: int) -> datetime:
    """The end of the notice's own day; who is asked later has as long as the policy gives.

    `days` is the policy's `learning_days`. Whoever was asked at publication has the notice's day
    even where it lies sooner than that; a newcomer is never late on their first day.
    """
    theirs = pass_by if owed_since <= published_at else max(pass_by, last_day(owed_since, days))
    return end_of(theirs)
