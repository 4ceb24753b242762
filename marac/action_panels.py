"""Open actions where people need them: on the page of a victim, and of an incident."""

from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels as incident_panels
from incidents.models import Incident
from marac.models import MaracAction
from marac.querysets import ActionQuerySet
from victims import panels as victim_panels
from victims.models import Victim

#: Lines of a panel; more than so many stand on the list.
MOST = 12
#: Among what is to be done, before what was shared.
ORDER = 35


def of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """What agencies still have to do for this victim; None where there is nothing. One query."""
    rows = _open(reader).filter(victim=victim.pk)[:MOST]
    found = list(rows)
    return {"actions": found, "now": at} if found else None


def of_incident(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """What officers who go there must know of: open actions for those harmed. One query."""
    harmed = incident.involvements.filter(victim__isnull=False).values("victim")
    found = list(_open(reader).filter(is_for_officers=True, victim__in=harmed)[:MOST])
    return {"actions": found, "now": at, "is_named": True} if found else None


def _open(reader: User) -> ActionQuerySet:
    rows = MaracAction.objects.visible_to(reader).open().order_by("due_at", "pk")
    return rows.select_related("agency", "owner", "team", "victim__person")


victim_panels.register("aside", ORDER, "marac/actions/panel.html", of_victim)
incident_panels.register(
    ORDER, "marac/actions/incident_panel.html", of_incident, slot="aside", of_whole=False
)
