"""What the backlog counts: ages, reasons, pauses, pace with its denominators."""

from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Absence, User
from core.models import PolicyVersion
from referrals import backlog, backlog_page, services
from referrals.backlog import FEWEST, Backlog, Wanted
from referrals.models import Referral, ReferralPause
from tests.factories import referrals as maru
from tests.personas import person, team

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def read(at: datetime, **wanted: object) -> Backlog:
    return backlog.read(Wanted(**wanted), at=at)  # type: ignore[arg-type]


def aged(rows: list[Referral], at: datetime, *hours: int, **fields: object) -> None:
    """Submitted so many hours ago, each with its 72 hours."""
    for row, age in zip(rows, hours, strict=True):
        submitted = at - age * HOUR
        Referral.objects.filter(pk=row.pk).update(
            submitted_at=submitted, due_at=submitted + 72 * HOUR, **fields
        )


def finished(
    rows: list[Referral], completed_at: datetime, *, by: User, took: timedelta, **fields: object
) -> None:
    """Straight in the table: finished by a worker who claimed it so long before."""
    Referral.objects.filter(pk__in=[row.pk for row in rows]).update(
        state="completed",
        outcome="owner_named",
        claimed_by=by,
        claimed_at=completed_at - took,
        completed_at=completed_at,
        **{"due_at": completed_at + HOUR, "late_reason": "x", **fields},
    )


def test_what_is_open_by_age_and_risk(at: datetime) -> None:
    rows = maru.many(5, at - 90 * HOUR)
    aged(rows[:4], at, 1, 24, 71, 72)
    aged(rows[4:], at, 80, risk_rank=3, grade="high")
    found = read(at)
    assert found.band_names == ["under 24 h", "24 to 48 h", "48 to 72 h", "over 72 h"]
    assert found.by_risk == [
        ("High", [0, 0, 0, 1]),
        ("Medium", [1, 1, 1, 1]),
        ("All", [1, 1, 1, 2]),
    ]
    assert (found.total, found.states["over"], found.nobodys) == (5, 2, 5)


def test_bands_are_thirds_of_what_the_force_allows(at: datetime) -> None:
    PolicyVersion.objects.create(
        effective_from=at - DAY,
        values={"referral_hours": 48},
        author=person("head"),
        reason="Shorter",
        recorded_at=at - DAY,
    )
    assert read(at).band_names == ["under 16 h", "16 to 32 h", "32 to 48 h", "over 48 h"]


def test_what_stands_still_is_neither_over_nor_in_the_forecast(at: datetime) -> None:
    rows = maru.many(2, at - 90 * HOUR)
    aged(rows, at, 80, 80)
    Referral.objects.filter(pk=rows[0].pk).update(paused_at=at - 20 * HOUR)
    found = read(at)
    assert (found.states["over"], found.states["paused"], found.total) == (1, 1, 2)
    assert dict(found.due_in) == {-1: 1}
    assert sum(one.open for one in found.reasons) == 1


def test_reasons_of_a_period_and_those_that_nobody_gave(at: datetime) -> None:
    rows = maru.many(7, at - 90 * HOUR)
    worker, late = person("worker"), {"due_at": at - 9 * DAY}
    finished(rows[:2], at - DAY, by=worker, took=HOUR, late_because="partner", **late)
    finished(rows[2:3], at - DAY, by=worker, took=HOUR, **late)
    finished(rows[3:4], at - DAY, by=worker, took=HOUR)  # in time
    old = {"due_at": at - 99 * DAY, "late_because": "partner"}
    finished(rows[4:5], at - 10 * DAY, by=worker, took=HOUR, **old)
    aged(rows[5:], at, 80, 80)
    Referral.objects.filter(pk=rows[6].pk).update(late_because="overlooked")

    def reasons(days: int) -> dict[str, tuple[int, int]]:
        found = read(at, days=days).reasons
        assert found[-1].words == "No reason recorded"
        return {row.code: (row.finished, row.open) for row in found if row.finished or row.open}

    assert reasons(7) == {"partner": (2, 0), "": (1, 1), "overlooked": (0, 1)}
    assert reasons(28) == {"partner": (3, 0), "": (1, 1), "overlooked": (0, 1)}


def test_pauses_in_numbers(at: datetime) -> None:
    rows = maru.many(4, at - 90 * HOUR)
    common = {"victim": rows[0].victim, "words": "x", "from_by": person("worker")}
    for row, reason, began, ended in (
        (rows[0], "partner", at - 10 * HOUR, at - 4 * HOUR),
        (rows[1], "partner", at - 20 * HOUR, at - 10 * HOUR),
        (rows[2], "in_hospital", at - 40 * DAY, None),
        (rows[3], "partner", at - 60 * DAY, at - 50 * DAY),
    ):
        ReferralPause.objects.create(
            referral=row, reason=reason, from_at=began, until_at=ended, **common
        )
    found = {row.code: (row.now, row.begun, row.hours) for row in read(at).pauses}
    assert found == {
        "other_force": (0, 0, None),
        "partner": (0, 2, 8.0),
        "in_hospital": (1, 0, None),
        "abroad": (0, 0, None),
    }


