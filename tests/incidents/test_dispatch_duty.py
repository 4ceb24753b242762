"""Duty and availability: who books on and off, and who is offered first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Area, User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from incidents.models import Duty, Unit
from incidents.officers import Standing, officer_now, on_duty, to_choose_from
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.response import responded, sent

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
MINUTE = timedelta(minutes=1)


# --- Duty ---------------------------------------------------------------------------------------


def test_officers_book_themselves_on_and_off(at: datetime, people: People) -> None:
    officer = people("officer")
    duty = dispatch.start_duty(officer=officer, actor=officer, at=at, unit=duties.unit())
    assert duty.ends_at == at + timedelta(hours=10), "force policy's tour"
    ended = dispatch.end_duty(duty_id=duty.pk, actor=officer, at=at + MINUTE)
    assert ended.ended_at == at + MINUTE
    assert list(
        AuditEvent.objects.filter(subject="officer").order_by("pk").values_list("verb", flat=True)
    ) == ["duty.started", "duty.ended"]
    again = dispatch.end_duty(duty_id=duty.pk, actor=officer, at=at + 2 * MINUTE)
    assert again.ended_at == at + MINUTE


def test_only_themselves_and_the_control_room_for_all(at: datetime, people: People) -> None:
    with pytest.raises(PermissionDenied):
        dispatch.start_duty(officer=people("officer"), actor=people("officer_b"), at=at)
    duty = duties.on_duty("officer", at=at)["officer"]
    for who in ("officer_b", "worker", "nobody"):
        with pytest.raises(PermissionDenied):
            dispatch.end_duty(duty_id=duty.pk, actor=people(who), at=at)
    for who in ("officer_b", "worker"):
        with pytest.raises(PermissionDenied):
            dispatch.make_unavailable(duty_id=duty.pk, actor=people(who), reason="meal", at=at)
        with pytest.raises(PermissionDenied):
            dispatch.make_available(duty_id=duty.pk, actor=people(who), at=at)
    for who in ("officer", "officer_b", "worker"):
        with pytest.raises(PermissionDenied):
            dispatch.change_unit(duty_id=duty.pk, unit=None, actor=people(who), at=at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"officer": "worker"}, "officer"),
        ({"unit": "withdrawn"}, "unit"),
        ({"ends_at": 0}, "ends_at"),
        ({"ends_at": 25 * 60}, "ends_at"),
    ],
)
def test_a_duty_that_cannot_be(
    at: datetime, people: People, changes: dict[str, object], field: str
) -> None:
    car = None
    if "unit" in changes:
        car = duties.unit()
        Unit.objects.update(is_active=False)
        car.refresh_from_db()
    ends = at + changes["ends_at"] * MINUTE if "ends_at" in changes else None  # type: ignore[operator]
    with pytest.raises(InvalidInput) as refused:
        dispatch.start_duty(
            officer=people(str(changes.get("officer", "officer"))),
            actor=people("handler"),
            unit=car,
            ends_at=ends,
            at=at,
        )
    assert refused.value.field == field
    assert not Duty.objects.exists()


def test_on_duty_twice(at: datetime, people: People) -> None:
    car = duties.unit()
    first = duties.on_duty("officer", at=at, car=car)["officer"]
    assert duties.on_duty("officer", at=at, car=car)["officer"] == first
    with pytest.raises(AlreadyTaken, match="on duty already, in FE11, since 10:00"):
        duties.on_duty("officer", at=at)
    assert AuditEvent.objects.filter(verb="duty.started").count() == 1


def test_not_available_and_available_again(at: datetime, people: People) -> None:
    duty = duties.on_duty("officer", at=at)["officer"]
    with pytest.raises(InvalidInput):
        dispatch.make_unavailable(duty_id=duty.pk, actor=people("handler"), reason=" ", at=at)
    for _ in range(2):
        dispatch.make_unavailable(
            duty_id=duty.pk, actor=people("handler"), reason="custody", at=at + MINUTE
        )
    assert officer_now(people("officer"), at).standing is Standing.UNAVAILABLE
    assert AuditEvent.objects.filter(verb="duty.unavailable").count() == 1
    dispatch.make_available(duty_id=duty.pk, actor=people("handler"), at=at + 2 * MINUTE)
    duty.refresh_from_db()
    assert (duty.unavailable_reason, duty.unavailable_since) == ("", None)
    dispatch.end_duty(duty_id=duty.pk, actor=people("handler"), at=at + 3 * MINUTE)
    with pytest.raises(DomainError, match="went off duty at 10:03"):
        dispatch.make_available(duty_id=duty.pk, actor=people("handler"), at=at + 4 * MINUTE)


def test_moving_to_another_unit_moves_their_area(at: datetime, people: People) -> None:
    duty = duties.on_duty("officer", at=at, car=duties.unit())["officer"]
    other = duties.unit("SO21", area="Southmere")
    dispatch.change_unit(duty_id=duty.pk, unit=other, actor=people("handler"), at=at)
    assert str(officer_now(people("officer"), at).area) == "Southmere"
    moved = AuditEvent.objects.get(verb="duty.moved")
    assert moved.headline == "PC 2210 T. Hale is in SO21, no longer in FE11"


def test_nobody_goes_off_duty_from_the_middle_of_something(at: datetime, people: People) -> None:
    duty = duties.on_duty(at=at)["officer"]
    row = sent(at=at)
    with pytest.raises(DomainError, match=f"on the way to {row.reference}"):
        dispatch.end_duty(duty_id=duty.pk, actor=people("officer"), at=at + MINUTE)
    response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + MINUTE)
    with pytest.raises(DomainError, match="first response is not recorded"):
        dispatch.end_duty(duty_id=duty.pk, actor=people("officer"), at=at + 2 * MINUTE)
    duty.refresh_from_db()
    assert duty.ended_at is None


def test_what_is_recorded_is_left_with_the_duty(at: datetime, people: People) -> None:
    duty = duties.on_duty(at=at)["officer"]
    row = responded(at=at).incident
    later = at + 60 * MINUTE
    dispatch.end_duty(duty_id=duty.pk, actor=people("officer"), at=later)
    assert row.deployments.get(officer=people("officer")).cleared_at == later


# --- Whom to offer ------------------------------------------------------------------------------


def test_the_available_of_the_area_stand_first(at: datetime, people: People) -> None:
    for name in ("officer", "officer_b", "supervisor"):
        people(name)
    duties.on_duty("supervisor", at=at, car=duties.unit())
    duties.on_duty("officer", at=at, car=duties.unit("SO21", area="Southmere"))
    offered = to_choose_from(Area.objects.get(name="Fenwick"), at)
    assert [(one.person.username, one.standing) for one in offered] == [
        ("supervisor", Standing.AVAILABLE),
        ("officer", Standing.AVAILABLE),
        ("officer_b", Standing.OFF_DUTY),
    ]
    southmere = to_choose_from(Area.objects.get(name="Southmere"), at)
    assert southmere[0].person.username == "officer"


def test_who_is_busy_overruns_or_is_away_comes_later(at: datetime, people: People) -> None:
    duties.on_duty("officer_b", at=at)
    duties.on_duty("officer", "supervisor", at=at, hours=1)
    row = sent("officer_b", at=at)
    later = at + 90 * MINUTE
    duty = Duty.objects.get(officer=people("supervisor"))
    dispatch.make_unavailable(duty_id=duty.pk, actor=people("handler"), reason="court", at=at)
    offered = to_choose_from(row.area, later)
    assert [(one.person.username, one.standing) for one in offered] == [
        ("officer_b", Standing.ON_THE_WAY),
        ("officer", Standing.OVERRUNNING),
        ("supervisor", Standing.UNAVAILABLE),
    ]
    assert [one.incident.reference for one in offered[0].busy_with] == [row.reference]


def test_reading_who_is_on_duty_costs_the_same_however_many(
    at: datetime, people: People, django_assert_num_queries: Callable[[int], object]
) -> None:
    duties.on_duty("officer", "officer_b", "supervisor", at=at, car=duties.unit())
    for minutes in range(4):
        sent(at=at + minutes * MINUTE)
    with django_assert_num_queries(2):  # type: ignore[attr-defined]
        assert [len(one.busy_with) for one in on_duty(at + 5 * MINUTE)] == [4, 4, 0]
