"""The unit's backlog in numbers: what came and went, what is open, why it took long, what follows.

Numbers only, of everybody's referrals: whoever reads them is told of nobody. What is open is
counted as it stands, what came and went is read from the daily tallies, and everything else is
bounded by a period, so years of history cost nothing.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from django.db import connection

from accounts.cover import away_at
from accounts.models import Team, User
from accounts.roles import Role
from core import policy
from core.clock import LOCAL, local
from core.policy import ForcePolicy
from referrals.forecast import HORIZON_HOURS, Ahead, ahead
from referrals.models import Referral, ReferralDay, ReferralPause
from victims.models import RiskGrade

#: Whole days behind us from which the pace is taken.
PACE_DAYS = 28
#: Fewer finished in those days say nothing of a pace, and fewer of one person nothing of theirs.
FEWEST, FEWEST_OF_ONE = 20, 5
#: Periods of the page, in days.
PERIODS = (7, 28, 90)
DAYS_SHOWN, WEEKS_SHOWN = 14, 12
#: What is due later than the forecast looks ahead counts in its last hour.
LAST_HOUR = HORIZON_HOURS
MOST_MORE = 20

_TABLE = Referral._meta.db_table
_PAUSES = ReferralPause._meta.db_table

# Names of our own tables are all that is put into these statements; values are parameters.
_OPEN = f"""
SELECT risk_rank,
       least(3, greatest(0, floor(extract(epoch FROM %(at)s - submitted_at) / %(third)s)))::int,
       CASE WHEN paused_at IS NOT NULL THEN 'paused'
            WHEN due_at <= %(at)s THEN 'over' ELSE 'in time' END,
       claimed_by_id IS NULL,
       least(%(last)s, greatest(-1, floor(extract(epoch FROM due_at - %(at)s) / 3600)))::int,
       count(*)
FROM {_TABLE} WHERE NOT (state = 'completed') GROUP BY 1, 2, 3, 4, 5
"""  # noqa: S608
_FINISHED = f"""
SELECT claimed_by_id, count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY completed_at - claimed_at)
FROM {_TABLE} WHERE state = 'completed' AND completed_at >= %(since)s AND completed_at < %(until)s
GROUP BY 1
"""  # noqa: S608
_LATE = f"""
SELECT 'finished', late_because, count(*) FROM {_TABLE}
WHERE state = 'completed' AND completed_at >= %(since)s AND completed_at > due_at GROUP BY 2
UNION ALL
SELECT 'open', late_because, count(*) FROM {_TABLE}
WHERE NOT (state = 'completed') AND due_at <= %(at)s AND paused_at IS NULL GROUP BY 2
"""  # noqa: S608
_PAUSED = f"""
SELECT reason, count(*) FILTER (WHERE until_at IS NULL),
       count(*) FILTER (WHERE from_at >= %(since)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(until_at, %(at)s) - from_at)
           FILTER (WHERE from_at >= %(since)s)
FROM {_PAUSES} WHERE until_at IS NULL OR from_at >= %(since)s GROUP BY 1
"""  # noqa: S608


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: days or weeks, the period of reasons, and how many more hands."""

    by: str = "week"
    days: int = 28
    more: int = 0

    @property
    def query(self) -> str:
        return f"?by={self.by}&days={self.days}&more={self.more}"


@dataclass(frozen=True)
class Span:
    """A day or a week of the tallies."""

    first: date
    last: date
    arrived: int
    done: int
    in_time: int


class Member(NamedTuple):
    """Somebody of the unit; who leads it may work on referrals too."""

    name: str
    is_worker: bool


@dataclass(frozen=True)
class Finished:
    """What one worker finished in the days of the pace."""

    name: str
    number: int
    #: From claiming to finishing, the median; None where they finished too few to say.
    hours: float | None


