"""The queue in its order, a page at a time, at the same cost however long its history is.

Over time first, then what is in time, last what stands still; within each highest risk, then least
time left to the minute. Of those due in the same minute whoever had more incidents in the year
comes first, then who has more children, then the earlier instant (`querysets.IN_ORDER`, which an
index holds). That is a row of buckets, each of them one index scan. How many rows each holds is
known from the board's counts, so a page reads only the one to three buckets that it shows and never
sorts what is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection

from accounts.models import User
from referrals.models import Referral
from victims.models import RiskGrade

PAGE_SIZE = 25

#: Risk filter to the ranks that it shows. A grade that fell to standard is found under any risk.
RISKS: dict[str, tuple[int, ...]] = {
    "any": (4, 3, 2, 1),
    "high": (RiskGrade.VERY_HIGH.rank, RiskGrade.HIGH.rank),
    "medium": (RiskGrade.MEDIUM.rank,),
}
WHOSE = ("all", "mine", "nobody", "over")
SOURCES = ("any", "police", "agency")
#: Longest key of an area that an address may name.
LONGEST_KEY = 9


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Anything it does not know is as if it were not there."""

    whose: str = "all"
    risk: str = "any"
    #: An area's key as it stands in the address; blank for all.
    area: str = ""
    source: str = "any"
    repeat: bool = False
    children: bool = False
    paused: bool = False

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        whose, risk = query.get("show", "all"), query.get("risk", "any")
        area, source = query.get("area", ""), query.get("source", "any")
        return cls(
            whose=whose if whose in WHOSE else "all",
            risk=risk if risk in RISKS else "any",
            area=area if is_key(area) else "",
            source=source if source in SOURCES else "any",
            repeat=query.get("repeat") == "1",
            children=query.get("children") == "1",
            paused=query.get("paused") == "1",
        )

    def with_(self, **changes: Any) -> "Filters":
        return replace(self, **changes)

    @property
    def as_dict(self) -> dict[str, str]:
        """What is not shown anyway, as the address says it."""
        said = {
            "show": "" if self.whose == "all" else self.whose,
            "risk": "" if self.risk == "any" else self.risk,
            "area": self.area,
            "source": "" if self.source == "any" else self.source,
            "repeat": "1" if self.repeat else "",
            "children": "1" if self.children else "",
            "paused": "1" if self.paused else "",
        }
        return {name: value for name, value in said.items() if value}

    @property
    def query(self) -> str:
        """As in the address: "?show=mine&risk=high"; empty for what is shown anyway."""
        return f"?{urlencode(self.as_dict)}" if self.as_dict else ""

    @property
    def narrowing(self) -> tuple[str, list[Any]]:
        """What a row `r` must be beside its bucket and its worker: SQL and its parameters."""
        parts, params = ["TRUE"], []
        if self.area:
            parts.append(_OF_AREA)
            params.append(int(self.area))
        if self.source != "any":
            parts.append(f"r.agency_id IS {'NULL' if self.source == 'police' else 'NOT NULL'}")
        parts += ["r.earlier_in_year > 0"] * self.repeat + ["r.children > 0"] * self.children
        return " AND ".join(parts), params

    @property
    def narrows(self) -> bool:
        return bool(self.area or self.source != "any" or self.repeat or self.children)


def is_key(words: str) -> bool:
    """Whether an address may mean a row's key by this."""
    return words.isascii() and words.isdigit() and len(words) <= LONGEST_KEY


_OF_AREA = "EXISTS (SELECT 1 FROM victims_victim AS a WHERE a.id = r.victim_id AND a.area_id = %s)"


class Bucket(NamedTuple):
    """A stretch of the queue whose rows differ only in their due time and what stands beside it."""

    over: bool
    rank: int
    #: The clock stands still: neither over nor in time.
    paused: bool = False


