"""The deadline for somebody to be there follows the incident's target, wherever that is moved."""

from datetime import datetime

from accounts.models import User
from deadlines import services as deadlines
from incidents.deadlines import ATTENDANCE
from incidents.models import Incident
from incidents.services.response import arrival_clock

#: Nobody has got there yet.
STILL_AWAITED = (Incident.State.OPEN, Incident.State.SENT)


def watch_attendance(incident: Incident, *, actor: User, at: datetime) -> None:
    """Move the open deadline to the incident's own time; begun again where none was running."""
    if incident.state not in STILL_AWAITED or incident.attend_by is None:
        return
    moved = deadlines.reschedule(
        kind=ATTENDANCE, subject=incident, started_at=incident.attend_by, actor=actor, at=at
    )
    if moved is None:
        arrival_clock.await_somebody(incident, actor=actor, at=at)
