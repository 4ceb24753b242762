"""Turning back, being free and sending nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline
from incidents.models import Incident
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.factories.response import attended, sent
from tests.incidents.helpers import headlines
from tests.incidents.helpers_dispatch import clock_of, send

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
MINUTE = timedelta(minutes=1)


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
