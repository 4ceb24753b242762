"""How much of one incident a reader may see. Whether they see it at all is `visible_to`.

An incident may have two victims who are each other's perpetrator. Whoever works for one of them
sees the incident and not what the other said, fears, lives or was promised.
"""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from audit.models import AuditEvent
from incidents.models import Incident, Involvement
from victims import permissions
from victims.models import Victim
from victims.timeline import PLAIN


def sees_everybody(reader: User) -> bool:
    """Roles that police see every victim, but what is withheld from the person."""
    return permissions.sees_everybody(reader)


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


def of_one_side(incident_ids: Iterable[int], reader: User) -> set[int]:
    """Of these incidents' keys, those with a victim hidden from this reader. One query at most."""
    if sees_everybody(reader):
        return set()
    hidden = _hidden(reader).filter(incident__in=list(incident_ids))
    return set(hidden.values_list("incident", flat=True))


def seen_whole(incidents: QuerySet[Incident], reader: User) -> QuerySet[Incident]:
    """Only those of whose victims none is hidden from this reader.

    For questions whose answer tells something of an incident: who asks where the other victim
    lives, or for their number, gets no answer, and not even that there is none.
    """
    if sees_everybody(reader):
        return incidents
    return incidents.exclude(Exists(_hidden(reader).filter(incident=OuterRef("pk"))))


def _hidden(reader: User) -> QuerySet[Involvement]:
    seen = Victim.objects.visible_to(reader)
    return Involvement.objects.filter(victim__isnull=False).exclude(victim__in=seen.values("pk"))


def events_seen(incident: Incident, reader: User) -> QuerySet[AuditEvent]:
    """What happened about an incident, without what concerns victims whom this reader must not see.

    An assessment of one victim stands in the timeline of the incident, and is that one's alone.
    What was done about both is told only as far as it needs no words about either.
    """
    events = AuditEvent.objects.filter(incident_id=incident.pk)
    if sees_everybody(reader):
        return events
    seen = Victim.objects.visible_to(reader).filter(involvements__incident=incident)
    of_incident = Q(victim_id__isnull=True)
    if not sees_whole(incident, reader):
        of_incident &= Q(verb__in=PLAIN)
    return events.filter(of_incident | Q(victim_id__in=seen.values("pk")))
