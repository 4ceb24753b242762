"""The county's three conferences: where each hears cases, when, and which agencies come."""

from datetime import datetime, time, timedelta
from random import Random

from django.db.models import F

from core.clock import local
from deadlines.models import Notification, Sweep
from deadlines.sweep import sweep
from demo.conferences_now import ConferencesNow
from demo.conferences_past import PastConferences
from demo.people import CONFERENCES, Force
from marac.models import (
    Conference,
    ConferenceArea,
    ConferenceMember,
    Meeting,
    Population,
)

#: Area: who chairs it, when the weekly call is (day, time), adult women who live there.
_PLACES: dict[str, tuple[str, int, time, int]] = {
    "Ashmere": ("chair", 1, time(10, 0), 61_000),
    "Kingsholt": ("r.calloway", 2, time(14, 0), 46_000),
    "Saltfen": ("y.strand", 3, time(9, 30), 27_000),
}
_MEMBERS = (
    "Marlshire Police", "Haven IDVA Service", "Kingsholt Homes", "Ashmere Council Housing",
    "Marlshire NHS Trust", "Marlshire Children's Services", "Marlshire Adult Social Care",
    "Marlshire Schools Safeguarding", "Marlshire Probation", "Saltfen Women's Refuge",
    "Respect and Change Programme",
)  # fmt: skip
_CORE = {
    "Marlshire Police",
    "Haven IDVA Service",
    "Marlshire Children's Services",
    "Marlshire NHS Trust",
}


def write_past(force: Force, *, seed: int, at: datetime) -> None:
    """A year of meetings that are over; none beside a year that has its own already."""
    if Meeting.objects.exists():
        return
    PastConferences(force, _random(seed), at, establish(force, at)).write()


def play(force: Force, *, seed: int, at: datetime) -> None:
    """The meeting that is under way when the year ends, and what waits; once."""
    if Meeting.objects.filter(state__in=Meeting.OPEN).exists():
        return
    ConferencesNow(force, _random(seed), at, establish(force, at)).play()
    # What was told of conferences days ago has been seen by now.
    told = Notification.objects.filter(path__startswith="/marac/", seen_at__isnull=True)
    told.filter(created_at__lt=at - timedelta(days=2)).update(seen_at=F("created_at"))
    swept = set(Sweep.objects.values_list("pk", flat=True))
    sweep(at=at)
    # It says nothing of a worker that runs now.
    Sweep.objects.exclude(pk__in=swept).delete()


def _random(seed: int) -> Random:
    return Random(f"conferences {seed}")  # noqa: S311 - invented people need no secrecy


def establish(force: Force, at: datetime) -> list[Conference]:
    """The three, made where they are not there yet.

    Ashmere meets on the weekday on which the year ends: a meeting is under way, and the next one
    comes after the same weeks.
    """
    return [_conference(force, at, area, number) for number, area in enumerate(_PLACES)]


def _conference(force: Force, at: datetime, area: str, number: int) -> Conference:
    known = Conference.objects.filter(name=area).first()
    if known is not None:
        return known
    chair, weekly_day, weekly_at, women = _PLACES[area]
    today = local(at).date()
    conference = Conference.objects.create(
        name=area,
        team=force.teams[CONFERENCES],
        chair=force.users[chair],
        coordinator=force.users["coordinator"],
        weekly_day=weekly_day,
        weekly_at=weekly_at,
        weekly_place=f"By telephone: 01632 96040{number}, code from the invitation",
        weekly_capacity=6,
        monthly_week=min((today.day - 1) // 7 + 1 + number, 4) if number else _week(today.day),
        monthly_day=min(today.weekday(), 4) if not number else 1 + number,
        monthly_at=time(9, 30),
        monthly_place=f"{area} police station, conference room; or by telephone",
        monthly_capacity=18,
        quorum=6,
    )
    ConferenceArea.objects.create(conference=conference, area=force.areas[area])
    ConferenceMember.objects.bulk_create(
        ConferenceMember(conference=conference, agency=force.agencies[name], is_core=name in _CORE)
        for name in _MEMBERS
    )
    Population.objects.bulk_create(
        Population(
            conference=conference,
            year=today.year - back,
            adult_women=women - 300 * back,
            source="Invented for the demo",
            imported_at=at,
            imported_by=force.users["analyst"],
        )
        for back in range(3)
    )
    return conference


def _week(day: int) -> int:
    """Which of its weekdays a day is in its month; after the fourth, the last."""
    return min((day - 1) // 7 + 1, 5)
