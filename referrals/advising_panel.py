"""The IDVA service on the page of a victim: who supports them, or why nobody does."""

from datetime import datetime
from typing import Any

from accounts.models import User
from referrals.models import IdvaCase
from referrals.permissions import can_refer_to_advisers
from victims import panels
from victims.models import Victim

#: After how to reach them and what is agreed, before what was shared.
ORDER = 30


def supported_by(victim: Victim, reader: User, at: datetime) -> dict[str, Any] | None:
    """The newest case, whatever became of it; for whoever sees the record. One query."""
    rows = IdvaCase.objects.filter(victim=victim).select_related("owner", "answered_by")
    case = rows.order_by("-referred_at", "-pk").first()
    may_refer = can_refer_to_advisers(reader) and not (case and case.is_open)
    if case is None and not may_refer:
        return None
    return {"case": case, "may_refer": may_refer and victim.closed_at is None}


panels.register("aside", ORDER, "referrals/advising/panel.html", supported_by)
