"""When something happened that is recorded now."""

from datetime import datetime, timedelta

from core.errors import InvalidInput

#: Further back is a slip of the keyboard, not a report.
FURTHEST = timedelta(days=366)


def checked_past(happened: datetime, at: datetime, *, field: str, ahead: str) -> datetime:
    """The instant, if it lies within the last year; raises InvalidInput at `field` otherwise.

    `ahead` is what is said of one that is yet to come.
    """
    if happened > at:
        raise InvalidInput(ahead, field=field)
    if happened < at - FURTHEST:
        raise InvalidInput("This is more than a year ago. Check the year.", field=field)
    return happened
