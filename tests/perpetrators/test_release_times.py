"""Travelling in time across releases moved, cancelled, late, missed and told twice.

A table: each story says what custody tells and when, and what is open at each instant that is
looked at. At every instant the look ahead and the sweep run, as they do every half minute.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.models import ExpectedRelease, ReleaseWatch
from perpetrators.services.releases import look_ahead
from risk.models import Reassessment, ReassessmentReason
from tests.factories.custody import couple, deliver, message
from tests.personas import person
from victims.models import VictimUpdate

pytestmark = pytest.mark.django_db

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
#: A Sunday at two in the morning.
RELEASE = datetime(2027, 1, 31, 2, 0, tzinfo=UTC)
PLAN, OFF, OUT = "prison-release-planned", "prison-release-cancelled", "prison-release"
WEEK, A_DAY, AN_HOUR = "Release in a week", "Release in a day", "Release in an hour"


@dataclass(frozen=True)
class Told:
    """What custody says, and so long before or after the release was first planned for."""

    after: timedelta
    kind: str
    said: dict[str, Any]


@dataclass(frozen=True)
class Look:
    """What stands open at an instant: the release, its watch, why risk is looked at, what is owed.

    `reminded` are the reminders that custody heard by then.
    """

    after: timedelta
    release: str | None
    watch: str | None
    why: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    reminded: tuple[str, ...] = ()


def told(days: float, kind: str, **said: Any) -> Told:
    return Told(days * DAY, kind, said)


def planned(days: float, release: datetime = RELEASE, **said: Any) -> Told:
    return told(days, PLAN, release_at=release, **said)


def look(
    days: float, release: str | None, watch: str | None, why: str = "", owed: str = "", *said: str
) -> Look:
    return Look(days * DAY, release, watch, _set(why), _set(owed), said)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


H = 1 / 24
STORIES: dict[str, Sequence[Told | Look]] = {
    "kept": [
        planned(-20),
        look(-20, "expected", "running"),
        look(-14.001, "expected", "running"),
        look(-14, "expected", "running", "release_planned", "release_ahead"),
        look(-7, "expected", "running", "release_planned", "release_ahead", WEEK),
        look(-1, "expected", "running", "release_planned", "release_ahead", WEEK, A_DAY),
        look(-H, "expected", "running", "release_planned", "release_ahead", WEEK, A_DAY, AN_HOUR),
        told(0.5 * H, OUT, happened_at=RELEASE),
        look(0.5 * H, "done", "met", "release_planned prison_release", "release",
             WEEK, A_DAY, AN_HOUR),
        look(9, "done", "met", "release_planned prison_release", "release",
             WEEK, A_DAY, AN_HOUR),
    ],
    "moved to later": [
        planned(-20),
        look(-14, "expected", "running", "release_planned", "release_ahead"),
        planned(-10, RELEASE + 30 * DAY),
        look(-10, "expected", "running", "release_planned", "release_ahead"),
        look(-7, "expected", "running", "release_planned", "release_ahead"),
        look(2 * H, "expected", "running", "release_planned", "release_ahead"),
        look(23, "expected", "running", "release_planned", "release_ahead", WEEK),
    ],
    "moved to sooner": [
        planned(-40, RELEASE + 30 * DAY),
        look(-11, "expected", "running"),
        planned(-10),
        look(-10, "expected", "running", "release_planned", "release_ahead"),
        look(-7, "expected", "running", "release_planned", "release_ahead", WEEK),
        look(H, "expected", "breached", "release_planned release_overdue", "release_ahead", WEEK),
    ],
    "cancelled": [
        planned(-10),
        look(-10, "expected", "running", "release_planned", "release_ahead"),
        told(-5, OFF),
        look(-5, "cancelled", "cancelled"),
        look(2 * H, "cancelled", "cancelled"),
    ],
    "cancelled and planned anew": [
        planned(-10),
        told(-5, OFF),
        look(-5, "cancelled", "cancelled"),
        planned(-4, RELEASE + 2 * DAY),
        look(-4, "expected", "running", "release_planned", "release_ahead"),
        look(2 * H, "expected", "running", "release_planned", "release_ahead"),
        look(1, "expected", "running", "release_planned", "release_ahead", A_DAY),
    ],
    "told of only afterwards": [
        planned(5 * H, happened_at=RELEASE - 20 * DAY),
        look(5 * H, "expected", "breached", "release_planned release_overdue", "release_ahead"),
        told(6 * H, OUT, happened_at=RELEASE),
        look(6 * H, "done", "met_late", "release_planned release_overdue prison_release",
             "release"),
    ],
    "missed, then told late": [
        planned(-3),
        look(-1, "expected", "running", "release_planned", "release_ahead", A_DAY),
        look(-H, "expected", "running", "release_planned", "release_ahead", A_DAY, AN_HOUR),
        look(0.99 * H, "expected", "running", "release_planned", "release_ahead",
             A_DAY, AN_HOUR),
        look(H, "expected", "breached", "release_planned release_overdue", "release_ahead",
             A_DAY, AN_HOUR),
        told(9 * H, OUT, happened_at=RELEASE),
        look(9 * H, "done", "met_late", "release_planned release_overdue prison_release",
             "release", A_DAY, AN_HOUR),
    ],
    "told twice, by the same and by other messages": [
        planned(-10, message_id="p1"),
        planned(-10, message_id="p1"),
        planned(-9, message_id="p2", happened_at=RELEASE - 9.5 * DAY),
        look(-9, "expected", "running", "release_planned", "release_ahead"),
        look(-7, "expected", "running", "release_planned", "release_ahead", WEEK),
        told(0.5 * H, OUT, happened_at=RELEASE, message_id="o1"),
        told(0.6 * H, OUT, happened_at=RELEASE, message_id="o1"),
        look(H, "done", "met", "release_planned prison_release", "release", WEEK),
    ],
    "the release before its plan": [
        told(H, OUT, happened_at=RELEASE),
        planned(2 * H, happened_at=RELEASE - 20 * DAY),
        look(3 * H, None, None, "prison_release", "release"),
    ],
    "out earlier than planned": [
        planned(-10),
        look(-7, "expected", "running", "release_planned", "release_ahead", WEEK),
        told(-3, OUT, happened_at=RELEASE - 3.1 * DAY),
        look(-3, "done", "met", "release_planned prison_release", "release", WEEK),
        look(2 * H, "done", "met", "release_planned prison_release", "release", WEEK),
    ],
}  # fmt: skip


def seen(at: datetime, after: timedelta) -> Look:
    """What stands open, as the rows say."""
    release = ExpectedRelease.objects.order_by("pk").last()
    watch = ReleaseWatch.objects.filter(release=release).first() if release else None
    clock = watch and Deadline.objects.filter(kind="release_expected", subject_id=watch.pk).last()
    why = ReassessmentReason.objects.filter(
        fallen_away_at__isnull=True, reassessment__state="open", happened_at__lte=RELEASE + 90 * DAY
    )
    reminders = Notification.objects.filter(
        user=person("custody"), level="warning", headline__startswith="Release in "
    )
    return Look(
        after,
        release.state if release else None,
        clock.state if clock else None,
        frozenset(why.values_list("trigger", flat=True)),
        frozenset(VictimUpdate.objects.filter(state="owed").values_list("about", flat=True))
        - {"remand"},
        tuple(
            words.split(":")[0]
            for words in reminders.order_by("pk").values_list("headline", flat=True)
        ),
    )


def run(story: Sequence[Told | Look], release: datetime = RELEASE) -> list[tuple[Look, Look]]:
    """Let the story happen; what was wanted and what was seen at each look."""
    found = []
    for one in story:
        at = release + one.after
        if isinstance(one, Told):
            said = {"happened_at": at, **one.said, "custody_number": "S/1"}
            deliver(message(one.kind, at=at, **said), at=at)
        look_ahead(at=at)
        sweep(at=at)
        if isinstance(one, Look):
            found.append((one, seen(at, one.after)))
    return found


@pytest.mark.parametrize("name", STORIES)
def test_what_is_open_at_each_instant(name: str) -> None:
    person("custody")
    couple(RELEASE - 100 * DAY)
    began = RELEASE - 90 * DAY
    deliver(message("prison", at=began, happened_at=began, custody_number="S/1"), at=began)
    for wanted, found in run(STORIES[name]):
        assert found == wanted, f"{wanted.after} from the release"
    assert ReleaseWatch.objects.count() <= ExpectedRelease.objects.count()
    assert Reassessment.objects.filter(state="open").count() <= 1


@pytest.mark.parametrize(
    "release",
    [
        # The nights on which the clocks go forward, and back: two in the morning is at one.
        datetime(2027, 3, 28, 1, 0, tzinfo=UTC),
        datetime(2027, 10, 31, 1, 0, tzinfo=UTC),
    ],
)
def test_across_a_clock_change_reminders_are_real_hours_before(release: datetime) -> None:
    person("custody")
    couple(release - 100 * DAY)
    plan = [Told(-20 * DAY, PLAN, {"release_at": release})]
    marks = [-7 * DAY, -1 * DAY, -HOUR]
    run(plan, release)
    clock = Deadline.objects.get(kind="release_expected")
    assert clock.step_times[:3] == [release + mark for mark in marks]
    for mark, words in zip(marks, (WEEK, A_DAY, AN_HOUR), strict=True):
        sweep(at=release + mark - timedelta(seconds=1))
        heard = Notification.objects.filter(deadline=clock, headline__startswith=words)
        assert not heard.exists()
        sweep(at=release + mark)
        assert heard.exists()
    assert look_ahead(at=release + HOUR).alarms == 1


def test_of_a_day_with_twenty_five_hours_the_alarm_waits_for_its_end() -> None:
    couple(RELEASE - 100 * DAY)
    at = datetime(2027, 10, 20, 9, 0, tzinfo=UTC)
    deliver(message(PLAN, at=at, release_on="2027-10-31"), at=at)
    release = ExpectedRelease.objects.get()
    assert release.expected_at == datetime(2027, 10, 30, 23, 0, tzinfo=UTC)
    assert release.alarm_at == datetime(2027, 11, 1, 1, 0, tzinfo=UTC)
    assert look_ahead(at=release.alarm_at - timedelta(seconds=1)).alarms == 0
    assert look_ahead(at=release.alarm_at).alarms == 1
