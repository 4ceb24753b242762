"""Minutes are due some working days after a meeting."""

from datetime import datetime

import deadlines.services
from accounts.models import User
from marac.deadlines.minutes import MINUTES
from marac.models import Meeting


def owe_minutes(*, meeting_id: int, actor: User, at: datetime) -> None:
    """A meeting is over: its coordinator has its minutes out in the policy's working days.

    Called where the meeting is ended, which asked whether its actor may.
    """
    meeting = Meeting.objects.select_related("conference__team", "coordinator").get(pk=meeting_id)
    deadlines.services.start(
        kind=MINUTES,
        subject=meeting,
        reference=meeting.reference,
        victim_id=None,
        team=meeting.conference.team,
        owner=meeting.coordinator,
        started_at=meeting.ended_at or at,
        actor=actor,
        at=at,
    )
