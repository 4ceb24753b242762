"""What every step of the response does with the incident's own row."""

from incidents.models import Incident


def lock(incident_id: int) -> Incident:
    """The incident, held until the transaction ends. Raises Incident.DoesNotExist."""
    return Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)


def changed(incident: Incident, *fields: str) -> None:
    """Save these fields of a locked incident as its next version."""
    incident.version += 1
    incident.save(update_fields=[*fields, "version"])
