"""The numbers of the queue page: all of them in one statement.

What is open is counted as it stands (partial indexes hold only that); what is closed is never
counted at request time, but read from the daily tallies, so years of history cost nothing.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import connection

from accounts.models import Absence, Area, Team, User
from core import policy
from core.clock import LOCAL, local
from core.models import PolicyVersion
from core.policy import ForcePolicy
from referrals.models import Referral, ReferralDay
from referrals.queue import RISKS, Bucket, Filters, buckets, visible_source

#: Whole weeks before this one that the backlog chart shows, this one included.
WEEKS = 12
KEPT_DAYS = 30
#: Hours of due time that are told apart; what is due later counts in the last.
LAST_HOUR = 24 * 14

_TABLE = Referral._meta.db_table
#: How the statement says on which side of now a row lies.
_OVER, _PAUSED = 1, 2

# The source is what the reader may see; names of our own tables are all else that is put in.
_SQL = """
WITH open_now AS MATERIALIZED (
    SELECT risk_rank, due_at, claimed_by_id, paused_at, ({narrowing}) AS fits
    FROM {source} AS r WHERE NOT (state = 'completed')
)
SELECT 'open', risk_rank::bigint,
       (CASE WHEN paused_at IS NOT NULL THEN 2 WHEN due_at <= %s THEN 1 ELSE 0 END)::bigint,
       claimed_by_id, count(*), fits::text
FROM open_now GROUP BY 2, 3, 4, 6
UNION ALL
SELECT 'due', least(%s, greatest(-1, floor(extract(epoch FROM due_at - %s) / 3600)))::bigint,
       0, NULL, count(*), ''
FROM open_now WHERE paused_at IS NULL GROUP BY 2
UNION ALL
SELECT 'tonight', 0, 0, NULL, count(*), ''
FROM open_now WHERE due_at > %s AND due_at <= %s AND paused_at IS NULL
UNION ALL
SELECT 'done today', 0, 0, claimed_by_id, count(*), ''
FROM {table} WHERE state = 'completed' AND completed_at >= %s GROUP BY 4
UNION ALL
SELECT 'day', arrived, done, NULL, done_in_time, day::text FROM {days} WHERE day > %s
UNION ALL
SELECT 'worker', EXISTS (
    SELECT 1 FROM {absences} AS absence
    WHERE absence.person_id = member.id AND absence.from_at <= %s AND absence.until_at > %s
)::int::bigint, 0, member.id, 0, member.name
FROM {users} AS member JOIN {teams} AS team ON team.id = member.team_id
WHERE team.kind = 'maru' AND member.is_active
UNION ALL
SELECT 'area', id, 0, NULL, 0, name FROM {areas}
UNION ALL
SELECT 'policy', 0, 0, NULL, 0, newest.values::text FROM (
    SELECT values FROM {policies} WHERE effective_from <= %s
    ORDER BY effective_from DESC, id DESC LIMIT 1
) AS newest
"""


@dataclass(frozen=True)
class Day:
    """One local day's tallies."""

    day: date
    arrived: int
    done: int
    done_in_time: int


@dataclass(frozen=True)
class Worker:
    """A line of the team's table."""

    user_id: int
    name: str
    open: int
    done_today: int
    is_away: bool = False