@dataclass(frozen=True)
class Pace:
    """What the pace is taken from, denominators and all."""

    days: int
    finished: int
    arrived: int
    workers: int
    staff: int
    away: int

    @property
    def can_tell(self) -> bool:
        return self.finished >= FEWEST

    @property
    def each_a_day(self) -> Fraction:
        """Referrals that each worker finished a day, their days off included."""
        return Fraction(self.finished, max(1, self.workers) * self.days)

    @property
    def each(self) -> float:
        """The same as a number that a page can show."""
        return float(self.each_a_day)

    def done_an_hour(self, more: int = 0) -> Fraction:
        """What today's staff, and so many more, finish an hour."""
        return self.each_a_day * (self.staff + more) / 24

    @property
    def arriving_an_hour(self) -> Fraction:
        return Fraction(self.arrived, self.days * 24)


@dataclass(frozen=True)
class Reason:
    """A reason for lateness, with how many were finished so and how many are still open."""

    code: str
    words: str
    finished: int
    open: int


@dataclass(frozen=True)
class Paused:
    """A reason for standing still: how many now, how many began in the period, how long."""

    code: str
    words: str
    now: int
    begun: int
    hours: float | None


@dataclass
class Backlog:
    """All numbers of the page at one instant."""

    at: datetime
    wanted: Wanted
    rules: ForcePolicy
    pace: Pace
    spans: list[Span]
    team: list[Finished]
    reasons: list[Reason]
    pauses: list[Paused]
    #: (risk rank, age band from 0 to 3) to how many.
    bands: Counter[tuple[int, int]] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    nobodys: int = 0
    #: Whole hours left (-1: over) to how many, without those that stand still.
    due_in: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.bands.values())

    @property
    def limits(self) -> list[int]:
        """The hours that part the age bands: thirds of the time allowed."""
        return [round(self.rules.referral_hours * n / 3) for n in (1, 2, 3)]

    @property
    def band_names(self) -> list[str]:
        one, two, three = self.limits
        return [f"under {one} h", f"{one} to {two} h", f"{two} to {three} h", f"over {three} h"]

    @property
    def by_risk(self) -> list[tuple[str, list[int]]]:
        """Risk in words, highest first, with how many in each age band; then all of them."""
        ranks = sorted({rank for rank, _ in self.bands}, reverse=True)
        rows = [(_risk(rank), [self.bands[rank, band] for band in range(4)]) for rank in ranks]
        return [*rows, ("All", [sum(row[band] for _, row in rows) for band in range(4)])]

    @cached_property
    def present(self) -> Ahead | None:
        """What follows with today's staff; None where too little was finished to say."""
        return self._ahead(0)

    @cached_property
    def with_more(self) -> Ahead | None:
        """What follows with more hands; None where none are asked about."""
        return self._ahead(self.wanted.more) if self.wanted.more else None

    def _ahead(self, more: int) -> Ahead | None:
        if not self.pace.can_tell:
            return None
        return ahead(
            self.due_in,
            arriving=self.pace.arriving_an_hour,
            done=self.pace.done_an_hour(more),
            allowance_hours=self.rules.referral_hours,
        )


def read(wanted: Wanted, *, at: datetime) -> Backlog:
    """The numbers at an instant; eight queries, however many referrals there were."""
    rules, since = policy.at(at), _midnight(local(at).date() - timedelta(days=wanted.days))
    days = _days(at)
    finished, unit = _finished(at), _unit()
    found = Backlog(
        at=at,
        wanted=wanted,
        rules=rules,
        pace=_pace(days, finished, unit, at),
        spans=_spans(days, wanted.by, at),
        team=_team(finished, unit),
        reasons=_reasons(since, at),
        pauses=_pauses(since, at),
    )
    _count_open(found)
    return found


