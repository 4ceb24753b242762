"""Pages of incidents by key, newest first: as fast on the thousandth page as on the first."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from incidents.models import Incident


def place(incident: Incident) -> str:
    """Where a page ends, for the address of the next: the last row's instant and number."""
    return f"{incident.received_at.isoformat()}~{incident.pk}"


def after(incidents: QuerySet[Incident], before: str) -> QuerySet[Incident]:
    """What follows that place; everything for a place that nobody can read."""
    instant, _, number = before.partition("~")
    at = _instant(instant)
    if at is None or not (number.isascii() and number.isdigit() and len(number) < 19):
        return incidents
    # The bound on the instant alone lets the index start there; the rest settles equals.
    return incidents.filter(received_at__lte=at).filter(
        Q(received_at__lt=at) | Q(pk__lt=int(number))
    )


def _instant(raw: str) -> datetime | None:
    try:
        instant = parse_datetime(raw)
    except ValueError:
        return None
    return instant if instant and instant.tzinfo else None
