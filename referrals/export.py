"""The queue as CSV."""

import csv
from collections.abc import Iterable, Iterator

from core.clock import local
from referrals.queue import QueueRow
from victims.models import RiskGrade

HEADINGS = (
    "Referral",
    "Risk",
    "Due",
    "Submitted",
    "Victim",
    "Name",
    "About",
    "Earlier in 12 months",
    "Children",
    "With",
)
#: A cell that begins so is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv.writer writes into: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[QueueRow]) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    writer = csv.writer(_Echo())
    # The mark by which spreadsheets know that this is UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in _cells(row)])


def _cells(row: QueueRow) -> tuple[object, ...]:
    return (
        row.reference,
        RiskGrade(row.grade).label,
        local(row.due_at).isoformat(timespec="minutes"),
        local(row.submitted_at).isoformat(timespec="minutes"),
        row.victim_reference,
        row.victim,
        row.about,
        row.earlier_in_year,
        row.children,
        row.worker or "",
    )


def _harmless(cell: object) -> str:
    words = str(cell)
    return f"'{words}" if words.startswith(_FORMULA) else words