def _rows(statement: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _count_open(found: Backlog) -> None:
    third = found.rules.referral_hours * 3600 / 3
    values = {"at": found.at, "third": third, "last": LAST_HOUR}
    for rank, band, state, nobodys, hour, number in _rows(_OPEN, values):
        found.bands[rank, band] += number
        found.states[state] += number
        found.nobodys += number * nobodys
        if state != "paused":
            found.due_in[hour] += number


def _days(at: datetime) -> dict[date, ReferralDay]:
    first = local(at).date() - timedelta(weeks=WEEKS_SHOWN)
    return {row.day: row for row in ReferralDay.objects.filter(day__gt=first)}


def _spans(days: dict[date, ReferralDay], by: str, at: datetime) -> list[Span]:
    """Oldest first; the last ends today, which is not over."""
    length, count = (1, DAYS_SHOWN) if by == "day" else (7, WEEKS_SHOWN)
    today = local(at).date()
    return [_span(days, today - timedelta(days=length * n), length) for n in range(count)][::-1]


def _span(days: dict[date, ReferralDay], last: date, length: int) -> Span:
    within = [last - timedelta(days=n) for n in range(length)]
    rows = [days[day] for day in within if day in days]
    return Span(
        first=within[-1],
        last=last,
        arrived=sum(row.arrived for row in rows),
        done=sum(row.done for row in rows),
        in_time=sum(row.done_in_time for row in rows),
    )


def _finished(at: datetime) -> dict[int, tuple[int, timedelta]]:
    """By worker: how many they finished in the days of the pace, and the median time it took."""
    until = local(at).date()
    since = until - timedelta(days=PACE_DAYS)
    rows = _rows(_FINISHED, {"since": _midnight(since), "until": _midnight(until)})
    return {worker: (number, median) for worker, number, median in rows}


def _unit() -> dict[int, Member]:
    """Whoever may work on referrals in the unit."""
    people = User.objects.filter(
        is_active=True,
        team__kind=Team.Kind.MARU,
        groups__permissions__codename="work_referral",
    )
    found: dict[int, Member] = {}
    for pk, name, role in people.order_by("pk").values_list("pk", "name", "groups__name"):
        works = role == Role.MARU_WORKER or (pk in found and found[pk].is_worker)
        found[pk] = Member(name, works)
    return found


def _pace(
    days: dict[date, ReferralDay],
    finished: dict[int, tuple[int, timedelta]],
    unit: dict[int, Member],
    at: datetime,
) -> Pace:
    today = local(at).date()
    # Whoever leads the unit and finished none is not reckoned to begin now.
    staff = {pk for pk, member in unit.items() if member.is_worker or pk in finished}
    away = len(away_at(staff, at))
    arrived = sum(
        row.arrived for day, row in days.items() if today - timedelta(days=PACE_DAYS) <= day < today
    )
    return Pace(
        days=PACE_DAYS,
        finished=sum(number for number, _ in finished.values()),
        arrived=arrived,
        workers=len(finished),
        staff=len(staff) - away,
        away=away,
    )


def _team(finished: dict[int, tuple[int, timedelta]], unit: dict[int, Member]) -> list[Finished]:
    """Everybody of the unit by name, then those who were in it as one line."""
    rows = [_worker(member.name, finished.get(pk)) for pk, member in unit.items()]
    gone = sum(number for pk, (number, _) in finished.items() if pk not in unit)
    rest = [Finished("Others, not in the unit now", gone, None)] if gone else []
    return [*sorted(rows, key=lambda row: row.name), *rest]


def _worker(name: str, found: tuple[int, timedelta] | None) -> Finished:
    number, median = found or (0, timedelta(0))
    enough = number >= FEWEST_OF_ONE
    return Finished(name, number, median / timedelta(hours=1) if enough else None)


def _reasons(since: datetime, at: datetime) -> list[Reason]:
    """Every reason that there is, and last those of which nobody said why."""
    found: Counter[tuple[str, str]] = Counter()
    for where, code, number in _rows(_LATE, {"since": since, "at": at}):
        found[where, code] += number
    choices = [*Referral.LateBecause.choices, ("", "No reason recorded")]
    return [
        Reason(code, words, found["finished", code], found["open", code]) for code, words in choices
    ]


def _pauses(since: datetime, at: datetime) -> list[Paused]:
    found = {row[0]: row[1:] for row in _rows(_PAUSED, {"since": since, "at": at})}
    rows = []
    for code, words in ReferralPause.Reason.choices:
        now, begun, median = found.get(code, (0, 0, None))
        hours = None if median is None else median / timedelta(hours=1)
        rows.append(Paused(code, words, now, begun, hours))
    return rows


def _risk(rank: int) -> str:
    return next((grade.label for grade in RiskGrade if grade.rank == rank), str(rank))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), tzinfo=LOCAL)
