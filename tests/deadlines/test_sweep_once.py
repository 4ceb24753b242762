"""Each step exactly once: any course of sweeps, two at once, and against a person settling."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from queue import Queue
from typing import Any

import pytest
from django.db import connection, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from deadlines import services
from deadlines import sweep as sweeping
from deadlines.models import Deadline, Escalation, Notification
from deadlines.sweep import sweep
from tests.factories.deadlines import KIND, duty
from tests.marks import committed
from tests.personas import person

State = Deadline.State


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    sweeps=st.lists(st.floats(min_value=0, max_value=60), min_size=1, max_size=12).map(sorted),
    batch=st.integers(min_value=1, max_value=4),
)
def test_any_course_of_sweeps_takes_each_step_once(
    at: datetime, sweeps: list[float], batch: int
) -> None:
    with transaction.atomic():
        person("supervisor"), person("head")
        rows = [duty(started_at=at + hours(number / 2))[1] for number in range(3)]
        for after in sweeps:
            sweeping.sweep(at=at + hours(after), batch=batch)
        for row in rows:
            row.refresh_from_db()
            reached = [step for step in row.step_times if step <= at + hours(sweeps[-1])]
            taken = Escalation.objects.filter(deadline=row).order_by("step")
            assert list(taken.values_list("scheduled_at", flat=True)) == reached
            assert row.steps_taken == len(reached)
            assert (row.state == State.BREACHED) == (row.due_at in reached)
            breaches = AuditEvent.objects.filter(
                verb="deadline.breached", subject=row.subject_reference
            )
            assert breaches.count() == (row.due_at in reached)
        transaction.set_rollback(True)


def in_threads(*works: Callable[[], Any]) -> list[Any]:
    """Run each on a connection of its own, begun together; what they returned, or raised."""
    barrier, results = threading.Barrier(len(works)), Queue[tuple[int, Any]]()

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            results.put((number, work()))
        except Exception as error:
            results.put((number, error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair, daemon=True) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    # A work that waits for a lock for ever is a failure, not a test that never ends.
    returned = dict(results.get(timeout=20) for _ in threads)
    for thread in threads:
        thread.join(20)
    return [returned[number] for number in range(len(works))]


@committed
def test_two_sweeps_at_once_share_the_work_and_double_nothing(at: datetime) -> None:
    person("supervisor"), person("head")
    for _ in range(60):
        duty(started_at=at)
    outcomes = in_threads(*[lambda: sweeping.sweep(at=at + hours(11), batch=5) for _ in range(3)])
    assert sum(outcome.breaches for outcome in outcomes) == 60
    assert Escalation.objects.count() == 180
    assert Notification.objects.count() == 60
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 60
    assert Deadline.objects.filter(state=State.BREACHED, steps_taken=3).count() == 60


@committed
def test_a_sweep_passes_over_what_a_person_is_settling(at: datetime) -> None:
    place, row = duty(started_at=at)
    with transaction.atomic():
        services.meet(kind=KIND, subject=place, actor=person("officer"), at=at + hours(9))
        [outcome] = in_threads(lambda: sweep(at=at + hours(10)))
        assert outcome.looked_at == 0
    sweep(at=at + hours(10))
    row.refresh_from_db()
    assert row.state == State.MET
    assert not Escalation.objects.exists()


@committed
def test_a_person_settling_waits_for_the_sweep_and_sees_its_breach(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, row = duty(started_at=at)
    officer = person("officer")
    claimed, escalate = threading.Event(), sweeping._escalate

    def slowly(*arguments: Any) -> sweeping.Outcome:
        claimed.set()
        # Until the other connection is seen waiting for our row, so that the race is real.
        for _ in range(400):
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
                if cursor.fetchone()[0]:
                    break
            threading.Event().wait(0.01)
        return escalate(*arguments)

    def settle() -> None:
        assert claimed.wait(10)
        services.meet(kind=KIND, subject=place, actor=officer, at=at + hours(10.5))

    monkeypatch.setattr(sweeping, "_escalate", slowly)
    outcome, settled = in_threads(lambda: sweep(at=at + hours(10)), settle)
    assert (outcome.breaches, settled) == (1, None)
    row.refresh_from_db()
    assert (row.state, row.look_at) == (State.MET_LATE, None)
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 1


@committed
def test_started_by_two_at_once_runs_once(at: datetime) -> None:
    place, officer = duty(started_at=at)[0], person("officer")
    services.cancel(kind=KIND, subject=place, actor=officer, at=at, reason="again")
    rows = in_threads(*[lambda: duty(started_at=at, subject=place)[1].pk for _ in range(4)])
    assert len(set(rows)) == 1
    assert Deadline.objects.open().of(place).count() == 1


@committed
def test_settled_by_two_at_once_is_settled_once(at: datetime) -> None:
    place, _ = duty(started_at=at)
    officer = person("officer")

    def settle() -> Any:
        return services.meet(kind=KIND, subject=place, actor=officer, at=at + hours(1))

    results = in_threads(settle, settle, settle)
    assert sum(result is not None for result in results) == 1
    assert AuditEvent.objects.filter(verb="deadline.met").count() == 1
