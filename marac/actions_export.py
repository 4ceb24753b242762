"""The list of actions as CSV."""

from collections.abc import Iterable, Iterator

from core import csv_export
from core.clock import local
from marac.models import MaracAction

HEADINGS = (
    "Reference",
    "Conference",
    "Meeting",
    "Case",
    "Victim",
    "Agency",
    "Who",
    "What",
    "Due",
    "State",
    "Settled",
    "By",
    "Evidence",
)


def lines(rows: Iterable[MaracAction]) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    yield from csv_export.lines(HEADINGS, (_cells(row) for row in rows))


def _cells(row: MaracAction) -> tuple[object, ...]:
    return (
        row.reference,
        row.case.conference,
        row.hearing.meeting.reference,
        row.case.reference,
        row.victim.reference,
        row.agency,
        row.owner or row.team,
        row.words,
        row.due_on,
        row.get_state_display(),
        local(row.settled_at).isoformat(timespec="minutes") if row.settled_at else "",
        row.settled_by or "",
        row.evidence,
    )
