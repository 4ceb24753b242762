"""An agency's own list as CSV: what it may read on its pages, and nothing more."""

from collections.abc import Iterable, Iterator

from core import csv_export
from core.clock import local
from referrals.models import Sharing
from referrals.told import Told

PARTS = Sharing.What
HEADINGS = (
    "Reference",
    "Shared",
    "By",
    "Why",
    "May be read until",
    "Opened",
    "Answer",
    *(part.label for part in PARTS),
)


def lines(rows: Iterable[Told]) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    yield from csv_export.lines(HEADINGS, (_cells(row) for row in rows))


def _cells(row: Told) -> tuple[object, ...]:
    told = row.sharing
    return (
        told.reference,
        local(told.shared_at).isoformat(timespec="minutes"),
        told.shared_by,
        told.why,
        told.keep_until or "",
        local(told.opened_at).isoformat(timespec="minutes") if told.opened_at else "",
        told.get_answer_display(),
        *(row.words(part.value) for part in PARTS),
    )
