"""Officers are turned back on the way, or are free again after they were there."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.errors import DomainError
from core.text import clean
from incidents.models import Deployment, Incident
from incidents.permissions import may_attend, may_send_officers
from incidents.services.response import arrival_clock
from incidents.services.response.arrival_clock import hour
from incidents.services.response.rows import changed, lock

#: Characters.
LONGEST_STOOD_DOWN = 200


@transaction.atomic
def stand_down(
    *, incident_id: int, officer: User, actor: User, reason: str, at: datetime
) -> Deployment:
    """Turn back an officer who is on the way, for a reason; said twice, it changes nothing.

    Where nobody else is on the way the incident is open again and its own clock runs on. Raises
    PermissionDenied; DomainError when the officer was not sent or has arrived; InvalidInput at
    `reason`.
    """
    incident = lock(incident_id)
    if not may_send_officers(actor):
        raise PermissionDenied("Only the control room stands officers down.")
    row = _deployment(incident, officer)
    if row.arrived_at is not None:
        raise DomainError(
            f"{officer} arrived at {hour(row.arrived_at)}. Clear them instead of standing them "
            "down."
        )
    if row.cleared_at is not None:
        return row
    reason = clean(reason, field="reason", longest=LONGEST_STOOD_DOWN, required=True)
    _turn_back(row, reason, actor=actor, at=at)
    nobody_left = not incident.deployments.filter(cleared_at__isnull=True).exists()
    if nobody_left and incident.state == Incident.State.SENT:
        incident.state = Incident.State.OPEN
        changed(incident, "state")
    return row


@transaction.atomic
def clear(*, incident_id: int, officer: User, actor: User, at: datetime) -> Deployment:
    """An officer who was there is free for something else; said twice, it changes nothing.

    Officers say so for themselves, the control room for anybody. Raises PermissionDenied, and
    DomainError when they were not sent or have not arrived.
    """
    incident = lock(incident_id)
    own = actor.pk == officer.pk and may_attend(actor)
    if not (own or may_send_officers(actor)):
        raise PermissionDenied("Officers say for themselves that they are free.")
    row = _deployment(incident, officer)
    if row.cleared_at is not None:
        return row
    if row.arrived_at is None:
        raise DomainError(
            f"{officer} has not arrived yet. Stand them down, with a reason, to turn them back."
        )
    free(row, actor=actor, at=at)
    return row


def clear_all(incident: Incident, actor: User, at: datetime) -> None:
    """Everybody is free of a locked incident that is closed; who never came is turned back.

    Whoever closes asked whether its actor may; nobody has to be there any more either.
    """
    rows = incident.deployments.filter(cleared_at__isnull=True).select_related("officer")
    for row in rows.select_for_update(of=("self",)).order_by("pk"):
        if row.arrived_at is None:
            _turn_back(row, "The incident is closed.", actor=actor, at=at)
        else:
            free(row, actor=actor, at=at)
    arrival_clock.nobody_comes(incident, actor=actor, at=at, reason="The incident is closed.")


def free(row: Deployment, *, actor: User, at: datetime) -> None:
    """Note that an officer is free of an incident; the caller asked whether they may be."""
    row.cleared_at = at
    row.save(update_fields=["cleared_at"])
    _record(row, actor, at, "officer_cleared", f"{row.officer} is free again")


def _turn_back(row: Deployment, reason: str, *, actor: User, at: datetime) -> None:
    row.cleared_at, row.stood_down_reason = at, reason
    row.save(update_fields=["cleared_at", "stood_down_reason"])
    arrival_clock.turned_back(row, actor=actor, at=at, reason=reason)
    _record(row, actor, at, "officer_stood_down", f"{row.officer} stood down: {reason}"[:300])


def _deployment(incident: Incident, officer: User) -> Deployment:
    """This officer's way to a locked incident. Raises DomainError where there is none."""
    row = incident.deployments.filter(officer=officer).select_related("officer").first()
    if row is None:
        raise DomainError(f"{officer} was not sent to {incident.reference}.")
    row.incident = incident
    return row


def _record(row: Deployment, actor: User, at: datetime, verb: str, headline: str) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"incident.{verb}",
        headline=headline,
        subject=row.incident.reference,
        incident_id=row.incident_id,
        detail={"officer": str(row.officer), "reason": row.stood_down_reason},
    )
