"""Officers are sent."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError, InvalidInput
from core.text import clean
from incidents.events import OfficerSent
from incidents.models import Deployment, Duty, Incident, Unit
from incidents.officers import those_who_may_attend
from incidents.permissions import may_send_officers
from incidents.services.response import arrival_clock
from incidents.services.response.arrival_clock import hour
from incidents.services.response.rows import changed, lock

LONGEST_REASON = 200

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


@transaction.atomic
def send_officers(
    *,
    incident_id: int,
    actor: User,
    at: datetime,
    officers: Sequence[User] = (),
    units: Sequence[Unit] = (),
    fewer_reason: str = "",
    knowingly: bool = False,
) -> list[Deployment]:
    """Send officers, or the whole crew of units; those already sent stay sent.

    Two officers are advised, so that the people can be spoken to apart (inspection report); with
    fewer in all, `fewer_reason` says why and stands in the timeline. Somebody who is not on duty,
    or said to be not available, is sent only `knowingly`. Who was stood down, or left, is sent
    again. Gives the new deployments. Raises PermissionDenied; DomainError when the incident is
    closed; InvalidInput at `officers`, `units`, `fewer_reason` or `knowingly`.
    """
    incident = lock(incident_id)
    if not may_send_officers(actor):
        raise PermissionDenied("Only the control room sends officers.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed. Nobody can be sent to it.")
    rows = {row.officer_id: row for row in incident.deployments.select_related("officer__team")}
    there = {key for key, row in rows.items() if row.cleared_at is None}
    chosen = [*officers, *_crews(units)]
    new = _checked(chosen, there)
    if not new:
        return []
    reason = _reason(fewer_reason, len(there) + len(new), incident.officers_advised)
    duties = _duties(new)
    if not knowingly:
        _check_available(new, duties)
    by = arrival_clock.time_to_arrive(incident, at, is_first=not there)
    deployments = [
        _sent(rows.get(officer.pk), incident, officer, duties.get(officer.pk), by, actor, at)
        for officer in new
    ]
    _note_on_incident(incident, actor, at)
    audit.record(
        actor=actor,
        at=at,
        verb="incident.officers_sent",
        headline=_headline(new, reason),
        subject=incident.reference,
        incident_id=incident.pk,
        detail=_detail(deployments, reason, duties),
    )
    arrival_clock.await_officers(incident, deployments, actor=actor, at=at)
    for officer in new:
        events.announce(OfficerSent(incident_id=incident.pk, officer=officer, actor=actor, at=at))
    return deployments


def _crews(units: Sequence[Unit]) -> list[User]:
    """Everybody on duty in these units. Raises InvalidInput for a unit with nobody in it."""
    duties = Duty.objects.filter(unit__in=units, ended_at__isnull=True).select_related(
        "officer__team"
    )
    crews: dict[int | None, list[User]] = {}
    for duty in duties.order_by("officer__name"):
        crews.setdefault(duty.unit_id, []).append(duty.officer)
    for unit in units:
        if unit.pk not in crews:
            raise InvalidInput(f"{unit} has nobody on duty.", field="units")
    return [officer for unit in units for officer in crews[unit.pk]]


def _checked(officers: Sequence[User], there: set[int]) -> list[User]:
    """Those to send now, in the order given. Raises InvalidInput for nobody and for an outsider."""
    if not officers:
        raise InvalidInput("Choose who is sent.", field="officers")
    new = {officer.pk: officer for officer in officers if officer.pk not in there}
    able = set(those_who_may_attend().filter(pk__in=new).values_list("pk", flat=True))
    for officer in new.values():
        if officer.pk not in able:
            raise InvalidInput(f"{officer} does not attend incidents.", field="officers")
    return list(new.values())


def _reason(typed: str, number: int, advised: int) -> str:
    reason = clean(typed, field="fewer_reason", longest=LONGEST_REASON)
    if number >= advised:
        return ""
    if not reason:
        raise InvalidInput(
            f"{_NUMBERS[min(advised, 10)]} officers are advised, so that the people can be spoken "
            "to apart. Say why fewer are sent.",
            field="fewer_reason",
        )
    return reason


def _duties(officers: Sequence[User]) -> dict[int, Duty]:
    duties = Duty.objects.filter(officer__in=officers, ended_at__isnull=True)
    return {duty.officer_id: duty for duty in duties.select_related("unit")}


def _check_available(officers: Sequence[User], duties: dict[int, Duty]) -> None:
    """Raises InvalidInput with the name of everybody who cannot simply be sent."""
    words = []
    for officer in officers:
        duty = duties.get(officer.pk)
        if duty is None:
            words.append(f"{officer} is not on duty.")
        elif duty.unavailable_since:
            since = hour(duty.unavailable_since)
            words.append(f"{officer} is not available: {duty.unavailable_reason}, since {since}.")
    if words:
        raise InvalidInput(
            f"{' '.join(words)} Tick the box to send them all the same.", field="knowingly"
        )


def _sent(
    row: Deployment | None,
    incident: Incident,
    officer: User,
    duty: Duty | None,
    by: datetime | None,
    actor: User,
    at: datetime,
) -> Deployment:
    """A new row; or the officer's own again, who was stood down on the way or had left."""
    if row is None:
        return Deployment.objects.create(
            incident=incident,
            officer=officer,
            unit=duty.unit if duty else None,
            sent_at=at,
            sent_by=actor,
            arrive_by=by,
        )
    row.officer = officer
    row.cleared_at, row.stood_down_reason = None, ""
    if row.arrived_at is None:
        row.unit = duty.unit if duty else None
        row.sent_at, row.sent_by, row.briefing_read_at, row.arrive_by = at, actor, None, by
    row.save(
        update_fields=[
            "cleared_at",
            "stood_down_reason",
            "unit",
            "sent_at",
            "sent_by",
            "briefing_read_at",
            "arrive_by",
        ]
    )
    return row


def _note_on_incident(incident: Incident, actor: User, at: datetime) -> None:
    """Officers are on the way: what was said about sending nobody no longer holds."""
    fields = []
    if incident.state == Incident.State.OPEN:
        incident.state = Incident.State.SENT
        fields.append("state")
    if incident.not_sent_reason:
        incident.not_sent_reason = ""
        fields.append("not_sent_reason")
        if incident.state == Incident.State.SENT:
            arrival_clock.await_somebody(incident, actor=actor, at=at)
    if fields:
        changed(incident, *fields)


def _detail(
    deployments: Sequence[Deployment], reason: str, duties: dict[int, Duty]
) -> dict[str, object]:
    return {
        "officers": [str(row.officer) for row in deployments],
        "units": sorted({str(row.unit) for row in deployments if row.unit}),
        "fewer_reason": reason,
        "not_on_duty": [str(row.officer) for row in deployments if row.officer_id not in duties],
        "not_available": [
            str(row.officer)
            for row in deployments
            if (duty := duties.get(row.officer_id)) and duty.unavailable_reason
        ],
    }


def _headline(officers: Sequence[User], reason: str) -> str:
    number = len(officers)
    counted = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    words = f"{counted} officer{'' if number == 1 else 's'} sent"
    return f"{words}: {reason}" if reason else words
