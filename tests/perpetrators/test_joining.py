"""A victim newly harmed, after a release was planned, joins its watch and reassessment at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.models import Deadline
from incidents.models import Incident
from perpetrators.models import ReleaseWatch
from perpetrators.services import releases
from perpetrators.services.releases import join_releases, look_ahead
from risk.models import ReassessmentReason
from tests.factories.custody import AT, couple, custody_event
from tests.factories.incidents import in_call, incident
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def darren() -> Person:
    """In prison."""
    found, _ = couple()
    custody_event("prison", where="HMP Whitmoor")
    return found


def harms(accused: Person, given: str = "Ella", at: datetime = AT) -> tuple[Incident, Victim]:
    row = incident(
        at=at,
        people=(
            in_call("victim", given_name=given, family_name="Whitcombe"),
            in_call("perpetrator", person_id=accused.pk),
        ),
    )
    victim = row.involvements.get(role="victim").victim
    assert victim is not None
    return row, victim


def reasons(victim: Victim) -> list[str]:
    rows = ReassessmentReason.objects.filter(victim=victim, fallen_away_at__isnull=True)
    return sorted(rows.values_list("trigger", flat=True))


def test_of_a_release_that_is_raised_everything_is_done_at_once(darren: Person) -> None:
    custody_event("prison-release-planned", release_at=AT + 5 * DAY)
    _, ella = harms(darren, at=AT + DAY)
    assert ReleaseWatch.objects.filter(victim=ella).count() == 1
    assert "release_planned" in reasons(ella)
    owed = VictimUpdate.objects.get(victim=ella)
    assert (owed.about, owed.happened_at) == ("release_ahead", AT + 5 * DAY)
    clock = Deadline.objects.get(kind="release_expected", victim_id=ella.pk)
    assert clock.due_at == AT + 5 * DAY + HOUR
    assert look_ahead(at=AT + DAY + HOUR).joined == 0


def test_of_one_that_is_far_off_the_watch_and_in_its_time_the_rest(darren: Person) -> None:
    custody_event("prison-release-planned", release_at=AT + 60 * DAY)
    _, ella = harms(darren, at=AT + DAY)
    assert ReleaseWatch.objects.filter(victim=ella).count() == 1
    assert "release_planned" not in reasons(ella)
    look_ahead(at=AT + 46 * DAY)
    assert "release_planned" in reasons(ella)


def test_of_one_that_is_missed_the_alarm_too(darren: Person) -> None:
    custody_event("prison-release-planned", release_at=AT + DAY)
    look_ahead(at=AT + 2 * DAY)
    _, ella = harms(darren, at=AT + 2 * DAY)
    assert {"release_planned", "release_overdue"} <= set(reasons(ella))


def test_of_one_that_is_over_nothing(darren: Person) -> None:
    custody_event("prison-release-planned", release_at=AT + DAY)
    custody_event("prison-release", at=AT + DAY + HOUR, happened_at=AT + DAY)
    _, ella = harms(darren, at=AT + 2 * DAY)
    assert not ReleaseWatch.objects.filter(victim=ella).exists()


def test_the_others_are_left_as_they_are(darren: Person) -> None:
    custody_event("prison-release-planned", release_at=AT + 5 * DAY)
    before = set(ReassessmentReason.objects.values_list("pk", flat=True))
    _, ella = harms(darren, at=AT + DAY)
    new = ReassessmentReason.objects.exclude(pk__in=before)
    assert set(new.values_list("victim", flat=True)) == {ella.pk}


def test_where_nobody_is_to_be_released_it_costs_one_statement(
    darren: Person, django_assert_num_queries: Any
) -> None:
    (row, _), handler = harms(darren), person("handler")
    with django_assert_num_queries(1):
        assert join_releases(incident_id=row.pk, actor=handler, at=AT) == 0


def test_the_look_ahead_catches_up_with_whoever_was_left_out(
    darren: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when custody of the same person was being worked on while the call was logged."""
    custody_event("prison-release-planned", release_at=AT + 5 * DAY)
    monkeypatch.setattr(releases, "join_releases", lambda **_: 0)
    _, ella = harms(darren, at=AT + DAY)
    assert not ReleaseWatch.objects.filter(victim=ella).exists()
    assert look_ahead(at=AT + DAY + HOUR).joined == 1
    assert "release_planned" in reasons(ella)
    assert look_ahead(at=AT + DAY + HOUR).joined == 0


def test_a_call_about_nobody_held_asks_no_more_than_before() -> None:
    """The one statement of the watch, in the whole of logging a call."""
    couple()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        incident(at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC))
    assert sum("expectedrelease" in one["sql"] for one in asked) <= 1
    assert not any("releasewatch" in one["sql"] for one in asked)
