"""How much of one incident a reader may see. Whether they see it at all is `visible_to`.

An incident may have two victims who are each other's perpetrator. Whoever works for one of them
sees the incident and not what the other said, fears, lives or was promised.
"""

from django.db.models import Q, QuerySet

from accounts.models import User
from audit.models import AuditEvent
from incidents.models import Incident
from victims.models import Victim


def sees_everybody(reader: User) -> bool:
    """Roles that police see every victim."""
    return reader.has_perm("victims.view_all_victims")


def people_seen(incident: Incident, reader: User) -> set[int]:
    """Of the victims of an incident, the people whose record this reader may see. One query."""
    return set(
        Victim.objects.visible_to(reader)
        .filter(involvements__incident=incident)
        .values_list("person", flat=True)
    )


def sees_whole(incident: Incident, reader: User) -> bool:
    """Whether no victim of it is hidden from this reader, so that its words may be shown whole."""
    if sees_everybody(reader):
        return True
    harmed = set(
        incident.involvements.filter(victim__isnull=False).values_list("person", flat=True)
    )
    return harmed <= people_seen(incident, reader)


def events_seen(incident: Incident, reader: User) -> QuerySet[AuditEvent]:
    """What happened about an incident, without what concerns victims whom this reader must not see.

    An assessment of one victim stands in the timeline of the incident, and is that one's alone.
    """
    events = AuditEvent.objects.filter(incident_id=incident.pk)
    if sees_everybody(reader):
        return events
    seen = Victim.objects.visible_to(reader).filter(involvements__incident=incident)
    return events.filter(Q(victim_id__isnull=True) | Q(victim_id__in=seen.values("pk")))
