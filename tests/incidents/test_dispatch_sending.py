"""Sending units and officers and their arriving, each by their own clock."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from audit.models import AuditEvent
from core.errors import InvalidInput
from incidents.events import IncidentRegraded
from incidents.models import Deployment, Incident
from incidents.reactions import expect_officers_by_the_new_target
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.factories.response import sent
from tests.incidents.helpers_dispatch import clock_of, send

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
MINUTE = timedelta(minutes=1)


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