class QueueRow(NamedTuple):
    """What the queue shows of a referral."""

    reference: str
    risk_rank: int
    due_at: datetime
    pk: int
    grade: str
    state: str
    submitted_at: datetime
    happened_at: datetime
    about: str
    earlier_in_year: int
    children: int
    worker_id: int | None
    worker: str | None
    victim_reference: str
    given_name: str
    family_name: str
    version: int
    paused_at: datetime | None
    #: The partner that referred; None for what the police submitted.
    agency: str | None
    #: The rule of its time in words, with its numbers.
    basis: str | None
    #: How many open referrals are about this victim, this one with them.
    of_victim: int

    @property
    def victim(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"

    @property
    def is_waiting(self) -> bool:
        return self.worker_id is None


#: The partial indexes' own conditions, so that the planner knows them again.
_STATES = {
    "all": "NOT (r.state = 'completed')",
    "over": "NOT (r.state = 'completed')",
    "nobody": "r.state = 'waiting'",
    "mine": "r.state = 'claimed' AND r.claimed_by_id = %s",
}
#: Each side of now as a range of the index's minutes, and to the instant.
_SIDES = {
    "over": "{minute} <= {now} AND r.due_at <= %s AND r.paused_at IS NULL",
    "running": "{minute} >= {now} AND r.due_at > %s AND r.paused_at IS NULL",
    "paused": "r.paused_at IS NOT NULL",
}
_MINUTE = "date_trunc('minute', r.due_at AT TIME ZONE 'UTC')"
_NOW = "date_trunc('minute', %s::timestamptz AT TIME ZONE 'UTC')"
_IN_ORDER = f"{_MINUTE}, r.earlier_in_year DESC, r.children DESC, r.due_at, r.id"
_SCAN = """(
    SELECT * FROM {source} AS r WHERE {state} AND r.risk_rank = %s AND {side} AND {narrowing}
    ORDER BY r.risk_rank DESC, {order} LIMIT %s OFFSET %s
)"""
_PAGE = """
SELECT r.reference, r.risk_rank, r.due_at, r.id, r.grade, r.state, r.submitted_at,
       coalesce(i.received_at, r.submitted_at),
       r.about, r.earlier_in_year, r.children, r.claimed_by_id, u.name, v.reference,
       p.given_name, p.family_name, r.version, r.paused_at, g.name, d.basis,
       (SELECT count(*) FROM referrals_referral AS o
         WHERE o.victim_id = r.victim_id AND NOT (o.state = 'completed')) AS of_victim
FROM ({scans}) AS r
LEFT JOIN incidents_incident AS i ON i.id = r.incident_id
JOIN victims_victim AS v ON v.id = r.victim_id
JOIN victims_person AS p ON p.id = v.person_id
LEFT JOIN accounts_user AS u ON u.id = r.claimed_by_id
LEFT JOIN accounts_agency AS g ON g.id = r.agency_id
LEFT JOIN deadlines_deadline AS d
       ON d.subject_type = 'referrals.referral' AND d.subject_id = r.id AND d.kind = 'referral'
      AND d.state IN ('running', 'breached')
ORDER BY CASE WHEN r.paused_at IS NOT NULL THEN 2 WHEN r.due_at <= %s THEN 0 ELSE 1 END,
         r.risk_rank DESC, {order}
"""


class Stretch(NamedTuple):
    """Rows of one bucket, from where to before where (None: to its end)."""

    bucket: Bucket
    start: int
    stop: int | None


def buckets(filters: Filters) -> list[Bucket]:
    """The buckets that the filters leave, in the order of the queue."""
    ranks = RISKS[filters.risk]
    over = [Bucket(True, rank) for rank in ranks]
    running = [Bucket(False, rank) for rank in ranks]
    paused = [Bucket(False, rank, paused=True) for rank in ranks]
    if filters.paused:
        return [] if filters.whose == "over" else paused
    return over if filters.whose == "over" else [*over, *running, *paused]


def page(
    filters: Filters, sizes: dict[Bucket, int], *, offset: int, reader: User, at: datetime
) -> list[QueueRow]:
    """The rows from `offset` on, a page full at most. One query; `sizes` from the board."""
    parts = _stretches(buckets(filters), sizes, offset, PAGE_SIZE)
    return read(list(parts), filters, reader=reader, at=at)


def everything(filters: Filters, *, reader: User, at: datetime) -> list[QueueRow]:
    """All rows of the filters in the order of the queue, as one instant saw them. One query."""
    parts = [Stretch(bucket, 0, None) for bucket in buckets(filters)]
    return read(parts, filters, reader=reader, at=at)


def read(
    parts: Sequence[Stretch], filters: Filters, *, reader: User, at: datetime
) -> list[QueueRow]:
    """The rows of these stretches, in the order of the queue. One query, none for no stretch.

    Written as SQL, since composing a union of joins through the ORM costs more than running it.
    Who sees what still comes from `visible_to`.
    """
    if not parts:
        return []
    source, source_params = visible_source(reader)
    narrowing, narrowing_params = filters.narrowing
    state, state_params = _STATES[filters.whose], [reader.pk] * (filters.whose == "mine")
    scans, params = [], []
    for bucket, start, stop in parts:
        side, instants = _side(bucket, at)
        scans.append(
            _SCAN.format(
                source=source, state=state, side=side, narrowing=narrowing, order=_IN_ORDER
            )
        )
        params += [*source_params, *state_params, bucket.rank, *instants, *narrowing_params]
        params += [None if stop is None else stop - start, start]
    statement = _PAGE.format(scans=" UNION ALL ".join(scans), order=_IN_ORDER)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, at])
        return [QueueRow(*row) for row in cursor.fetchall()]


def _side(bucket: Bucket, at: datetime) -> tuple[str, list[datetime]]:
    """Which side of now a bucket lies on: SQL and its parameters."""
    if bucket.paused:
        return _SIDES["paused"], []
    words = _SIDES["over" if bucket.over else "running"]
    return words.format(minute=_MINUTE, now=_NOW), [at, at]


def visible_source(reader: User) -> tuple[str, Sequence[Any]]:
    """The table, or what of it this person may see: SQL and its parameters."""
    rows = Referral.objects.visible_to(reader)
    if not rows.query.where:
        return Referral._meta.db_table, ()
    sql, params = rows.order_by().query.sql_with_params()
    return f"({sql})", params


class Queue(Sequence[QueueRow]):
    """The filtered queue as a sequence that reads only the page asked for; for a Paginator."""

    def __init__(
        self, filters: Filters, sizes: dict[Bucket, int], *, reader: User, at: datetime
    ) -> None:
        self.filters, self.sizes, self.reader, self.at = filters, sizes, reader, at

    def __len__(self) -> int:
        return sum(self.sizes.values())

    def __getitem__(self, wanted: Any) -> Any:
        return page(self.filters, self.sizes, offset=wanted.start, reader=self.reader, at=self.at)[
            : wanted.stop - wanted.start
        ]


def _stretches(
    order: list[Bucket], sizes: dict[Bucket, int], offset: int, wanted: int
) -> Iterator[Stretch]:
    """Which rows of which buckets lie between `offset` and `offset + wanted`."""
    for bucket in order:
        size = sizes.get(bucket, 0)
        taken = max(0, min(size - offset, wanted))
        if taken:
            yield Stretch(bucket, offset, offset + taken)
        offset, wanted = max(0, offset - size), wanted - taken
