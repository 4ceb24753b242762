"""What the tallies say of the weeks behind, and simple queue arithmetic for the days ahead.

The arithmetic of the queue's page: work goes on at the pace of the last seven whole days, in the
order of due times; so the n-th open referral is finished n days' share from now. New ones arrive at
the pace of the same days. It knows nothing of nights, week-ends or hard cases.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from core.clock import local
from referrals.board import WEEKS, Board

PACE_DAYS = 7
#: How far ahead the arithmetic is worth anything.
HORIZON = timedelta(days=7)
HORIZON_HOURS = 7 * 24


@dataclass(frozen=True)
class Week:
    """The backlog at the end of a week (or now), with what came and went in it."""

    ends: date
    arrived: int
    done: int
    open: int
    allowance_days: float

    @property
    def is_too_many(self) -> bool:
        """More open than were finished in the time allowed, at that week's pace."""
        return self.open > self.done / 7 * self.allowance_days


@dataclass(frozen=True)
class Pace:
    """Referrals a day, and when the first new breach comes of them."""

    arriving: float
    done: float
    first_breach: datetime | None
    first_breach_with_one_more: datetime | None


def weeks(board: Board, allowance: timedelta) -> list[Week]:
    """Twelve weeks, oldest first; the last is the seven days that end today."""
    today = local(board.at).date()
    rows, still_open = [], board.total
    for ago in range(WEEKS):
        ends = today - timedelta(weeks=ago)
        days = [board.days.get(ends - timedelta(days=n)) for n in range(7)]
        arrived = sum(day.arrived for day in days if day)
        done = sum(day.done for day in days if day)
        rows.append(Week(ends, arrived, done, max(0, still_open), allowance / timedelta(days=1)))
        still_open += done - arrived
    return rows[::-1]


def pace(board: Board, allowance: timedelta) -> Pace:
    """The pace of the last seven whole days, and what follows if it stays so."""
    today = local(board.at).date()
    days = [board.days.get(today - timedelta(days=n)) for n in range(1, PACE_DAYS + 1)]
    arriving = sum(day.arrived for day in days if day) / PACE_DAYS
    done = sum(day.done for day in days if day) / PACE_DAYS
    workers = max(1, len(board.names))
    return Pace(
        arriving,
        done,
        first_breach(board, arriving, done, allowance),
        first_breach(board, arriving, done * (workers + 1) / workers, allowance),
    )


def first_breach(
    board: Board, arriving: float, done: float, allowance: timedelta
) -> datetime | None:
    """When the first referral that is in time now goes over, within seven days; None if none does.

    `arriving` and `done` are referrals a day. The answer is good to the hour.
    """
    instants = (_of_the_open(board, done), _of_those_to_come(board, arriving, done, allowance))
    found = [one for one in instants if one is not None and one <= board.at + HORIZON]
    return min(found, default=None)


def _of_the_open(board: Board, done: float) -> datetime | None:
    hours = sorted(board.due_in)
    places = accumulate(board.due_in[hour] for hour in hours)
    for hour, place in zip(hours, places, strict=True):
        # Whatever is due within this hour is finished when all before it and itself are.
        if hour >= 0 and place > done / 24 * (hour + 1):
            return board.at + timedelta(hours=hour + 1)
    return None


def _of_those_to_come(
    board: Board, arriving: float, done: float, allowance: timedelta
) -> datetime | None:
    """A queue that grows breaches as soon as one that arrives finds more before it than are
    finished in the time allowed."""
    growth, room = arriving - done, done * (allowance / timedelta(days=1)) - board.total
    if growth <= 0:
        return None
    return board.at + timedelta(days=max(0.0, room / growth)) + allowance


@dataclass(frozen=True)
class Ahead:
    """What comes of a pace within a horizon of hours; counts of referrals.

    A breach is a referral that is in time now (or not here yet), whose time ends within the horizon
    and is not finished by then.
    """

    #: Finished a day.
    done_a_day: float
    of_the_open: int
    of_those_to_come: int
    #: Whole hours from now at whose end the first of them breaches; None when none does.
    first_in_hours: float | None
    #: How many are open when the horizon ends.
    open_then: int

    @property
    def breaches(self) -> int:
        return self.of_the_open + self.of_those_to_come


