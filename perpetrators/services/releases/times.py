"""When something to come is raised, reminded of, and missed. Pure."""

from datetime import datetime, time, timedelta

from core.clock import local
from core.policy import ForcePolicy
from perpetrators.models import ExpectedRelease
from perpetrators.moments import moment as moment


def raised_later(instant: datetime, at: datetime, rules: ForcePolicy) -> datetime | None:
    """When something at `instant` is to be raised; None: now, it is near or past."""
    then = instant - timedelta(days=rules.raised_days_ahead)
    return then if then > at else None


def alarm(expected_at: datetime, rules: ForcePolicy, *, day_only: bool) -> datetime:
    """By when a release must be recorded: so long after its instant, or after its day."""
    latest = _end_of_day(expected_at) if day_only else expected_at
    return latest + timedelta(minutes=rules.release_alarm_minutes)


def reminders(expected_at: datetime, rules: ForcePolicy) -> tuple[datetime, ...]:
    """A week, a day and an hour before (force policy), in order."""
    hours = sorted(set(rules.release_reminder_hours), reverse=True)
    return tuple(expected_at - timedelta(hours=hour) for hour in hours)


def words(release: ExpectedRelease) -> str:
    """When it is expected, as it is said: "22 Nov 2026 at 02:00", "22 Nov 2026"."""
    return moment(release.expected_at, day_only=release.day_only)


def _end_of_day(instant: datetime) -> datetime:
    there = local(instant)
    return datetime.combine(there.date() + timedelta(days=1), time(), there.tzinfo)
