"""Duty, sending, turning back, being free, sending nobody: what holds and what is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Area, User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline
from incidents.events import IncidentRegraded
from incidents.models import Deployment, Duty, Incident, Unit
from incidents.officers import Standing, officer_now, on_duty, to_choose_from
from incidents.reactions import expect_officers_by_the_new_target
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.factories.response import attended, responded, sent

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
MINUTE = timedelta(minutes=1)


def headlines(row: Incident) -> list[str]:
    events = AuditEvent.objects.filter(incident_id=row.pk).order_by("pk")
    return list(events.values_list("headline", flat=True))


def clock_of(kind: str, subject: Incident | Deployment) -> Deadline:
    return Deadline.objects.get(kind=kind, subject_id=subject.pk)


def send(row: Incident, people: People, *officers: str, at: datetime, **more: object) -> None:
    response.send_officers(
        incident_id=row.pk,
        officers=[people(name) for name in officers],
        actor=people("handler"),
        at=at,
        **more,  # type: ignore[arg-type]
    )


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


# --- Sending ------------------------------------------------------------------------------------


def test_a_unit_is_sent_with_its_whole_crew(at: datetime, people: People) -> None:
    car = duties.unit()
    duties.on_duty(at=at, car=car)
    row = incident(at=at)
    made = response.send_officers(
        incident_id=row.pk,
        units=[car],
        officers=[people("officer")],
        actor=people("handler"),
        at=at,
    )
    assert [(str(one.officer), one.unit) for one in made] == [
        ("PC 2210 T. Hale", car),
        ("PC 3015 L. Moss", car),
    ]
    with pytest.raises(InvalidInput) as refused:
        response.send_officers(
            incident_id=row.pk, units=[duties.unit("FE12")], actor=people("handler"), at=at
        )
    assert (refused.value.field, refused.value.message) == ("units", "FE12 has nobody on duty.")


def test_who_cannot_simply_go_is_sent_knowingly(at: datetime, people: People) -> None:
    duty = duties.on_duty("officer", at=at)["officer"]
    dispatch.make_unavailable(
        duty_id=duty.pk, actor=people("handler"), reason="custody", at=at + MINUTE
    )
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        send(row, people, "officer", "officer_b", at=at + 2 * MINUTE)
    assert refused.value.field == "knowingly"
    assert "PC 2210 T. Hale is not available: custody, since 10:01." in refused.value.message
    assert "PC 3015 L. Moss is not on duty." in refused.value.message
    assert not Deployment.objects.exists()
    send(row, people, "officer", "officer_b", at=at + 2 * MINUTE, knowingly=True)
    told = AuditEvent.objects.get(verb="incident.officers_sent").detail
    assert told["not_available"] == ["PC 2210 T. Hale"]
    assert told["not_on_duty"] == ["PC 3015 L. Moss"]


def test_each_officer_has_a_time_to_arrive_by(at: datetime, people: People) -> None:
    duties.on_duty("officer", "officer_b", "supervisor", at=at)
    row = incident(at=at)
    send(row, people, "officer", "officer_b", at=at + 2 * MINUTE)
    first = row.deployments.get(officer=people("officer"))
    assert first.arrive_by == row.attend_by
    arrival = clock_of("arrival", first)
    assert (arrival.due_at, arrival.owner) == (row.attend_by, people("officer"))
    assert arrival.subject_reference == row.reference
    send(row, people, "supervisor", at=at + 5 * MINUTE)
    later = row.deployments.get(officer=people("supervisor"))
    assert row.attend_by is not None
    assert later.arrive_by == row.attend_by + 5 * MINUTE, "the allowance, from sending"


def test_who_is_sent_after_the_target_has_the_whole_allowance(at: datetime, people: People) -> None:
    duties.on_duty(at=at)
    row = incident(at=at)
    assert row.attend_by is not None
    late = row.attend_by + 10 * MINUTE
    send(row, people, "officer", "officer_b", at=late)
    by = row.deployments.get(officer=people("officer")).arrive_by
    assert by == late + (row.attend_by - at)


def test_a_new_target_moves_who_is_on_the_way(at: datetime, people: People) -> None:
    duties.on_duty(at=at)
    row = incident(at=at)
    send(row, people, "officer", "officer_b", at=at)
    response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=at + MINUTE)
    moved = at + 40 * MINUTE
    Incident.objects.filter(pk=row.pk).update(attend_by=moved)
    expect_officers_by_the_new_target(
        IncidentRegraded(
            incident_id=row.pk,
            before="immediate",
            after="priority",
            actor=people("handler"),
            at=at + 2 * MINUTE,
        )
    )
    deployment = row.deployments.get(officer=people("officer"))
    assert deployment.arrive_by == moved
    assert clock_of("arrival", deployment).due_at == moved
    assert row.deployments.get(officer=people("officer_b")).arrive_by == row.attend_by


# --- Arriving -----------------------------------------------------------------------------------


def test_both_clocks_stop_at_the_arrival_however_late_it_is_told(
    at: datetime, people: People
) -> None:
    row = sent(at=at)
    response.record_arrival(
        incident_id=row.pk,
        actor=people("officer"),
        at=at + 60 * MINUTE,
        arrived_at=at + 9 * MINUTE,
    )
    attendance = clock_of("attendance", row)
    assert (attendance.state, attendance.settled_at) == ("met", at + 9 * MINUTE)
    assert clock_of("arrival", row.deployments.get(officer=people("officer"))).state == "met"
    other = clock_of("arrival", row.deployments.get(officer=people("officer_b")))
    assert other.state == "running", "the second officer is still on the way"
    response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=at + 90 * MINUTE)
    other.refresh_from_db()
    assert other.state == "met_late"
    attendance.refresh_from_db()
    assert attendance.settled_at == at + 9 * MINUTE


def test_who_goes_by_themselves_is_there_under_their_call_sign(
    at: datetime, people: People
) -> None:
    car = duties.unit()
    duties.on_duty("officer", at=at, car=car)
    row = incident(at=at)
    deployment = response.record_arrival(
        incident_id=row.pk, actor=people("officer"), at=at + MINUTE
    )
    assert deployment.unit_id == car.pk
    assert clock_of("attendance", row).state == "met"


# --- Standing down and being free ---------------------------------------------------------------


def test_an_officer_is_turned_back_with_a_reason(at: datetime, people: People) -> None:
    row = sent(at=at)
    with pytest.raises(InvalidInput):
        dispatch.stand_down(
            incident_id=row.pk, officer=people("officer"), actor=people("handler"), reason="", at=at
        )
    for _ in range(2):
        down = dispatch.stand_down(
            incident_id=row.pk,
            officer=people("officer"),
            actor=people("handler"),
            reason="a nearer car goes",
            at=at + MINUTE,
        )
    assert down.stood_down_reason == "a nearer car goes"
    assert headlines(row).count("PC 2210 T. Hale stood down: a nearer car goes") == 1
    assert clock_of("arrival", down).state == "cancelled"
    row.refresh_from_db()
    assert row.state == Incident.State.SENT, "the other is still on the way"
    assert clock_of("attendance", row).state == "running"


def test_with_the_last_one_turned_back_the_incident_is_open(at: datetime, people: People) -> None:
    row = sent("officer", at=at)
    turn_back(row, people, at)
    row.refresh_from_db()
    assert row.state == Incident.State.OPEN
    assert clock_of("attendance", row).state == "running", "somebody must still be there"
    send(row, people, "officer", at=at + 2 * MINUTE, knowingly=True, fewer_reason="alone")
    again = row.deployments.get()
    assert (again.sent_at, again.cleared_at) == (at + 2 * MINUTE, None)
    assert again.stood_down_reason == ""
    states = Deadline.objects.filter(kind="arrival").order_by("pk")
    assert [one.state for one in states] == ["cancelled", "running"]


def turn_back(row: Incident, people: People, at: datetime) -> None:
    dispatch.stand_down(
        incident_id=row.pk,
        officer=people("officer"),
        actor=people("handler"),
        reason="turned back",
        at=at + MINUTE,
    )


def test_who_was_turned_back_and_came_is_there(at: datetime, people: People) -> None:
    row = sent("officer", at=at)
    turn_back(row, people, at)
    there = response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + 2 * MINUTE)
    assert (there.cleared_at, there.stood_down_reason) == (None, "")
    row.refresh_from_db()
    assert row.state == Incident.State.ATTENDED


@pytest.mark.parametrize("who", ["officer", "officer_b", "worker", "nobody"])
def test_only_the_control_room_turns_back(at: datetime, people: People, who: str) -> None:
    row = sent(at=at)
    with pytest.raises(PermissionDenied):
        dispatch.stand_down(
            incident_id=row.pk, officer=people("officer"), actor=people(who), reason="x", at=at
        )


def test_being_free(at: datetime, people: People) -> None:
    row = attended(at=at)
    with pytest.raises(DomainError, match="arrived at 10:09"):
        turn_back(row, people, at)
    with pytest.raises(DomainError, match="has not arrived"):
        dispatch.clear(
            incident_id=row.pk, officer=people("officer_b"), actor=people("officer_b"), at=at
        )
    with pytest.raises(PermissionDenied):
        dispatch.clear(
            incident_id=row.pk, officer=people("officer"), actor=people("officer_b"), at=at
        )
    with pytest.raises(DomainError, match="was not sent"):
        dispatch.clear(
            incident_id=row.pk, officer=people("supervisor"), actor=people("handler"), at=at
        )
    for minutes in (30, 40):
        free = dispatch.clear(
            incident_id=row.pk,
            officer=people("officer"),
            actor=people("officer"),
            at=at + minutes * MINUTE,
        )
    assert free.cleared_at == at + 30 * MINUTE
    row.refresh_from_db()
    assert row.state == Incident.State.ATTENDED


def test_everybody_is_free_of_what_is_closed(at: datetime, people: People) -> None:
    row = attended(at=at)
    later = at + 60 * MINUTE
    dispatch.clear_all(row, people("inspector"), later)
    assert not row.deployments.filter(cleared_at__isnull=True).exists()
    never_came = row.deployments.get(officer=people("officer_b"))
    assert never_came.stood_down_reason == "The incident is closed."
    assert not Deadline.objects.open().filter(kind__in=["arrival", "attendance"]).exists()


# --- Nobody -------------------------------------------------------------------------------------


def nobody(
    row: Incident, people: People, at: datetime, reason: str = "safe with her sister"
) -> None:
    dispatch.send_nobody(incident_id=row.pk, actor=people("handler"), reason=reason, at=at)


def test_sending_nobody_needs_words_and_ends_the_wait(at: datetime, people: People) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        nobody(row, people, at, "  ")
    assert refused.value.field == "reason"
    for _ in range(2):
        nobody(row, people, at + MINUTE)
    row.refresh_from_db()
    assert row.not_sent_reason == "safe with her sister"
    assert headlines(row).count("Nobody is sent: safe with her sister") == 1
    assert clock_of("attendance", row).state == "cancelled"


def test_sending_somebody_takes_it_back(at: datetime, people: People) -> None:
    duties.on_duty(at=at)
    row = incident(at=at)
    nobody(row, people, at)
    send(row, people, "officer", "officer_b", at=at + MINUTE)
    row.refresh_from_db()
    assert row.not_sent_reason == ""
    assert [one.state for one in Deadline.objects.filter(kind="attendance").order_by("pk")] == [
        "cancelled",
        "running",
    ]


def test_nobody_cannot_be_said_of_who_is_on_the_way(at: datetime, people: People) -> None:
    with pytest.raises(DomainError, match="on the way"):
        nobody(sent(at=at), people, at)
    with pytest.raises(DomainError, match="there already"):
        nobody(attended(at=at), people, at)
    row = incident(at=at)
    for who in ("officer", "worker"):
        with pytest.raises(PermissionDenied):
            dispatch.send_nobody(incident_id=row.pk, actor=people(who), reason="x", at=at)
