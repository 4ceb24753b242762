"""The queue in its order, a page at a time, at the same cost however long its history is.

Over time first, then highest risk, then least time left: that is a row of buckets, each of them one
index scan. How many rows each holds is known from the board's counts, so a page reads only the one
to three buckets that it shows and never sorts what is open.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.functions import Coalesce

from accounts.models import User
from referrals.models import Referral
from referrals.querysets import ReferralQuerySet
from victims.models import RiskGrade

PAGE_SIZE = 25

#: Risk filter to the ranks that it shows. A grade that fell to standard is found under any risk.
RISKS: dict[str, tuple[int, ...]] = {
    "any": (4, 3, 2, 1),
    "high": (RiskGrade.VERY_HIGH.rank, RiskGrade.HIGH.rank),
    "medium": (RiskGrade.MEDIUM.rank,),
}
WHOSE = ("all", "mine", "nobody", "over")


@dataclass(frozen=True)
class Filters:
    """What the address asks for. Anything it does not know is as if it were not there."""

    whose: str = "all"
    risk: str = "any"

    @classmethod
    def from_query(cls, query: Any) -> "Filters":
        whose, risk = query.get("show", "all"), query.get("risk", "any")
        return cls(whose if whose in WHOSE else "all", risk if risk in RISKS else "any")

    def with_(self, **changes: str) -> "Filters":
        return replace(self, **changes)

    @property
    def query(self) -> str:
        """As in the address: "?show=mine&risk=high"; empty for what is shown anyway."""
        parts = [f"show={self.whose}"] * (self.whose != "all")
        parts += [f"risk={self.risk}"] * (self.risk != "any")
        return f"?{'&'.join(parts)}" if parts else ""


class Bucket(NamedTuple):
    """A stretch of the queue whose rows differ only in their due time."""

    over: bool
    rank: int


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

    @property
    def victim(self) -> str:
        return f"{self.given_name} {self.family_name}".strip() or "Name not known"

    @property
    def is_waiting(self) -> bool:
        return self.worker_id is None


#: When it happened; what an agency refers counts from when it came.
_HAPPENED = Coalesce("incident__received_at", "submitted_at")
_COLUMNS: tuple[Any, ...] = (
    "reference",
    "risk_rank",
    "due_at",
    "pk",
    "grade",
    "state",
    "submitted_at",
    _HAPPENED,
    "about",
    "earlier_in_year",
    "children",
    "claimed_by",
    "claimed_by__name",
    "victim__reference",
    "victim__person__given_name",
    "victim__person__family_name",
)


#: The partial indexes' own conditions, so that the planner knows them again.
_STATES = {
    "all": "NOT (r.state = 'completed')",
    "over": "NOT (r.state = 'completed')",
    "nobody": "r.state = 'waiting'",
    "mine": "r.state = 'claimed' AND r.claimed_by_id = %s",
}
_SCAN = """(
    SELECT * FROM {source} AS r WHERE {state} AND r.risk_rank = %s AND r.due_at {side} %s
    ORDER BY r.due_at, r.id LIMIT %s OFFSET %s
)"""
_PAGE = """
SELECT r.reference, r.risk_rank, r.due_at, r.id, r.grade, r.state, r.submitted_at,
       coalesce(i.received_at, r.submitted_at),
       r.about, r.earlier_in_year, r.children, r.claimed_by_id, u.name, v.reference,
       p.given_name, p.family_name
FROM ({scans}) AS r
LEFT JOIN incidents_incident AS i ON i.id = r.incident_id
JOIN victims_victim AS v ON v.id = r.victim_id
JOIN victims_person AS p ON p.id = v.person_id
LEFT JOIN accounts_user AS u ON u.id = r.claimed_by_id
ORDER BY r.due_at <= %s DESC, r.risk_rank DESC, r.due_at, r.id
"""


def buckets(filters: Filters) -> list[Bucket]:
    """The buckets that the filters leave, in the order of the queue."""
    sides = (True,) if filters.whose == "over" else (True, False)
    return [Bucket(over, rank) for over in sides for rank in RISKS[filters.risk]]


def narrowed(rows: ReferralQuerySet, filters: Filters, reader: User) -> ReferralQuerySet:
    """Only what the reader has, or what nobody has, where the filters say so."""
    if filters.whose == "mine":
        return rows.filter(state="claimed", claimed_by=reader)
    return rows.waiting() if filters.whose == "nobody" else rows.open()


def page(
    filters: Filters, sizes: dict[Bucket, int], *, offset: int, reader: User, at: datetime
) -> list[QueueRow]:
    """The rows from `offset` on, a page full at most. One query; `sizes` from the board.

    Written as SQL, since composing a union of joins through the ORM costs more than running it.
    Who sees what still comes from `visible_to`.
    """
    parts = list(_stretches(buckets(filters), sizes, offset, PAGE_SIZE))
    if not parts:
        return []
    source, source_params = visible_source(reader)
    state, state_params = _STATES[filters.whose], [reader.pk] * (filters.whose == "mine")
    scans, params = [], []
    for bucket, start, stop in parts:
        side = "<=" if bucket.over else ">"
        scans.append(_SCAN.format(source=source, state=state, side=side))
        params += [*source_params, *state_params, bucket.rank, at, stop - start, start]
    with connection.cursor() as cursor:
        cursor.execute(_PAGE.format(scans=" UNION ALL ".join(scans)), [*params, at])
        return [QueueRow(*row) for row in cursor.fetchall()]


def visible_source(reader: User) -> tuple[str, Sequence[Any]]:
    """The table, or what of it this person may see: SQL and its parameters."""
    rows = Referral.objects.visible_to(reader)
    if not rows.query.where:
        return Referral._meta.db_table, ()
    sql, params = rows.order_by().query.sql_with_params()
    return f"({sql})", params


def everything(filters: Filters, *, reader: User, at: datetime) -> list[QueueRow]:
    """All rows of the filters in the order of the queue, as one instant saw them. One query."""
    rows = narrowed(Referral.objects.visible_to(reader), filters, reader)
    if filters.whose == "over":
        rows = rows.overdue(at)
    rows = rows.filter(risk_rank__in=RISKS[filters.risk])
    return [QueueRow(*row) for row in rows.in_order(at).values_list(*_COLUMNS)]


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
) -> Iterator[tuple[Bucket, int, int]]:
    """Which rows of which buckets lie between `offset` and `offset + wanted`."""
    for bucket in order:
        size = sizes.get(bucket, 0)
        taken = max(0, min(size - offset, wanted))
        if taken:
            yield bucket, offset, offset + taken
        offset, wanted = max(0, offset - size), wanted - taken