def test_the_pace_and_its_denominators(at: datetime) -> None:
    rows = maru.many(FEWEST + 1, at - 90 * HOUR)
    worker, other = person("worker"), person("worker_b")
    finished(rows[:14], at - 2 * DAY, by=worker, took=5 * HOUR)
    finished(rows[14:15], at - 2 * DAY, by=worker, took=90 * HOUR)
    finished(rows[15:19], at - 20 * DAY, by=other, took=3 * HOUR)
    finished(rows[19:20], at - HOUR, by=worker, took=HOUR)  # today: not a whole day yet
    services.rebuild_tallies()
    found = read(at)
    assert (found.pace.finished, found.pace.workers, found.pace.can_tell) == (19, 2, False)
    assert found.present is None
    assert backlog_page.forecast(found) == []

    finished(rows[20:21], at - 27 * DAY, by=other, took=3 * HOUR)
    found = read(at, more=2)
    assert found.pace.can_tell
    assert found.pace.each_a_day == Fraction(20, 2 * 28)
    # Two work here; each of two more finishes as much.
    assert found.pace.done_an_hour() == Fraction(20, 28 * 24)
    assert found.pace.done_an_hour(2) == 2 * found.pace.done_an_hour()
    assert {row.name: (row.number, row.hours) for row in found.team} == {
        "M. Castellanos": (15, 5.0),
        "D. Marsh": (5, 3.0),
    }


def test_todays_staff_is_who_is_in_the_unit_and_here(at: datetime) -> None:
    for name in ("worker", "worker_b", "manager"):
        person(name)
    assert read(at).pace.staff == 2
    # Whoever leads the unit counts once they finish some.
    finished(maru.many(1, at - 90 * HOUR), at - DAY, by=person("manager"), took=HOUR)
    assert read(at).pace.staff == 3
    Absence.objects.create(
        person=person("worker"),
        cover=person("worker_b"),
        from_at=at - DAY,
        until_at=at + DAY,
        recorded_by=person("worker"),
        recorded_at=at,
    )
    User.objects.filter(username="manager").update(is_active=False)
    assert (read(at).pace.staff, read(at).pace.away) == (1, 1)


def test_few_of_one_person_say_nothing_and_leavers_are_one_line(at: datetime) -> None:
    rows = maru.many(5, at - 90 * HOUR)
    finished(rows[:4], at - DAY, by=person("worker"), took=HOUR)
    finished(rows[4:], at - DAY, by=person("officer"), took=HOUR)
    assert [(row.name, row.number, row.hours) for row in read(at).team] == [
        ("M. Castellanos", 4, None),
        ("Others, not in the unit now", 1, None),
    ]


def test_more_hands_change_the_forecast(at: datetime) -> None:
    # 28 finished in 28 days by one of one: one a day. Three are due within the next two days.
    rows = maru.many(31, at - 90 * HOUR)
    for day in range(28):
        finished(rows[day : day + 1], at - (day + 1) * DAY, by=person("worker"), took=HOUR)
    aged(rows[28:], at, 25, 25, 25)
    found = read(at, more=2)
    assert found.present is not None
    assert found.with_more is not None
    # Two are finished in the 48 hours; tallies are not made, so none are to come.
    assert (found.present.done_a_day, found.present.of_the_open) == (1.0, 1)
    assert found.present.first_in_hours == 48
    assert (found.with_more.done_a_day, found.with_more.breaches) == (3.0, 0)
    words = {line.words: (line.present, line.more) for line in backlog_page.forecast(found)}
    assert words["The first of them"] == (at + 48 * HOUR, None)


@pytest.mark.parametrize(("by", "count", "last"), [("week", 12, 3), ("day", 14, 1)])
def test_came_and_went(at: datetime, by: str, count: int, last: int) -> None:
    rows = maru.many(3, at - 90 * HOUR)
    aged(rows, at, 1, 30, 60)
    finished(rows[2:], at, by=person("worker"), took=HOUR)
    services.rebuild_tallies()
    spans = read(at, by=by).spans
    assert len(spans) == count
    assert (spans[-1].arrived, spans[-1].done, spans[-1].in_time) == (last, 1, 1)
    assert spans[-1].last == at.date()


def test_bars_never_vanish_and_are_told_apart_without_colour(at: datetime) -> None:
    day = at.date()
    spans = [backlog.Span(day, day, came, went, 0) for came, went in ((0, 0), (1, 500))]
    drawn = backlog_page.bars(spans).split("<rect")[1:]
    assert [one.split('height="')[1].split('"')[0] for one in drawn] == ["0", "0", "2", "120"]
    assert ["stroke=" in one for one in drawn] == [False, True, False, True]


def test_eight_queries_however_many_referrals(at: datetime) -> None:
    team("maru")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            read(at)
        return len(captured)

    assert queries() <= 8
    rows = maru.many(12, at - 90 * HOUR)
    finished(rows[:8], at - DAY, by=person("worker"), took=HOUR)
    services.rebuild_tallies()
    assert queries() == 8
