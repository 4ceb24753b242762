"""What orders and notices add to the pages of a victim and of an incident."""

from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels as incident_panels
from incidents.models import Incident, Involvement
from perpetrators import parts
from perpetrators.models import ProtectionNotice
from perpetrators.pages.orders import against, of_victim
from perpetrators.permissions import can_ask_for_notice, can_record_order
from victims import panels as victim_panels
from victims.models import Victim


def orders_of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """What is in force for the victim; nothing where there is none and the reader records none."""
    found = of_victim(victim, at)
    if found is None and not can_record_order(reader):
        return None
    return found or {"in_force": []}


def notices_of_incident(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """The notices asked for from an incident, of victims that the reader may see, and the way to
    ask for one where somebody was complained of."""
    rows = ProtectionNotice.objects.visible_to(reader).filter(incident=incident)
    notices = list(rows.select_related("person").order_by("pk"))
    may_ask = can_ask_for_notice(reader) and _has_both(incident)
    if not notices and not may_ask:
        return None
    return {"notices": notices, "may_ask": may_ask}


def _has_both(incident: Incident) -> bool:
    roles = {row.role for row in incident.involvements.all()}
    return {Involvement.Role.VICTIM, Involvement.Role.PERPETRATOR} <= roles


victim_panels.register("aside", 35, "perpetrators/orders/panel.html", orders_of_victim)
incident_panels.register(
    45,
    "perpetrators/orders/incident_panel.html",
    notices_of_incident,
    slot="aside",
    of_whole=False,
)
parts.register("main", 25, "perpetrators/orders/of_person.html", against)
