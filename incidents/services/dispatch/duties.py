"""Officers come on duty and go off it, change cars, and are kept from being sent for a while."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from incidents.models import Deployment, Duty, FirstResponse, Unit
from incidents.officers import not_free, those_who_may_attend
from incidents.permissions import may_attend, may_manage_resources
from incidents.services.dispatch.standing_down import free
from incidents.services.response.arrival_clock import hour

#: Characters.
LONGEST_UNAVAILABLE = 120
#: No tour is planned longer.
LONGEST_DUTY = timedelta(hours=24)


@transaction.atomic
def start_duty(
    *,
    officer: User,
    actor: User,
    at: datetime,
    unit: Unit | None = None,
    ends_at: datetime | None = None,
) -> Duty:
    """An officer comes on duty, in a unit or without one, until `ends_at` (else force policy's).

    The control room says so for anybody, officers for themselves. Said twice, it changes nothing.
    Raises PermissionDenied; InvalidInput at `officer`, `unit` or `ends_at`; AlreadyTaken when the
    officer is on duty in another unit.
    """
    _check_may_book(actor, officer)
    if not those_who_may_attend().filter(pk=officer.pk).exists():
        raise InvalidInput(f"{officer} does not attend incidents.", field="officer")
    _check_unit(unit)
    ends_at = ends_at or at + timedelta(hours=policy.at(at).duty_hours)
    _check_end(ends_at, at)
    try:
        with transaction.atomic():
            duty = Duty.objects.create(officer=officer, unit=unit, started_at=at, ends_at=ends_at)
    except IntegrityError:
        # On duty already, perhaps since this very moment: the database lets only one be open.
        return _the_same(officer, unit)
    where = f" in {unit}" if unit else ""
    _record(duty, actor, at, "started", f"{officer} is on duty{where} until {hour(ends_at)}")
    return duty


@transaction.atomic
def end_duty(*, duty_id: int, actor: User, at: datetime) -> Duty:
    """An officer goes off duty; saying it again changes nothing.

    Refused while they are on the way, or at an incident whose first response is not recorded: going
    off duty in silence would leave people without the officer whom the board shows beside them.
    Where the response is recorded, only "I am free" was not said: it is taken as said. Raises
    PermissionDenied, DomainError.
    """
    duty = _locked(duty_id)
    _check_may_book(actor, duty.officer)
    if duty.ended_at is not None:
        return duty
    waiting = list(
        not_free(at).filter(officer=duty.officer).select_related("incident", "officer__team")
    )
    _check_nothing_is_left(duty, waiting)
    for row in waiting:
        free(row, actor=actor, at=at)
    duty.ended_at = at
    duty.unavailable_reason, duty.unavailable_since = "", None
    duty.save(update_fields=["ended_at", "unavailable_reason", "unavailable_since"])
    _record(duty, actor, at, "ended", f"{duty.officer} is off duty")
    return duty


@transaction.atomic
def make_unavailable(*, duty_id: int, actor: User, reason: str, at: datetime) -> Duty:
    """An officer on duty cannot be sent, for a reason: custody, court, a meal.

    The control room says so for anybody, officers for themselves. The same reason again changes
    nothing; another replaces it. Raises PermissionDenied; DomainError when the duty has ended;
    InvalidInput at `reason`.
    """
    duty = _still_on(duty_id, actor)
    reason = clean(reason, field="reason", longest=LONGEST_UNAVAILABLE, required=True)
    if duty.unavailable_reason == reason:
        return duty
    duty.unavailable_reason = reason
    duty.unavailable_since = duty.unavailable_since or at
    duty.save(update_fields=["unavailable_reason", "unavailable_since"])
    _record(duty, actor, at, "unavailable", f"{duty.officer} is not available: {reason}")
    return duty


@transaction.atomic
def make_available(*, duty_id: int, actor: User, at: datetime) -> Duty:
    """An officer can be sent again; who may say so is as for `make_unavailable`.

    Raises PermissionDenied; DomainError where the duty has ended.
    """
    duty = _still_on(duty_id, actor)
    if not duty.unavailable_reason:
        return duty
    duty.unavailable_reason, duty.unavailable_since = "", None
    duty.save(update_fields=["unavailable_reason", "unavailable_since"])
    _record(duty, actor, at, "available", f"{duty.officer} is available again")
    return duty


@transaction.atomic
def change_unit(*, duty_id: int, unit: Unit | None, actor: User, at: datetime) -> Duty:
    """An officer moves to another unit, or out of one (None).

    Where they were sent already they stay under the call sign that was sent. Raises
    PermissionDenied; DomainError when the duty has ended; InvalidInput at `unit`.
    """
    if not may_manage_resources(actor):
        raise PermissionDenied("Only the control room does this.")
    duty = _still_on(duty_id, actor)
    if duty.unit_id == (unit.pk if unit else None):
        return duty
    _check_unit(unit)
    before, duty.unit = duty.unit, unit
    duty.save(update_fields=["unit"])
    headline = f"{duty.officer} is in {unit}" if unit else f"{duty.officer} is in no unit"
    _record(duty, actor, at, "moved", f"{headline}{f', no longer in {before}' if before else ''}")
    return duty


def _check_may_book(actor: User, officer: User) -> None:
    if may_manage_resources(actor) or (actor.pk == officer.pk and may_attend(actor)):
        return
    raise PermissionDenied("Officers say this for themselves only; the control room for everybody.")


def _still_on(duty_id: int, actor: User) -> Duty:
    """The duty, locked, for whoever may change it. Raises DomainError where it has ended."""
    duty = _locked(duty_id)
    _check_may_book(actor, duty.officer)
    if duty.ended_at is not None:
        raise DomainError(f"{duty.officer} went off duty at {hour(duty.ended_at)}.")
    return duty


def _locked(duty_id: int) -> Duty:
    duties = Duty.objects.select_for_update(of=("self",)).select_related("officer", "unit")
    return duties.get(pk=duty_id)


def _check_unit(unit: Unit | None) -> None:
    if unit is not None and not unit.is_active:
        raise InvalidInput(f"{unit} is withdrawn from use.", field="unit")


def _check_end(ends_at: datetime, at: datetime) -> None:
    if ends_at <= at:
        raise InvalidInput("A duty ends later than now.", field="ends_at")
    if ends_at - at > LONGEST_DUTY:
        raise InvalidInput("No duty lasts longer than 24 hours.", field="ends_at")


def _the_same(officer: User, unit: Unit | None) -> Duty:
    """The duty that is open, where it is the one asked for. Raises AlreadyTaken."""
    duty = Duty.objects.select_related("unit").get(officer=officer, ended_at__isnull=True)
    if duty.unit_id == (unit.pk if unit else None):
        return duty
    where = f"in {duty.unit}" if duty.unit else "without a unit"
    raise AlreadyTaken(
        f"{officer} is on duty already, {where}, since {hour(duty.started_at)}. Move them instead.",
        field="officer",
    )


def _check_nothing_is_left(duty: Duty, waiting: list[Deployment]) -> None:
    recorded = set(
        FirstResponse.objects.filter(incident__in=[row.incident_id for row in waiting]).values_list(
            "incident", flat=True
        )
    )
    for row in waiting:
        reference = row.incident.reference
        if row.arrived_at is None:
            raise DomainError(
                f"{duty.officer} is on the way to {reference}. Stand them down first, or let them "
                "arrive."
            )
        if row.incident_id not in recorded:
            raise DomainError(
                f"{duty.officer} is at {reference}, and its first response is not recorded yet. "
                "Record it or clear them from there first."
            )


def _record(duty: Duty, actor: User, at: datetime, verb: str, headline: str) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"duty.{verb}",
        headline=headline,
        subject=duty.officer.username,
        detail={
            "unit": str(duty.unit or ""),
            "ends_at": duty.ends_at.isoformat(),
            "unavailable_reason": duty.unavailable_reason,
        },
    )
