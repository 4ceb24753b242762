"""A real Celery worker takes a long file in; killed in the middle, the next one goes on."""

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from core import clock
from perpetrators.models import CustodyEvent, CustodyFile
from perpetrators.services import files
from perpetrators.services.files.taking import BATCH
from tests.deadlines.test_worker import celery, flush_redis, kill, until, worker
from tests.factories.custody import couple
from tests.marks import committed
from tests.personas import person

LINES = 6 * BATCH


def long_file() -> CustodyFile:
    """Arrests of one person, each in a run of its own, two days and more ago."""
    now = clock.now()
    when = [(now - timedelta(days=2, minutes=number)).isoformat() for number in range(LINES)]
    rows = [f"f-{number},arrest,{at},N/87/1,C/{number}" for number, at in enumerate(when)]
    text = "\n".join(["message_id,kind,happened_at,person_number,custody_number", *rows])
    return files.drop(
        name="year.csv", content=text.encode(), system="custody", actor=person("custody"), at=now
    ).file


@pytest.mark.worker
@committed
def test_a_long_file_is_gone_on_with_whatever_is_killed(tmp_path: Path) -> None:
    couple()
    file = long_file()

    def done() -> int:
        return CustodyFile.objects.values_list("done", flat=True).get(pk=file.pk)

    with ExitStack() as running:
        flush_redis()
        first = running.enter_context(worker(tmp_path))
        running.enter_context(celery(tmp_path, "beat", "-l", "WARNING", "-s", str(tmp_path / "s")))
        until("a batch is taken in", lambda: done() > 0, tmp_path)
        kill(first)
        left = done()
        assert CustodyEvent.objects.count() == left, "progress and messages are written together"
        running.enter_context(worker(tmp_path))
        until("the rest is taken in", lambda: done() == LINES, tmp_path)

    file.refresh_from_db()
    assert (file.applied, file.repeated, file.refused_count) == (LINES, 0, 0)
    assert file.finished_at is not None
    assert CustodyEvent.objects.count() == LINES
