"""Which clock, and how much of it: what a deadline's kind declares and a force's policy sets."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from core.working_time import clocks
from core.working_time.days import PLAIN_CALENDAR, SCHOOL_DAY_STARTS, Calendar


class Clock(StrEnum):
    """The five ways in which time can run towards a deadline."""

    ELAPSED = "elapsed"
    WORKING_DAYS = "working_days"
    COURT = "court"
    NEXT_SCHOOL_DAY = "next_school_day"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much time a clock gives, in one unit: hours and minutes, or days, or working days.

    Whole numbers, none negative, or ValueError. `days` are calendar days at the same local time of
    day. On the fixed clock the allowance is the lead before the instant. All zero means "at once".
    """

    hours: int = 0
    minutes: int = 0
    days: int = 0
    working_days: int = 0
    school_day_starts: time = SCHOOL_DAY_STARTS

    def __post_init__(self) -> None:
        for name in ("hours", "minutes", "days", "working_days"):
            clocks.whole_number(getattr(self, name), name)
        if len(self.units) > 1:
            raise ValueError(f"an allowance has one unit, not {' and '.join(sorted(self.units))}")
        if self.school_day_starts.tzinfo is not None:
            raise ValueError("the start of the school day is a local time, without a zone")

    @property
    def units(self) -> frozenset[str]:
        """The units in use: empty, or one of "hours", "days", "working days"."""
        amounts = {
            "hours": self.hours or self.minutes,
            "days": self.days,
            "working days": self.working_days,
        }
        return frozenset(unit for unit, amount in amounts.items() if amount)

    @property
    def length(self) -> timedelta:
        """The hours and minutes as one duration."""
        return timedelta(hours=self.hours, minutes=self.minutes)


_UNITS_OF: dict[Clock, frozenset[str]] = {
    Clock.ELAPSED: frozenset({"hours", "days"}),
    Clock.WORKING_DAYS: frozenset({"working days"}),
    Clock.COURT: frozenset({"hours"}),
    Clock.NEXT_SCHOOL_DAY: frozenset(),
    Clock.FIXED: frozenset({"hours", "days", "working days"}),
}


def require_unit(clock: Clock, allowance: Allowance) -> None:
    """Raises ValueError when the allowance's unit does not belong to the clock."""
    if wrong := allowance.units - _UNITS_OF[clock]:
        raise ValueError(f"the clock {clock.value} does not run in {min(wrong)}")


def due(
    clock: Clock, start: datetime, allowance: Allowance, *, calendar: Calendar = PLAIN_CALENDAR
) -> datetime:
    """The instant (UTC) at which `allowance`, run on `clock` from `start`, is used up.

    For `Clock.FIXED`, `start` is the fixed instant and the result lies the allowance before it.
    Raises ValueError when the unit does not belong to the clock (court time in working days).
    """
    require_unit(clock, allowance)
    match clock:
        case Clock.ELAPSED if allowance.days:
            return clocks.calendar_days_after(start, allowance.days)
        case Clock.ELAPSED:
            return clocks.elapsed(start, allowance.length)
        case Clock.WORKING_DAYS:
            return clocks.working_days_after(start, allowance.working_days, calendar=calendar)
        case Clock.COURT:
            return clocks.court_time_after(start, allowance.length, calendar=calendar)
        case Clock.NEXT_SCHOOL_DAY:
            return clocks.next_school_day(start, allowance.school_day_starts, calendar=calendar)
        case Clock.FIXED if allowance.working_days:
            return clocks.working_days_before(start, allowance.working_days, calendar=calendar)
        case Clock.FIXED if allowance.days:
            return clocks.calendar_days_before(start, allowance.days)
        case Clock.FIXED:
            return clocks.fixed(start, lead=allowance.length)
