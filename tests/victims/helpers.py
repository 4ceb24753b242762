"""What several tests of victims need."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import clock
from deadlines.models import Deadline
from tests.personas import team
from victims.models import Victim


def due(victim: Victim, hours: int, kind: str = "referral") -> Deadline:
    """An open deadline, due in so many hours, of a kind that a higher app declares."""
    now = clock.now()
    return Deadline.objects.create(
        kind=kind,
        subject_type="victims.victim",
        subject_id=hours,
        victim=victim,
        subject_reference=f"RF-2026-{hours:06d}",
        team=team("maru"),
        started_at=now - timedelta(hours=10),
        due_at=now + timedelta(hours=hours),
        basis=f"{hours} hours from a start (force policy)",
        step_times=[],
        state="running",
    )


@contextmanager
def own_queries(expected: int) -> Iterator[None]:
    """Exactly so many queries about victims and their audit; those of the frame are not counted."""
    with CaptureQueriesContext(connection) as captured:
        yield
    own = [
        query["sql"]
        for query in captured.captured_queries
        if any(word in query["sql"] for word in ('"victims_', '"audit_', '"victim_id" = '))
    ]
    assert len(own) == expected, "\n".join(own)
