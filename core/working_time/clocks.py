"""The clocks themselves. All take aware datetimes in any zone and return UTC.

ValueError throughout for a naive datetime, a negative allowance or a count that is not whole.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from core.working_time.days import (
    PLAIN_CALENDAR,
    SCHOOL_DAY_STARTS,
    Calendar,
    is_court_day,
    is_school_day,
    is_working_day,
    step_working_days,
)
from core.working_time.instants import at, local, midnight, same_time_on, utc

_DAY = timedelta(days=1)
_NO_TIME = timedelta(0)


def elapsed(start: datetime, allowance: timedelta) -> datetime:
    """`start` plus real time.

    72 hours from Friday 27 March 2026 12:00 GMT end on Monday at 13:00 BST.
    """
    return utc(start) + _not_negative(allowance)


def calendar_days_after(start: datetime, days: int) -> datetime:
    """The same local time of day, `days` days later, weekends included."""
    return same_time_on(start, local(start).date() + whole_number(days, "days") * _DAY)


def calendar_days_before(instant: datetime, days: int) -> datetime:
    """The same local time of day, `days` days earlier: seven days before a court date."""
    return same_time_on(instant, local(instant).date() - whole_number(days, "days") * _DAY)


def working_days_after(
    start: datetime, days: int, *, calendar: Calendar = PLAIN_CALENDAR
) -> datetime:
    """The end of `days` working days that begin to run at `start`.

    From a working day: the same local time of day on the Nth working day after it. Wednesday 15:00
    plus 2 is Friday 15:00; Friday 16:00 plus 1 is Monday 16:00.

    From any other day: no time runs until the next working day begins, and that whole day is
    day 1. The period ends with the last moment of day N: Saturday 10:00 plus 1 is Monday
    23:59:59.999999, and Good Friday 3 April 2026 plus 2 is the end of Wednesday 8 April. So what
    starts on Friday at 16:00 never falls due after what starts on Saturday.

    With 0 days the result is `start`, or the first moment of the next working day.

    A time of day that the clocks skip becomes the moment they go forward; one that happens twice
    means the first. (Both fall on Sundays, so only a force that opens such a Sunday meets them; a
    start within the repeated hour can then fall due up to an hour before an earlier one.)
    """
    whole_number(days, "working days")
    today = local(start).date()
    if is_working_day(today, calendar):
        return same_time_on(start, step_working_days(today, days, calendar))
    if days == 0:
        return midnight(step_working_days(today, 1, calendar))
    return at(step_working_days(today, days, calendar), time.max)


def working_days_before(
    instant: datetime, days: int, *, calendar: Calendar = PLAIN_CALENDAR
) -> datetime:
    """The latest moment that leaves `days` working days before `instant`: the rule above, mirrored.

    From a working day: the same local time of day on the Nth working day before it. A conference
    on Thursday 9 April 2026 at 10:00 wants its agenda, 5 working days ahead, by Tuesday 31 March
    10:00 (8, 7, 2 and 1 April, 31 March; Good Friday and Easter Monday do not count).

    From any other day: N whole working days lie between, so 5 before a Saturday is the first
    moment of Monday. With 0 days: `instant`, or the last moment of the working day before it.
    """
    whole_number(days, "working days")
    today = local(instant).date()
    if is_working_day(today, calendar):
        return same_time_on(instant, step_working_days(today, -days, calendar))
    if days == 0:
        return at(step_working_days(today, -1, calendar), time.max)
    return midnight(step_working_days(today, -days, calendar))


def court_time_after(
    start: datetime, allowance: timedelta, *, calendar: Calendar = PLAIN_CALENDAR
) -> datetime:
    """The earliest instant by which `allowance` of counted time has passed since `start`.

    Counted time is real time outside Sundays, Christmas Day, Good Friday and bank holidays, each
    left out from local midnight to local midnight (Domestic Abuse Act 2021, section 29; the same
    list as Crime and Security Act 2010, section 27). Saturday counts. The clocks change on
    Sundays, so a change never lengthens or shortens the allowance.

    48 hours from Friday 09:00: 15 on Friday, 24 on Saturday, none on Sunday, 9 on Monday: 09:00.
    48 hours from Sunday 10:00: none runs before midnight; Monday and Tuesday: midnight.
    48 hours from Thursday 24 December 2026 18:00: 6 that day, none on Friday, 24 on Saturday (for
    Boxing Day see `days`), none on Sunday or Monday, 18 on Tuesday 29: 18:00.

    An allowance used up exactly as a day left out begins is due at that midnight, the end of the
    day before, and not after the days left out.
    """
    left = _not_negative(allowance)
    now, day = utc(start), local(start).date()
    while True:
        tomorrow = day + _DAY
        day_ends = midnight(tomorrow)
        if is_court_day(day, calendar):
            if left <= day_ends - now:
                return now + left
            left -= day_ends - now
        now, day = day_ends, tomorrow


def next_school_day(
    incident: datetime,
    starts: time = SCHOOL_DAY_STARTS,
    *,
    calendar: Calendar = PLAIN_CALENDAR,
) -> datetime:
    """The first instant strictly after `incident` at which a school day begins.

    `starts` is a local time. An incident at 07:00 on a school day leaves until 08:30 that morning;
    one at 08:30 or later leaves until the next school day, however far a school break puts it off.
    """
    after, day = utc(incident), local(incident).date()
    while not (is_school_day(day, calendar) and at(day, starts) > after):
        day += _DAY
    return at(day, starts)


def fixed(instant: datetime, *, lead: timedelta = _NO_TIME) -> datetime:
    """`instant` itself, or `lead` of real time before it."""
    return utc(instant) - _not_negative(lead)


def fraction_points(
    start: datetime, due: datetime, fractions: Iterable[float]
) -> tuple[datetime, ...]:
    """When to warn: the instants at these fractions (0 to 1) of the real time from start to due.

    In the order given, to the microsecond. A deadline already due when it starts (a release known
    only afterwards) has no time to divide, and every point is `due`. Raises ValueError for a
    fraction outside 0 to 1.
    """
    end = utc(due)
    whole = max(end - utc(start), _NO_TIME)
    return tuple(end - whole + whole * _fraction(part) for part in fractions)


def whole_number(value: int, name: str) -> int:
    """`value`, unless it is negative or no whole number: then ValueError, which says `name`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number, not {value!r}")
    if value < 0:
        raise ValueError(f"{name} cannot be negative: {value}")
    return value


def _not_negative(allowance: timedelta) -> timedelta:
    if allowance < _NO_TIME:
        raise ValueError(f"an allowance cannot be negative: {allowance}")
    return allowance


def _fraction(part: float) -> float:
    if not 0 <= part <= 1:
        raise ValueError(f"a fraction lies between 0 and 1, not {part}")
    return part
