"""Results by name as CSV."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from core import csv_export
from core.clock import local
from learning.owed import Owed

HEADINGS = (
    "Team",
    "Name",
    "Notice",
    "Title",
    "Read",
    "Passed",
    "Attempts",
    "To pass by",
    "Overdue",
)


def lines(rows: Iterable[Owed], at: datetime) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    yield from csv_export.lines(HEADINGS, (_cells(row, at) for row in rows))


def _cells(row: Owed, at: datetime) -> tuple[object, ...]:
    return (
        row.team or "",
        row.name,
        row.reference,
        row.title,
        _when(row.read_at),
        _when(row.passed_at),
        row.attempts,
        local(row.due_at).date().isoformat(),
        "yes" if row.is_overdue(at) else "no",
    )


def _when(instant: datetime | None) -> str:
    return local(instant).isoformat(timespec="minutes") if instant else ""
