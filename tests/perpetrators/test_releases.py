"""Releases to come, by travelling in time: raised before, moved, called off, done, missed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core import events
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.events import ReleaseOverdue
from perpetrators.models import CourtDate, CustodyEpisode, ExpectedRelease, ReleaseWatch
from perpetrators.services.releases import (
    Expected,
    Listed,
    look_ahead,
    sync_hearings,
    sync_releases,
)
from risk.models import Reassessment, ReassessmentReason
from tests.factories.custody import AT, couple
from tests.personas import person
from victims.models import Person, Victim, VictimUpdate

pytestmark = pytest.mark.django_db

#: Sunday at two in the morning, ten weeks on.
SUNDAY = datetime(2027, 1, 31, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def both() -> tuple[Person, Victim]:
    return couple()


@pytest.fixture
def episode(both: tuple[Person, Victim]) -> CustodyEpisode:
    return CustodyEpisode.objects.create(
        reference="CU-2026-000001",
        person=both[0],
        state=CustodyEpisode.State.PRISON,
        state_since=AT,
        began_at=AT,
    )


def plan(
    episode: CustodyEpisode, expected_at: datetime | None, *, at: datetime = AT, **more: Any
) -> list[ExpectedRelease]:
    row = Expected(episode=episode, expected_at=expected_at, **more)
    return sync_releases([row], actor=person("custody"), at=at)


def open_reasons() -> list[tuple[str, datetime]]:
    rows = ReassessmentReason.objects.filter(fallen_away_at__isnull=True).order_by("happened_at")
    return list(rows.values_list("trigger", "happened_at"))


def updates(**wanted: Any) -> list[tuple[str, str, datetime]]:
    rows = VictimUpdate.objects.filter(**wanted).order_by("pk")
    return list(rows.values_list("about", "state", "happened_at"))


def clock() -> Deadline:
    return Deadline.objects.get(kind="release_expected")


def test_what_is_near_is_raised_at_once(episode: CustodyEpisode) -> None:
    (release,) = plan(episode, AT + 3 * DAY)
    assert release.raise_at is None
    assert open_reasons() == [("release_planned", AT + 3 * DAY)]
    assert Reassessment.objects.get().due_at == AT + 3 * DAY
    assert updates() == [("release_ahead", "owed", AT + 3 * DAY)]
    assert VictimUpdate.objects.get().due_at <= AT + 3 * DAY


def test_what_is_far_off_is_raised_fourteen_days_before(episode: CustodyEpisode) -> None:
    plan(episode, SUNDAY)
    assert look_ahead(at=SUNDAY - 14 * DAY - timedelta(seconds=1)).raised == 0
    assert open_reasons() == []
    assert look_ahead(at=SUNDAY - 14 * DAY).raised == 1
    assert open_reasons() == [("release_planned", SUNDAY)]
    assert look_ahead(at=SUNDAY - 14 * DAY).raised == 0
    assert Reassessment.objects.count() == 1


def test_said_again_it_changes_nothing(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    assert plan(episode, AT + 3 * DAY, at=AT + HOUR) == []
    assert ExpectedRelease.objects.count() == ReleaseWatch.objects.count() == 1
    assert len(updates()) == len(open_reasons()) == 1


def test_reminders_a_week_a_day_and_an_hour_before(episode: CustodyEpisode) -> None:
    plan(episode, SUNDAY)
    assert clock().step_times[:3] == [SUNDAY - 7 * DAY, SUNDAY - DAY, SUNDAY - HOUR]
    person("custody")
    for lead in (7 * DAY, DAY, HOUR):
        before = Notification.objects.filter(deadline=clock(), level="warning").count()
        sweep(at=SUNDAY - lead - timedelta(seconds=1))
        assert Notification.objects.filter(deadline=clock(), level="warning").count() == before
        sweep(at=SUNDAY - lead)
        told = Notification.objects.filter(deadline=clock(), level="warning")
        assert told.count() > before
        assert told.filter(user=person("custody")).exists()
        words = {7 * DAY: "a week", DAY: "a day", HOUR: "an hour"}[lead]
        assert told.latest("pk").headline == f"Release in {words}: 31 Jan 2027 at 02:00"


def test_moved_it_takes_everything_along(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    plan(episode, AT + 5 * DAY, at=AT + HOUR)
    assert open_reasons() == [("release_planned", AT + 5 * DAY)]
    assert updates(state="owed") == [("release_ahead", "owed", AT + 5 * DAY)]
    assert clock().due_at == AT + 5 * DAY + HOUR
    assert Reassessment.objects.get().due_at == AT + 5 * DAY


def test_moved_after_it_was_told_it_is_told_again(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    VictimUpdate.objects.update(
        state="told", settled_at=AT + HOUR, settled_by=person("officer"), outcome="by telephone"
    )
    plan(episode, AT + 5 * DAY, at=AT + 2 * HOUR)
    assert [state for _, state, _ in updates()] == ["told", "owed"]


def test_cancelled_everything_falls_away(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    plan(episode, None, is_cancelled=True, words="Recalled.", at=AT + HOUR)
    assert ExpectedRelease.objects.get().state == "cancelled"
    assert open_reasons() == []
    assert Reassessment.objects.get().state == "fallen_away"
    assert updates(state="owed") == []
    assert clock().state == Deadline.State.CANCELLED
    assert look_ahead(at=AT + 9 * DAY).alarms == 0


def test_cancelled_after_it_was_told_the_victim_hears_of_it(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    VictimUpdate.objects.update(
        state="told", settled_at=AT + HOUR, settled_by=person("officer"), outcome="by telephone"
    )
    plan(episode, None, is_cancelled=True, at=AT + 2 * HOUR)
    owed = VictimUpdate.objects.get(state="owed")
    assert "cancelled" in owed.words


def test_done_in_time_the_watch_is_met_and_the_reassessment_stays(episode: CustodyEpisode) -> None:
    plan(episode, AT + 3 * DAY)
    plan(episode, AT + 3 * DAY, released_at=AT + 3 * DAY, at=AT + 3 * DAY + HOUR / 2)
    assert clock().state == Deadline.State.MET
    assert open_reasons() == [("release_planned", AT + 3 * DAY)]
    assert updates(state="owed") == []
    assert look_ahead(at=AT + 9 * DAY).alarms == 0


def test_nothing_recorded_raises_the_alarm_once(
    episode: CustodyEpisode, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[object] = []
    monkeypatch.setattr(events, "announce", announced.append)
    plan(episode, AT + DAY)
    assert look_ahead(at=AT + DAY + HOUR - timedelta(seconds=1)).alarms == 0
    assert look_ahead(at=AT + DAY + HOUR).alarms == 1
    assert look_ahead(at=AT + DAY + 2 * HOUR).alarms == 0
    assert ("release_overdue", AT + DAY + HOUR) in open_reasons()
    assert len([one for one in announced if isinstance(one, ReleaseOverdue)]) == 1


def test_the_alarm_is_told_to_whoever_must_know(episode: CustodyEpisode) -> None:
    custody = person("custody")
    plan(episode, AT + DAY)
    sweep(at=AT + DAY + HOUR)
    assert Notification.objects.filter(user=custody, level="breach", deadline=clock()).exists()


def test_another_day_after_the_alarm_makes_it_false(episode: CustodyEpisode) -> None:
    plan(episode, AT + DAY)
    look_ahead(at=AT + DAY + HOUR)
    plan(episode, AT + 4 * DAY, at=AT + DAY + 2 * HOUR)
    assert open_reasons() == [("release_planned", AT + 4 * DAY)]
    assert ExpectedRelease.objects.get().alarmed_at is None


def test_of_a_day_the_alarm_waits_for_its_end(episode: CustodyEpisode) -> None:
    (release,) = plan(episode, datetime(2026, 11, 25, tzinfo=UTC), day_only=True)
    assert release.alarm_at == datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


def test_told_late_it_still_does_everything_and_says_so(episode: CustodyEpisode) -> None:
    plan(episode, AT - DAY)
    assert ReassessmentReason.objects.get().is_late
    assert look_ahead(at=AT).alarms == 1


def test_who_harmed_nobody_known_is_watched_by_custody() -> None:
    custody = person("custody")
    stranger = Person.objects.create(reference="P-2026-900001", created_at=AT)
    run = CustodyEpisode.objects.create(
        reference="CU-2026-000009",
        person=stranger,
        state="prison",
        state_since=AT,
        began_at=AT,
    )
    plan(run, AT + DAY)
    assert ReleaseWatch.objects.get().victim is None
    assert look_ahead(at=AT + 2 * DAY).alarms == 1
    assert Reassessment.objects.count() == 0
    assert Notification.objects.get().user == custody


def test_hearings_are_listed_moved_and_vacated(episode: CustodyEpisode) -> None:
    custody = person("custody")

    def listed(when: datetime, **more: Any) -> None:
        row = Listed(episode=episode, listing="T1", at=when, hearing="trial", **more)
        sync_hearings(rows=[row], actor=custody, at=AT)

    listed(SUNDAY)
    assert open_reasons() == []
    assert look_ahead(at=SUNDAY - 14 * DAY).hearings == 1
    assert look_ahead(at=SUNDAY - 14 * DAY).hearings == 0
    assert open_reasons() == [("court_date", SUNDAY)]
    listed(SUNDAY + DAY)
    listed(SUNDAY + DAY)
    assert CourtDate.objects.count() == 1
    assert open_reasons() == [("court_date", SUNDAY + DAY)]
    listed(SUNDAY + DAY, is_vacated=True)
    assert CourtDate.objects.get().state == "vacated"
    assert open_reasons() == []
