"""What this app adds to the pages of a victim and of an incident."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from incidents import panels as incident_panels
from incidents.models import Incident
from referrals import details
from referrals.models import Referral
from referrals.permissions import can_view_queue
from victims import panels as victim_panels
from victims.models import Victim

TEMPLATE = "referrals/panel.html"
INCIDENT_TEMPLATE = "referrals/incident_panel.html"
#: After what is due, before what is told at length.
ORDER = 40


def shared_with(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """The victim's newest referrals and who was told what; for whoever sees the record."""
    found = details.for_panel(victim.pk)
    return {**found, "queue": can_view_queue(reader)} if found else None


def told(victim: Victim, reader: User, at: datetime) -> dict[str, Any]:
    """The tab: what each agency was told of this victim."""
    return {"label": "Shared with", "url": reverse("referrals:sharings", args=[victim.reference])}


def referred(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """The referrals that came of an incident, of the victims that this person may see."""
    referrals = list(
        Referral.objects.visible_to(reader)
        .filter(incident=incident)
        .select_related("claimed_by", "victim__person")
        .order_by("pk")
    )
    if not referrals:
        return None
    return {"referrals": referrals, "queue": can_view_queue(reader)}


victim_panels.register("aside", ORDER, TEMPLATE, shared_with)
victim_panels.register("tab", ORDER, victim_panels.TAB, told)
incident_panels.register(ORDER, INCIDENT_TEMPLATE, referred, slot="aside", of_whole=False)
