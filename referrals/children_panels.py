"""What schools and children's services were told, on the pages of a victim and of an incident."""

from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels as incident_panels
from incidents.models import Incident
from referrals import school_notices
from referrals.models import SchoolNotice, Sharing
from referrals.permissions import can_refer_children, can_view_queue
from victims import panels as victim_panels
from victims.models import Victim

#: After what agencies were told.
ORDER = 42
MOST_SHOWN = 5


def of_victim(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """Schools to be told and told, and referrals of children with their answers. Two queries."""
    concerns = list(
        Sharing.objects.filter(victim=victim, kind=Sharing.Kind.CHILDREN)
        .select_related("agency", "concern")
        .order_by("-shared_at", "-pk")[:MOST_SHOWN]
    )
    notices = list(
        SchoolNotice.objects.visible_to(reader)
        .filter(victim=victim)
        .select_related("child", "agency", "incident")
        .order_by("-due_at", "-pk")[:MOST_SHOWN]
    )
    may_refer = can_refer_children(reader)
    if not (concerns or notices or may_refer):
        return None
    return {
        "concerns": concerns,
        "notices": notices,
        "may_refer": may_refer,
        "may_open": can_view_queue(reader),
    }


def of_incident(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """Which school is to be told of whom; nothing where no child is concerned. One query."""
    rows = school_notices.of_incident(incident, reader)
    return {"rows": rows, "may_open": can_view_queue(reader)} if rows else None


victim_panels.register("aside", ORDER, "referrals/children/panel.html", of_victim)
incident_panels.register(
    ORDER, "referrals/schools/incident_panel.html", of_incident, slot="aside", of_whole=False
)
