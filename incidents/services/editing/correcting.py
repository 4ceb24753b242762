"""Texts of a call are put right; what they said before stays in the audit and the row history."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit.services import record
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from incidents import permissions
from incidents.models import Incident
from incidents.services.calls import CORRECTABLE


@transaction.atomic
def correct(
    *, incident_id: int, actor: User, changes: dict[str, str], version: int, at: datetime
) -> Incident:
    """Put texts of an incident right; what they said before stays in the audit and row history.

    Raises PermissionDenied, Stale with both versions, InvalidInput, DomainError once it is closed.
    """
    incident = Incident.objects.select_for_update(of=("self",)).get(pk=incident_id)
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room corrects what was taken down.")
    if incident.version != version:
        raise Stale(
            "Somebody changed this incident since you read it.",
            theirs={name: getattr(incident, name) for name in changes},
            yours=dict(changes),
            version=incident.version,
        )
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed; its texts stay as they are.")
    before: dict[str, str] = {}
    for name, text in changes.items():
        if name not in CORRECTABLE:
            raise InvalidInput("This cannot be changed.", field=name)
        cleaned = clean(text, field=name, longest=CORRECTABLE[name], required=name == "narrative")
        if cleaned != getattr(incident, name):
            before[name] = getattr(incident, name)
            setattr(incident, name, cleaned)
    if not before:
        return incident
    incident.version += 1
    incident.save(update_fields=[*before, "version"])
    record(
        actor=actor,
        at=at,
        verb="incident.corrected",
        subject=incident.reference,
        headline=f"Call corrected: {', '.join(name.replace('_', ' ') for name in before)}",
        incident_id=incident.pk,
        detail={"before": before, "after": {name: getattr(incident, name) for name in before}},
    )
    return incident
