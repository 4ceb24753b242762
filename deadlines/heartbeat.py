"""Whether anybody is watching the clocks: the newest finished sweep says so."""

from datetime import datetime, timedelta
from typing import NamedTuple

from deadlines.models import Sweep

#: Six sweeps missed in a row.
LATE_AFTER = timedelta(minutes=3)


class Heartbeat(NamedTuple):
    is_late: bool
    last_finished: datetime | None


def last_finished(before: datetime) -> datetime | None:
    """When the newest sweep up to an instant finished; None when none ever has. One query.

    A sweep run by hand as of a later instant must not make the clocks look watched until then.
    """
    newest = Sweep.objects.filter(finished_at__lte=before).order_by("-finished_at")
    return newest.values_list("finished_at", flat=True).first()


def state(at: datetime) -> Heartbeat:
    """Whether the clocks are unwatched at `at`, and since when. One query.

    A system in which no sweep has ever finished counts as late from the start: a worker that was
    never started must show. A worker sweeps as soon as it is ready, so a new system is late only
    for seconds.
    """
    return of(last_finished(before=at + LATE_AFTER), at)


def of(newest: datetime | None, at: datetime) -> Heartbeat:
    """The heartbeat at `at` when the newest sweep finished then; None: none ever has."""
    return Heartbeat(newest is None or at - newest > LATE_AFTER, newest)


def is_late(at: datetime) -> bool:
    """Whether no sweep has finished for three minutes (or ever)."""
    return state(at).is_late
