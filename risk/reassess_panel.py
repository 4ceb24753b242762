"""What a victim's page says of a reassessment that is owed: why, by whom, by when."""

from datetime import datetime
from typing import Any

from accounts.models import User
from risk.models import Reassessment
from risk.reassessments import standing
from victims import panels as victim_panels
from victims.models import Victim


def owed(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """The open one, with its reasons; whoever sees the victim sees it. Two queries, or one."""
    rows = Reassessment.objects.open().filter(victim=victim).select_related("owner", "team")
    row = rows.prefetch_related(standing()).first()
    return {"row": row} if row is not None else None


victim_panels.register("main", 5, "risk/panels/reassess.html", owed)
