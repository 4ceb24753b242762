"""What several tests of digests need."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deadlines import services
from deadlines.models import Deadline, Digest
from tests.factories.deadlines import duty
from tests.personas import person, team

#: Seven in the morning of a Monday in winter.
SEVEN = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def owed(due_at: datetime, *, by: str | None = "officer", **fields: Any) -> Deadline:
    """A duty due at an instant; with nobody, of the response team."""
    _, row = duty(started_at=due_at - 10 * HOUR, owner=person(by or "officer"), **fields)
    if by is None:
        Deadline.objects.filter(pk=row.pk).update(owner=None, team=team("response"))
    return row


def tell(
    name: str, at: datetime, *, level: str = "information", victim_id: int | None = None
) -> None:
    services.notify(
        users=[person(name)],
        level=level,
        headline="To read, with a short test: NT-2026-000001",
        reference="NT-2026-000001",
        path="/learning/",
        victim_id=victim_id,
        at=at,
    )


def digest_of(name: str, at: datetime = SEVEN) -> Digest | None:
    return Digest.objects.filter(person=person(name), on=at.date()).first()


def digest_of_team(kind: str, at: datetime = SEVEN) -> Digest | None:
    return Digest.objects.filter(person=None, team=team(kind), on=at.date()).first()


def lines(row: Digest | None) -> list[tuple[str, str]]:
    """Part and reference of each line."""
    assert row is not None
    return [(line["part"], line["reference"]) for line in row.lines]
