"""What the tallies say of the weeks behind, and simple queue arithmetic for the days ahead.

The arithmetic, stated on the page: work goes on at the pace of the last seven whole days, in the
order of due times; so the n-th open referral is finished n days' share from now. New ones arrive at
the pace of the same days. It knows nothing of nights, week-ends or hard cases.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from core.clock import local
from referrals.board import WEEKS, Board

PACE_DAYS = 7
#: How far ahead the arithmetic is worth anything.
HORIZON = timedelta(days=7)


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
