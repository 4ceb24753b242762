"""The list of what nobody supervised, as CSV."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime

from core.clock import local
from incidents.pages.supervision import Row
from victims.models import RiskGrade

HEADINGS = ("Incident", "Received", "Closed", "Days", "Area", "Team", "Risk", "Victim", "Officers")
#: A cell that begins so is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv.writer writes into: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Row], at: datetime) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    writer = csv.writer(_Echo())
    # The mark by which spreadsheets know that this is UTF-8.
    yield "\ufeff" + writer.writerow(HEADINGS)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in _cells(row, at)])


def _cells(row: Row, at: datetime) -> tuple[object, ...]:
    incident = row.incident
    return (
        incident.reference,
        local(incident.received_at).isoformat(timespec="minutes"),
        local(incident.closed_at).isoformat(timespec="minutes") if incident.closed_at else "",
        (at - incident.received_at).days,
        incident.area or "",
        row.team or "",
        RiskGrade(row.risk).label if row.risk else "",
        "; ".join(row.victims),
        "; ".join(str(sent.officer) for sent in incident.deployments.all()),
    )


def _harmless(cell: object) -> str:
    words = str(cell)
    return f"'{words}" if words.startswith(_FORMULA) else words
