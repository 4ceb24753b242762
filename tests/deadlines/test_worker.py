"""A real Celery worker and beat: a breach climbs the ladder, and killing them loses nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from kombu import Connection

from audit.models import AuditEvent
from core import clock
from deadlines.models import Deadline, Escalation, Notification, Sweep
from tests.factories.deadlines import duty
from tests.marks import committed
from tests.personas import person

#: A Redis database of this run's own, so that flushing it harms nobody.
REDIS_DATABASE = str(16 + os.getpid() % 48)
#: Seconds; on an idle machine each wait ends within five.
PATIENCE = 90.0


def environment() -> dict[str, str]:
    """The test database, our Redis database, and a beat every second."""
    name = str(connection.settings_dict["NAME"])
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_NAME": name,
        "TEST_REDIS_DB": REDIS_DATABASE,
        "SWEEP_EVERY": "1",
    }
    if url := os.environ.get("DATABASE_URL"):
        variables["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
    return variables


@contextmanager
def celery(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery process in a group of its own, killed at the latest when the block ends."""
    with (folder / f"{arguments[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "-A", "config", *arguments],
            env=environment(),
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def worker(folder: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return celery(
        folder,
        "worker",
        "-c",
        "1",
        "-l",
        "WARNING",
        "-I",
        "tests.factories.deadlines",
        "--without-gossip",
        "--without-mingle",
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """SIGKILL to the whole group: no warm shutdown, no acknowledgement."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(what: str, true: Callable[[], bool], folder: Path) -> None:
    """Wait for something to become true, or fail with the worker's own words."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.1)
    logs = "\n".join(path.read_text()[-3000:] for path in folder.glob("*.log"))
    pytest.fail(f"{what}: not within {PATIENCE:g} s\n{logs}")


def flush_redis() -> None:
    broker = settings.CELERY_BROKER_URL.partition("?")[0] + f"?virtual_host={REDIS_DATABASE}"
    with Connection(broker) as redis:
        redis.default_channel.client.flushdb()


def told(name: str, level: str = "breach") -> int:
    return Notification.objects.filter(user__username=name, level=level).count()


def breaching() -> Deadline:
    """Due in two seconds, the supervisor a second later; the head much later."""
    for name in ("officer", "supervisor", "head"):
        person(name)
    now = clock.now()
    _, row = duty(started_at=now - timedelta(hours=10))
    due = now + timedelta(seconds=2)
    row.due_at = due
    row.step_times = [
        *row.step_times[:2],
        due,
        due + timedelta(seconds=1),
        due + timedelta(hours=1),
    ]
    row.save(update_fields=["due_at", "step_times"])
    return row


def last_rung_now(row: Deadline) -> None:
    """An hour passes."""
    row.refresh_from_db()
    row.step_times[-1] = row.look_at = clock.now()
    row.save(update_fields=["step_times", "look_at"])


@pytest.mark.worker
@committed
def test_a_breach_climbs_the_ladder_whatever_is_killed(tmp_path: Path) -> None:
    row = breaching()
    with ExitStack() as running:
        running.enter_context(celery(tmp_path, "beat", "-l", "WARNING", "-s", str(tmp_path / "s")))
        first = running.enter_context(worker(tmp_path))
        until("the supervisor is told", lambda: told("supervisor") == 1, tmp_path)
        row.refresh_from_db()
        assert row.state == Deadline.State.BREACHED
        assert (told("officer"), told("head")) == (1, 0)

        kill(first)
        flush_redis()
        last_rung_now(row)
        time.sleep(1.5)
        assert told("head") == 0, "somebody sweeps though the worker is dead"

        running.enter_context(worker(tmp_path))
        until("the head is told after the restart", lambda: told("head") == 1, tmp_path)
        swept = Sweep.objects.count()
        until("sweeps go on", lambda: Sweep.objects.count() >= swept + 2, tmp_path)
        until("all is delivered", _all_delivered, tmp_path)

    steps = Escalation.objects.filter(deadline=row).order_by("step")
    assert list(steps.values_list("step", flat=True)) == [0, 1, 2, 3, 4]
    assert (told("officer"), told("supervisor"), told("head")) == (1, 1, 1)
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 1
    assert Sweep.objects.filter(set_aside__gt=0).count() == 0


def _all_delivered() -> bool:
    return not Notification.objects.filter(delivered_at__isnull=True).exists()
