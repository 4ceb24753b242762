"""A conference's case where people need it: on the page of a victim, and of an incident."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from incidents import panels as incident_panels
from incidents.models import Incident
from marac.models import MaracCase
from marac.permissions import can_propose
from marac.querysets import CaseQuerySet
from victims import panels as victim_panels
from victims.models import Victim

#: Before what the conference's agencies still have to do.
ORDER = 34
MOST = 3


def of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """Open cases, and for whoever may the way to refer; the reader sees the victim. One query."""
    cases = list(_open().filter(victim=victim.pk).order_by("-proposed_at")[:MOST])
    if not cases and not can_propose(reader):
        return None
    url = f"{reverse('marac:propose')}?victim={victim.reference}" if can_propose(reader) else ""
    return {"cases": cases, "propose_url": url}


def of_incident(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """That a conference has a case of those harmed. One query."""
    harmed = incident.involvements.filter(victim__isnull=False).values("victim")
    rows = _open().filter(pk__in=MaracCase.objects.visible_to(reader).values("pk"))
    cases = list(rows.filter(victim__in=harmed).order_by("-proposed_at")[:MOST])
    return {"cases": cases} if cases else None


def _open() -> CaseQuerySet:
    return MaracCase.objects.open().select_related("conference", "victim__person", "perpetrator")


victim_panels.register("aside", ORDER, "marac/cases/panel.html", of_victim)
incident_panels.register(ORDER, "marac/cases/panel.html", of_incident, slot="aside", of_whole=False)
