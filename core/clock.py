"""The one place that reads the clock. Services never do: they are given `at`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


def local(instant: datetime) -> datetime:
    """The same instant on the force's wall clock."""
    return instant.astimezone(LOCAL)