def ahead(
    due_in: Mapping[int, int],
    *,
    arriving: Fraction,
    done: Fraction,
    allowance_hours: int,
    horizon_hours: int = HORIZON_HOURS,
) -> Ahead:
    """Simple queue arithmetic: one finished each 1/`done` hours, in order of due times.

    `due_in` gives, for each whole hour left (below nought: over already), how many open referrals
    are due within it; time is given them to its end. `arriving` and `done` are referrals an hour,
    exact. New ones come evenly, the first after 1/`arriving` hours, each with the whole allowance,
    so all that is open is due before any of them: none of the open has more left than that.
    """
    late, first = _late_of_the_open(due_in, done, horizon_hours)
    to_come, first_to_come = _late_of_those_to_come(
        sum(due_in.values()), arriving, done, allowance_hours, horizon_hours
    )
    firsts = [one for one in (first, first_to_come) if one is not None]
    came = _whole(arriving * horizon_hours)
    finished = _finished(sum(due_in.values()), arriving, done, horizon_hours)
    return Ahead(
        done_a_day=float(done * 24),
        of_the_open=late,
        of_those_to_come=to_come,
        first_in_hours=float(min(firsts)) if firsts else None,
        open_then=sum(due_in.values()) + came - finished,
    )


def _late_of_the_open(
    due_in: Mapping[int, int], done: Fraction, horizon: int
) -> tuple[int, Fraction | None]:
    """Of those open and in time: how many are not finished when their hour ends, and the first."""
    late, first, before = 0, None, 0
    for hour in sorted(due_in):
        place = before + due_in[hour]
        if 0 <= hour < horizon:
            in_time = min(place, max(before, _whole(done * (hour + 1))))
            if place > in_time and first is None:
                first = Fraction(hour + 1)
            late += place - in_time
        before = place
    return late, first


def _late_of_those_to_come(
    waiting: int, arriving: Fraction, done: Fraction, allowance: int, horizon: int
) -> tuple[int, Fraction | None]:
    """Of those to come whose time ends within the horizon: how many are late, and the first."""
    numbers = range(1, _whole(arriving * (horizon - allowance)) + 1)
    if done:
        line = _Line.of(waiting, arriving, done)
        numbers_late = [one for one in numbers if line.finished(one) > line.due(one, allowance)]
    else:
        numbers_late = list(numbers)
    if not numbers_late:
        return 0, None
    return len(numbers_late), numbers_late[0] / arriving + allowance


def _finished(waiting: int, arriving: Fraction, done: Fraction, horizon: int) -> int:
    """How many are finished by the end of the horizon, of those open and of those to come."""
    if not done:
        return 0
    here = min(waiting, _whole(done * horizon))
    came = _whole(arriving * horizon)
    line = _Line.of(waiting, arriving, done)
    return here + sum(line.finished(one) <= line.instant(horizon) for one in range(1, came + 1))


class _Line(NamedTuple):
    """Those to come, one behind the other, in a unit of time in which every instant is whole."""

    waiting: int
    #: From one arrival to the next, and what one takes.
    apart: int
    takes: int
    #: Units in an hour.
    hour: int

    @classmethod
    def of(cls, waiting: int, arriving: Fraction, done: Fraction) -> "_Line":
        return cls(
            waiting,
            apart=arriving.denominator * done.numerator,
            takes=done.denominator * arriving.numerator,
            hour=arriving.numerator * done.numerator,
        )

    def instant(self, hours: int) -> int:
        return hours * self.hour

    def due(self, number: int, allowance: int) -> int:
        return number * self.apart + self.instant(allowance)

    def finished(self, number: int) -> int:
        """When the n-th to come is finished.

        It waits for all that were there, or for all that came since a moment at which nothing
        waited. Such a moment lies just before the first of them or just before itself: between the
        two the wait grows or shrinks evenly.
        """
        return max(
            (self.waiting + number) * self.takes,
            self.apart + number * self.takes,
            number * self.apart + self.takes,
        )


def _whole(number: Fraction) -> int:
    return max(0, math.floor(number))
