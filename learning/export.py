"""Results by name as CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

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
#: A cell that begins so is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv.writer writes into: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Owed], at: datetime) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    writer = csv.writer(_Echo())
    # The mark by which spreadsheets know that this is UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in _cells(row, at)])


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


def _harmless(cell: object) -> str:
    words = str(cell)
    return f"'{words}" if words.startswith(_FORMULA) else words
