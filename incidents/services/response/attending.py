"""The briefing is read; somebody arrives."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from incidents.events import OfficerArrived
from incidents.models import Deployment, Duty, Incident
from incidents.permissions import may_attend
from incidents.services.response import arrival_clock
from incidents.services.response.rows import changed, lock
from victims import services as victims
from victims.models import Duty as Answers


@transaction.atomic
def read_briefing(*, incident_id: int, actor: User, at: datetime) -> Deployment | None:
    """Note that an officer who was sent opened the briefing; the first time counts.

    None for somebody who was not sent: that reading is in the log of reads like any other.
    """
    deployment = (
        Deployment.objects.select_for_update(of=("self",))
        .filter(incident=incident_id, officer=actor)
        .select_related("incident")
        .first()
    )
    if deployment is None or deployment.briefing_read_at is not None:
        return deployment
    deployment.briefing_read_at = at
    deployment.save(update_fields=["briefing_read_at"])
    audit.record(
        actor=actor,
        at=at,
        verb="incident.briefing_read",
        headline=f"{actor} read the briefing",
        subject=deployment.incident.reference,
        incident_id=incident_id,
    )
    return deployment


@transaction.atomic
def record_arrival(
    *, incident_id: int, actor: User, at: datetime, arrived_at: datetime | None = None
) -> Deployment:
    """Note that an officer is there; saying it again changes nothing.

    `arrived_at` is for arrivals told later (no signal); without it, `at`. Somebody whom nobody sent
    is taken to have sent themselves; somebody stood down on the way who came is there all the same.
    The first officer there becomes responsible for the victims until somebody else has them. The
    clocks of the incident and of the officer stop at the arrival. Raises PermissionDenied;
    DomainError when the incident is closed; InvalidInput at `arrived_at` before the call or in the
    future.
    """
    incident = lock(incident_id)
    if not may_attend(actor):
        raise PermissionDenied("Only officers who attend incidents arrive at them.")
    deployment = Deployment.objects.filter(incident=incident, officer=actor).first()
    if deployment is not None and deployment.arrived_at is not None:
        return deployment
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Ask the control room before you attend.")
    there = _checked(arrived_at or at, incident, at)
    is_first = not incident.deployments.filter(arrived_at__isnull=False).exists()
    deployment = _arrived(incident, deployment, actor, there)
    if incident.state != Incident.State.ATTENDED or incident.not_sent_reason:
        incident.state, incident.not_sent_reason = Incident.State.ATTENDED, ""
        changed(incident, "state", "not_sent_reason")
    audit.record(
        actor=actor,
        at=there,
        verb="incident.officer_arrived",
        headline=_headline(actor, incident, there),
        subject=incident.reference,
        incident_id=incident.pk,
        detail={"told_at": at.isoformat()},
    )
    arrival_clock.arrived(incident, deployment, actor=actor, there=there)
    if is_first:
        _take_responsibility(incident, actor, there)
    events.announce(OfficerArrived(incident_id=incident.pk, officer=actor, actor=actor, at=there))
    return deployment


def _checked(there: datetime, incident: Incident, at: datetime) -> datetime:
    if there > at:
        raise InvalidInput("Nobody can have arrived in the future.", field="arrived_at")
    if there < incident.received_at:
        raise InvalidInput("Nobody can have arrived before the call.", field="arrived_at")
    return there


def _arrived(
    incident: Incident, deployment: Deployment | None, officer: User, there: datetime
) -> Deployment:
    if deployment is None:
        duty = Duty.objects.filter(officer=officer, ended_at__isnull=True).first()
        return Deployment.objects.create(
            incident=incident,
            officer=officer,
            unit_id=duty.unit_id if duty else None,
            sent_at=there,
            sent_by=officer,
            arrived_at=there,
        )
    deployment.arrived_at = there
    deployment.cleared_at, deployment.stood_down_reason = None, ""
    deployment.save(update_fields=["arrived_at", "cleared_at", "stood_down_reason"])
    return deployment


def _take_responsibility(incident: Incident, officer: User, at: datetime) -> None:
    """Whoever is there first answers for contact: the victim must know whom to turn to about today.

    Risk and safety plan they take only where nobody who works here has them: what somebody works
    on with a victim does not pass to another because of a further call.
    """
    victim_ids = incident.involvements.filter(victim__isnull=False).values_list("victim", flat=True)
    for victim_id in victim_ids:
        victims.set_responsible(
            victim_id=victim_id,
            person=officer,
            duties=[Answers.CONTACT],
            and_unheld=True,
            actor=officer,
            at=at,
        )


def _headline(officer: User, incident: Incident, there: datetime) -> str:
    words = f"{officer} arrived {_minutes(there - incident.received_at)} after the call"
    if incident.attend_by and there > incident.attend_by:
        words += f", {_minutes(there - incident.attend_by)} late"
    return words


def _minutes(time: timedelta) -> str:
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return "less than a minute"
    if minutes >= 120:
        return f"{minutes // 60} hours"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"
