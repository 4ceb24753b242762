"""What several tests of incidents need."""

from audit.models import AuditEvent
from incidents.models import Incident


def of_kind(heard: list[object], kind: type) -> list[object]:
    return [event for event in heard if isinstance(event, kind)]


def headlines(row: Incident) -> list[str]:
    return list(
        AuditEvent.objects.filter(incident_id=row.pk)
        .order_by("pk")
        .values_list("headline", flat=True)
    )
