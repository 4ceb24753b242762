"""The list of what nobody supervised, as CSV."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from core import csv_export
from core.clock import local
from incidents.pages.supervision import Row
from victims.models import RiskGrade

HEADINGS = ("Incident", "Received", "Closed", "Days", "Area", "Team", "Risk", "Victim", "Officers")


def lines(rows: Iterable[Row], at: datetime) -> Iterator[str]:
    """The rows as lines of CSV, headings first; times on the wall clock with their offset."""
    yield from csv_export.lines(HEADINGS, (_cells(row, at) for row in rows))


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