@dataclass
class Board:
    """Counts of what is open, by every filter of the page, and the tallies of the last weeks."""

    at: datetime
    reader_id: int
    #: (bucket, worker) to how many; `fitting` only of what the page's filters leave.
    open: Counter[tuple[Bucket, int | None]] = field(default_factory=Counter)
    fitting: Counter[tuple[Bucket, int | None]] = field(default_factory=Counter)
    #: Whole hours until due (-1: over) to how many.
    due_in: Counter[int] = field(default_factory=Counter)
    tonight: int = 0
    done_today: Counter[int] = field(default_factory=Counter)
    days: dict[date, Day] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)
    #: Who of them is away.
    away: set[int] = field(default_factory=set)
    areas: dict[int, str] = field(default_factory=dict)
    #: In force now: read with the rest, by the order of `policy.at`.
    policy: ForcePolicy = field(default_factory=ForcePolicy)

    def sizes(self, filters: Filters) -> dict[Bucket, int]:
        """How many rows each bucket of the filters holds.

        Filters that narrow must be those with which the board was read, but for whose and risk.
        """
        found: Counter[Bucket] = Counter()
        for (bucket, worker), number in (self.fitting if filters.narrows else self.open).items():
            if self._is_in(filters.whose, bucket, worker):
                found[bucket] += number
        return {bucket: found[bucket] for bucket in buckets(filters)}

    def _is_in(self, whose: str, bucket: Bucket, worker: int | None) -> bool:
        return {
            "all": True,
            "over": bucket.over,
            "nobody": worker is None,
            "mine": worker == self.reader_id,
        }[whose]

    def count(self, filters: Filters) -> int:
        return sum(self.sizes(filters).values())

    @property
    def total(self) -> int:
        return sum(self.open.values())

    @property
    def over(self) -> int:
        return self.count(Filters(whose="over"))

    @property
    def paused(self) -> int:
        return self.count(Filters(paused=True))

    def of_risk(self, risk: str) -> int:
        return sum(n for (bucket, _), n in self.open.items() if bucket.rank in RISKS[risk])

    @property
    def kept_percent(self) -> float | None:
        """Of those finished in the last 30 days and those over time now, how many were in time."""
        since = local(self.at).date() - timedelta(days=KEPT_DAYS)
        recent = [row for row in self.days.values() if row.day > since]
        counted = sum(row.done for row in recent) + self.over
        return 100 * sum(row.done_in_time for row in recent) / counted if counted else None

    @property
    def team(self) -> list[Worker]:
        """Whoever is in the unit or has something open; the reader first, then by load."""
        load: Counter[int] = Counter()
        for (_, worker), number in self.open.items():
            if worker is not None:
                load[worker] += number
        rows = [
            Worker(
                pk,
                self.names.get(pk, "Somebody outside the unit"),
                load[pk],
                self.done_today[pk],
                pk in self.away,
            )
            for pk in {*self.names, *load}
        ]
        return sorted(rows, key=lambda row: (row.user_id != self.reader_id, -row.open, row.name))


def read(reader: User, at: datetime, filters: Filters | None = None) -> Board:
    """The board as `reader` may see it, counted under the filters as well. One query."""
    source, params = visible_source(reader)
    narrowing, narrowing_params = (filters or Filters()).narrowing
    statement = _SQL.format(
        source=source,
        narrowing=narrowing,
        areas=Area._meta.db_table,
        table=_TABLE,
        days=ReferralDay._meta.db_table,
        absences=Absence._meta.db_table,
        users=User._meta.db_table,
        teams=Team._meta.db_table,
        policies=PolicyVersion._meta.db_table,
    )
    board = Board(at=at, reader_id=reader.pk)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                *narrowing_params,
                *params,
                *(at, LAST_HOUR, at, at, tonight(at), _midnight(at), _first_day(at)),
                *(at, at, at),
            ],
        )
        for part, first, second, worker, number, words in cursor.fetchall():
            _put(board, part, first, second, worker, number, words)
    return board


def _put(
    board: Board, part: str, first: int, second: int, worker: int | None, number: int, words: str
) -> None:
    match part:
        case "open":
            bucket = Bucket(second == _OVER, first, paused=second == _PAUSED)
            board.open[bucket, worker] += number
            if words == "true":
                board.fitting[bucket, worker] += number
        case "due":
            board.due_in[first] += number
        case "tonight":
            board.tonight = number
        case "done today" if worker is not None:
            board.done_today[worker] = number
        case "day":
            day = date.fromisoformat(words)
            board.days[day] = Day(day, first, second, number)
        case "worker" if worker is not None:
            board.names[worker] = words
            if first:
                board.away.add(worker)
        case "area":
            board.areas[first] = words
        case "policy":
            board.policy = policy.typed(json.loads(words))


def tonight(at: datetime) -> datetime:
    """The next 18:00 on the wall clock, or twelve hours on where that is gone for today."""
    there = local(at)
    evening = datetime.combine(there.date(), time(18), tzinfo=LOCAL)
    return evening if evening > there else at + timedelta(hours=12)


def _midnight(at: datetime) -> datetime:
    return datetime.combine(local(at).date(), time(0), tzinfo=LOCAL)


def _first_day(at: datetime) -> date:
    return local(at).date() - timedelta(weeks=WEEKS + 1)
