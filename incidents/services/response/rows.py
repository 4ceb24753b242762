"""What every step of the response does with the incident's own row."""

from django.db.models import Exists, F, OuterRef

from incidents.models import Closure, Incident


def lock(incident_id: int) -> Incident:
    """The incident, held until the transaction ends. Raises Incident.DoesNotExist."""
    return Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)


def changed(incident: Incident, *fields: str) -> None:
    """Save these fields of a locked incident as its next version."""
    incident.version += 1
    incident.save(update_fields=[*fields, "version"])


def read_anew(incident_id: int) -> None:
    """What an inspector reads beside a waiting request for closure changed: the next version.

    A signature on the older one is then refused as stale. Where no request waits nothing changes,
    so that nobody's edit of the call is refused for something that it does not touch.
    """
    waiting = Closure.objects.waiting().filter(incident=OuterRef("pk"))
    rows = Incident.objects.filter(Exists(waiting), pk=incident_id)
    rows.update(version=F("version") + 1)
