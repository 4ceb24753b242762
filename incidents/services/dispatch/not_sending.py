"""Nobody is sent, and why."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from incidents.models import Incident
from incidents.permissions import may_send_officers
from incidents.services.response import arrival_clock
from incidents.services.response.rows import changed, lock

#: Characters.
LONGEST_NOT_SENT = 300


@transaction.atomic
def send_nobody(*, incident_id: int, actor: User, reason: str, at: datetime) -> Incident:
    """Say that nobody is sent to an incident, and why; nobody is awaited there any more.

    Sending somebody later takes it back. The same words again change nothing; others replace them.
    Raises PermissionDenied; DomainError when the incident is closed, was attended, or somebody is
    on the way; InvalidInput at `reason`.
    """
    incident = lock(incident_id)
    if not may_send_officers(actor):
        raise PermissionDenied("Only the control room decides who is sent.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed.")
    reason = clean(reason, field="reason", longest=LONGEST_NOT_SENT, required=True)
    if incident.not_sent_reason == reason:
        return incident
    if incident.state == Incident.State.ATTENDED:
        raise DomainError("Somebody was there already.")
    if incident.deployments.filter(cleared_at__isnull=True).exists():
        raise DomainError("Officers are on the way. Stand them down first.")
    incident.not_sent_reason = reason
    changed(incident, "not_sent_reason")
    audit.record(
        actor=actor,
        at=at,
        verb="incident.nobody_sent",
        headline=f"Nobody is sent: {reason}"[:300],
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=True,
        detail={"reason": reason},
    )
    arrival_clock.nobody_comes(incident, actor=actor, at=at, reason=reason)
    return incident
