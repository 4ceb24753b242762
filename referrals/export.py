"""The queue as CSV."""

from collections.abc import Iterable, Iterator

from core import csv_export
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
    "Referred by",
    "Clock stands still since",
    "Open referrals of this victim",
)


def lines(rows: Iterable[QueueRow]) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    yield from csv_export.lines(HEADINGS, (_cells(row) for row in rows))


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
        row.agency or "police",
        local(row.paused_at).isoformat(timespec="minutes") if row.paused_at else "",
        row.of_victim,
    )
