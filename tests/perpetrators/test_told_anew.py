"""A victim who was told of what is to come hears when it moves or is called off."""

from datetime import datetime, timedelta

import pytest

from tests.factories import victims as make
from tests.factories.custody import AT, couple, deliver, message
from tests.personas import person
from victims import services
from victims.models import Victim, VictimUpdate

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RELEASE = AT + 5 * DAY
State = VictimUpdate.State


@pytest.fixture
def victim() -> Victim:
    _, row = couple()
    make.safe_contact(row, at=AT - DAY, hours="")
    return row


def said(kind: str, hours: int, **more: datetime | str) -> None:
    at = AT + hours * HOUR
    deliver(message(kind, at=at, **more), at=at)


def planned(hours: int, release: datetime = RELEASE) -> None:
    said("prison-release-planned", hours, release_at=release)


def owed(victim: Victim) -> VictimUpdate:
    """The one thing that is to be told now."""
    return VictimUpdate.objects.owed().get(victim=victim)


def tell(victim: Victim, hours: int) -> VictimUpdate:
    row = owed(victim)
    services.log_contact(
        victim_id=victim.pk,
        way="text",
        outcome="reached",
        updates={row.pk: row.version},
        seen=1,
        actor=person("officer"),
        at=AT + hours * HOUR,
    )
    return row


def test_told_then_moved_the_new_day_is_told_and_the_first_stays_told(victim: Victim) -> None:
    planned(0)
    first = tell(victim, 1)
    planned(2, RELEASE + DAY)
    again = owed(victim)
    assert (again.about, again.happened_at, again.due_at) == (
        "release_ahead",
        RELEASE + DAY,
        RELEASE + DAY,
    )
    first.refresh_from_db()
    assert (first.state, first.pk != again.pk) == (State.TOLD, True)


def test_told_then_called_off_that_is_told_within_a_working_day(victim: Victim) -> None:
    planned(0)
    tell(victim, 1)
    said("prison-release-cancelled", 2)
    row = owed(victim)
    assert "cancelled" in row.words
    assert row.due_at == AT + 2 * HOUR + DAY
    tell(victim, 3)
    assert not VictimUpdate.objects.owed().exists()


def test_called_off_before_anybody_told_it_nothing_is_owed(victim: Victim) -> None:
    planned(0)
    said("prison-release-cancelled", 2)
    assert list(VictimUpdate.objects.values_list("state", flat=True)) == [State.FALLEN_AWAY]


def test_called_off_and_on_again_they_do_not_hear_that_it_is_off(victim: Victim) -> None:
    planned(0)
    tell(victim, 1)
    said("prison-release-cancelled", 2)
    off = owed(victim)
    planned(3)
    off.refresh_from_db()
    assert (off.state, off.outcome) == (State.FALLEN_AWAY, "A release is planned again.")
    assert owed(victim).happened_at == RELEASE


def test_told_of_a_date_in_court_that_is_vacated(victim: Victim) -> None:
    said("charge", 0)
    tell(victim, 1)
    said("court-date", 2, hearing_at=AT + 9 * DAY, listing="L1")
    row = tell(victim, 3)
    assert row.about == "court"
    said("court-date-vacated", 4, listing="L1")
    assert owed(victim).words.startswith("No longer so")
