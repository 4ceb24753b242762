"""Two at once, on connections of their own: one is sent once, on duty once, and is there."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection

from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError
from deadlines.models import Deadline
from incidents.models import Deployment, Duty, Incident
from incidents.services import dispatch, response
from tests.factories import dispatch as duties
from tests.factories.incidents import incident
from tests.factories.response import sent
from tests.marks import committed
from tests.personas import person

MINUTE = timedelta(minutes=1)


def at_once(*steps: Callable[[], object]) -> list[object]:
    """Run the steps on a thread and connection each, started together; what each gave or raised."""
    gate = threading.Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        try:
            gate.wait(10)
            return step()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


@committed
def test_two_send_the_same_officer(at: datetime) -> None:
    duties.on_duty(at=at)
    row = incident(at=at)
    officers, senders = [person("officer"), person("officer_b")], ("handler", "handler_b")
    actors = [person(name) for name in senders]

    def sends(number: int) -> Callable[[], object]:
        return lambda: response.send_officers(
            incident_id=row.pk, officers=officers, actor=actors[number], at=at
        )

    made = at_once(sends(0), sends(1))
    assert sorted(len(rows) for rows in made) == [0, 2]  # type: ignore[arg-type]
    assert Deployment.objects.count() == 2
    assert AuditEvent.objects.filter(verb="incident.officers_sent").count() == 1
    assert Deadline.objects.filter(kind="arrival").count() == 2


@committed
def test_two_put_the_same_officer_on_duty(at: datetime) -> None:
    officer, first, second = person("officer"), person("handler"), person("handler_b")
    cars = [duties.unit("FE11"), duties.unit("FE12")]
    answers = at_once(
        lambda: dispatch.start_duty(officer=officer, actor=first, unit=cars[0], at=at),
        lambda: dispatch.start_duty(officer=officer, actor=second, unit=cars[1], at=at),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyTaken", "Duty"]
    refusal = next(one for one in answers if isinstance(one, AlreadyTaken))
    assert str(Duty.objects.get().unit) in refusal.message
    assert AuditEvent.objects.filter(verb="duty.started").count() == 1


@committed
def test_turned_back_at_the_moment_of_arriving(at: datetime) -> None:
    officer, handler = person("officer"), person("handler")
    row = sent("officer", at=at)
    answers = at_once(
        lambda: dispatch.stand_down(
            incident_id=row.pk, officer=officer, actor=handler, reason="turn back", at=at + MINUTE
        ),
        lambda: response.record_arrival(incident_id=row.pk, actor=officer, at=at + MINUTE),
    )
    assert isinstance(answers[1], Deployment), "whoever is there is there"
    deployment = Deployment.objects.get()
    assert deployment.arrived_at == at + MINUTE
    assert (deployment.cleared_at, deployment.stood_down_reason) == (None, "")
    assert Incident.objects.get().state == Incident.State.ATTENDED
    assert Deadline.objects.get(kind="attendance").state == "met"
    assert not Deadline.objects.open().filter(kind="arrival").exists()
