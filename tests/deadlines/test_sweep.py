"""The sweep by travelling in time: each step once, the right people, and nothing lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from accounts.models import Team, User
from accounts.roles import Role
from audit.models import AuditEvent
from deadlines import heartbeat, kinds, services
from deadlines import sweep as sweeping
from deadlines.models import Deadline, Escalation, Notification, Sweep
from deadlines.sweep import sweep
from tests.factories import deadlines as factory
from tests.factories.deadlines import KIND, PAUSABLE, duty
from tests.personas import person

State = Deadline.State
People = Callable[[str], User]
pytestmark = pytest.mark.django_db


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def steps(row: Deadline) -> list[str]:
    names = Escalation.objects.filter(deadline=row).order_by("round", "step")
    return list(names.values_list("name", flat=True))


def told() -> list[tuple[str, str]]:
    rows = Notification.objects.order_by("pk").values_list("user__username", "headline")
    return [(user, headline) for user, headline in rows]


@pytest.fixture
def chain(people: People) -> None:
    """The officer's supervisor and the head of public protection are in post."""
    people("supervisor"), people("head")


#: Hours after the start (allowance: ten), state, steps so far, who hears of the newest one.
COURSE: list[tuple[float, str, list[str], set[str]]] = [
    (4.9, State.RUNNING, [], set()),
    (5.0, State.RUNNING, ["Warning: 50 % of the time used"], {"officer"}),
    (8.0, State.RUNNING, ["Warning: 80 % of the time used"], {"officer"}),
    (9.9, State.RUNNING, [], set()),
    (10.0, State.BREACHED, ["Out of time"], {"officer"}),
    (13.9, State.BREACHED, [], set()),
    (14.0, State.BREACHED, ["4 h over"], {"supervisor"}),
    (34.0, State.BREACHED, ["24 h over"], {"head"}),
    (500.0, State.BREACHED, [], set()),
]


def test_the_whole_course_step_by_step(chain: None, at: datetime) -> None:
    _, row = duty(started_at=at)
    so_far: list[str] = []
    for after, state, new, heard in COURSE:
        Notification.objects.all().delete()
        outcome = sweep(at=at + hours(after))
        row.refresh_from_db()
        so_far += new
        assert (row.state, steps(row)) == (state, so_far), after
        assert {user for user, _ in told()} == heard, after
        assert outcome.steps == len(new), after
    assert row.look_at is None
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 1


def test_what_people_read(chain: None, at: datetime) -> None:
    duty(started_at=at)
    for after in (5, 10, 14):
        sweep(at=at + hours(after))
    assert told() == [
        ("officer", "Visit due 23 Nov, 20:00: 50 % of the time used"),
        ("officer", "Visit out of time: was due 23 Nov, 20:00"),
        ("supervisor", "Visit still not done, 4 h over: was due 23 Nov, 20:00"),
    ]
    assert list(Notification.objects.order_by("pk").values_list("level", flat=True)) == [
        "warning",
        "breach",
        "breach",
    ]


def test_the_breach_stands_on_the_timeline_at_its_own_instant(chain: None, at: datetime) -> None:
    _, row = duty(started_at=at)
    sweep(at=at + hours(10.5))
    event = AuditEvent.objects.get(verb="deadline.breached")
    assert event.actor == User.objects.system()
    assert (event.at, event.recorded_at) == (row.due_at, at + hours(10.5))
    assert event.is_grave
    assert event.headline == (
        "Visit out of time: 10 hours from the call, 23 Nov 2026 10:00 (force policy)"
    )
    assert event.subject == row.subject_reference


def test_after_an_outage_every_step_is_recorded_and_each_person_told_once(
    chain: None, at: datetime
) -> None:
    _, row = duty(started_at=at)
    sweep(at=at + hours(40))
    assert steps(row) == [
        "Warning: 50 % of the time used",
        "Warning: 80 % of the time used",
        "Out of time",
        "4 h over",
        "24 h over",
    ]
    assert {(user, headline.split(":")[0]) for user, headline in told()} == {
        ("officer", "Visit out of time"),
        ("supervisor", "Visit still not done, 4 h over"),
        ("head", "Visit still not done, 24 h over"),
    }


def test_a_second_sweep_at_the_same_instant_does_nothing(chain: None, at: datetime) -> None:
    duty(started_at=at)
    assert sweep(at=at + hours(40)).steps == 5
    assert sweep(at=at + hours(40)).looked_at == 0


def test_met_late_after_the_breach_and_the_ladder_stops(chain: None, at: datetime) -> None:
    place, row = duty(started_at=at)
    sweep(at=at + hours(11))
    services.meet(kind=KIND, subject=place, actor=person("officer"), at=at + hours(12))
    assert sweep(at=at + hours(40)).looked_at == 0
    row.refresh_from_db()
    assert row.state == State.MET_LATE
    assert "4 h over" not in steps(row)
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 1


def test_met_in_time_though_the_sweep_wrote_first(chain: None, at: datetime) -> None:
    """The request came before the due time and only waited for the sweep."""
    place, row = duty(started_at=at)
    sweep(at=at + hours(10))
    services.meet(kind=KIND, subject=place, actor=person("officer"), at=at + hours(9.99))
    row.refresh_from_db()
    assert row.state == State.MET


def test_a_moved_date_has_its_own_round_of_steps(chain: None, at: datetime) -> None:
    place, row = duty(started_at=at)
    sweep(at=at + hours(11))
    services.reschedule(
        kind=KIND,
        subject=place,
        started_at=at + hours(20),
        actor=person("officer"),
        at=at + hours(12),
    )
    assert sweep(at=at + hours(24.9)).looked_at == 0
    sweep(at=at + hours(30))
    row.refresh_from_db()
    assert row.state == State.BREACHED
    assert steps(row).count("Out of time") == 2
    assert AuditEvent.objects.filter(verb="deadline.breached").count() == 2


def test_a_paused_clock_takes_no_steps(chain: None, at: datetime) -> None:
    place, row = duty(started_at=at, kind=PAUSABLE)
    services.pause(
        kind=PAUSABLE, subject=place, actor=person("officer"), at=at + hours(1), reason="why"
    )
    # Even where the hint is wrong and the sweep looks.
    Deadline.objects.filter(pk=row.pk).update(look_at=at)
    assert sweep(at=at + hours(100)).steps == 0
    row.refresh_from_db()
    assert (row.state, row.look_at) == (State.RUNNING, None)
    services.resume(kind=PAUSABLE, subject=place, actor=person("officer"), at=at + hours(101))
    assert sweep(at=at + hours(105)).steps == 1


def test_a_wrong_hint_is_put_right(chain: None, at: datetime) -> None:
    _, row = duty(started_at=at)
    Deadline.objects.filter(pk=row.pk).update(look_at=at)
    outcome = sweep(at=at + hours(1))
    row.refresh_from_db()
    assert (outcome.looked_at, outcome.steps, row.look_at) == (1, 0, at + hours(5))


@pytest.mark.parametrize(
    ("after", "state"), [(5, State.CANCELLED), (10, State.CANCELLED), (11, State.MET_LATE)]
)
def test_what_is_not_owed_any_more_is_settled_and_nobody_told(
    chain: None, at: datetime, after: float, state: str
) -> None:
    place, row = duty(started_at=at)
    factory.done.add(place.pk)
    outcome = sweep(at=at + hours(after))
    row.refresh_from_db()
    assert (row.state, row.settled_at, outcome.fallen_away) == (state, at + hours(after), 1)
    assert (told(), steps(row)) == ([], [])
    assert AuditEvent.objects.latest("pk").headline == "Visit is no longer to be done"


class TestWhoIsTold:
    def test_the_whole_team_while_nobody_has_it(self, chain: None, at: datetime) -> None:
        team = person("officer").team
        person("officer_b"), person("worker")
        place, _ = duty(started_at=at, team=team)
        services.assign(kind=KIND, subject=place, owner=None, actor=person("officer"), at=at)
        sweep(at=at + hours(5))
        assert {user for user, _ in told()} == {"officer", "officer_b", "supervisor"}

    def test_the_whole_team_when_the_owner_has_left(self, chain: None, at: datetime) -> None:
        person("officer_b")
        duty(started_at=at)
        User.objects.filter(username="officer").update(is_active=False)
        sweep(at=at + hours(5))
        assert {user for user, _ in told()} == {"officer_b", "supervisor"}

    def test_the_head_when_a_rung_is_empty(self, chain: None, at: datetime) -> None:
        duty(started_at=at)
        Team.objects.update(supervisor=None)
        sweep(at=at + hours(13))
        Notification.objects.all().delete()
        sweep(at=at + hours(14))
        assert {user for user, _ in told()} == {"head"}

    def test_rungs_beyond_the_policys_hours_are_told_with_the_last(
        self, chain: None, at: datetime
    ) -> None:
        _, row = duty(started_at=at)
        Deadline.objects.filter(pk=row.pk).update(step_times=row.step_times[:4])
        sweep(at=at + hours(14))
        assert {user for user, _ in told()} == {"officer", "supervisor", "head"}

    def test_a_person_on_several_rungs_once(self, chain: None, at: datetime) -> None:
        duty(started_at=at, owner=person("supervisor"))
        sweep(at=at + hours(14))
        assert [user for user, _ in told()] == ["supervisor"]


class TestPoison:
    def test_one_row_is_set_aside_and_the_rest_goes_on(self, chain: None, at: datetime) -> None:
        person("administrator")
        rows = [duty(started_at=at) for _ in range(7)]
        place, bad = rows[4]
        factory.poisonous.add(place.pk)
        outcome = sweep(at=at + hours(10))
        assert (outcome.set_aside, outcome.looked_at, outcome.breaches) == (1, 7, 6)
        bad.refresh_from_db()
        assert bad.set_aside_at == at + hours(10)
        assert bad.set_aside_reason == "RuntimeError: the subject cannot be read"
        assert (bad.state, steps(bad)) == (State.RUNNING, [])
        event = AuditEvent.objects.get(verb="deadline.set_aside")
        assert (event.subject, event.is_grave) == (bad.subject_reference, True)
        shouted = Notification.objects.filter(reference=bad.subject_reference)
        assert {row.user.username for row in shouted} == {"administrator", "head"}
        assert Sweep.objects.get().set_aside == 1

    def test_it_is_not_tried_again_until_somebody_says_so(self, chain: None, at: datetime) -> None:
        place, _ = duty(started_at=at)
        factory.poisonous.add(place.pk)
        sweep(at=at + hours(5))
        assert sweep(at=at + hours(10)).looked_at == 0
        factory.poisonous.clear()
        actor = User.objects.system()
        assert sweeping.take_up_again(actor=actor, at=at + hours(11)) == 1
        assert sweep(at=at + hours(11)).steps == 3

    def test_a_kind_that_no_app_declares(self, chain: None, at: datetime) -> None:
        _, good = duty(started_at=at)
        _, bad = duty(started_at=at)
        Deadline.objects.filter(pk=bad.pk).update(kind="forgotten")
        assert sweep(at=at + hours(5)).set_aside == 1
        assert steps(good) == ["Warning: 50 % of the time used"]

    def test_damage_that_only_the_database_sees(self, chain: None, at: datetime) -> None:
        _, good = duty(started_at=at)
        _, bad = duty(started_at=at, kind=PAUSABLE)
        before = kinds.get(PAUSABLE)
        object.__setattr__(before, "name", "x" * 300)
        try:
            assert sweep(at=at + hours(5)).set_aside == 1
        finally:
            object.__setattr__(before, "name", "Enquiry")
        assert steps(good) == ["Warning: 50 % of the time used"]
        bad.refresh_from_db()
        assert bad.set_aside_reason.startswith("DataError")

    def test_a_failing_database_is_nobodys_poison(
        self, chain: None, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, row = duty(started_at=at)

        def lost(*_: Any) -> None:
            raise OperationalError("the connection is lost")

        with monkeypatch.context() as broken:
            broken.setattr(sweeping, "_escalate", lost)
            with pytest.raises(OperationalError):
                sweep(at=at + hours(10))
        row.refresh_from_db()
        assert row.set_aside_at is None
        assert not Sweep.objects.exists()
        assert sweep(at=at + hours(10)).breaches == 1


def test_a_crash_after_the_writes_leaves_nothing(
    chain: None, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = duty(started_at=at)
    escalate = sweeping._escalate

    def crash(*arguments: Any) -> None:
        escalate(*arguments)
        assert steps(row)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(sweeping, "_escalate", crash)
        with pytest.raises(KeyboardInterrupt):
            sweep(at=at + hours(10))
    row.refresh_from_db()
    assert (row.state, row.steps_taken, steps(row), told()) == (State.RUNNING, 0, [], [])
    assert sweep(at=at + hours(10)).steps == 3


def test_more_rows_than_a_batch(chain: None, at: datetime) -> None:
    for _ in range(7):
        duty(started_at=at)
    assert sweeping.sweep(at=at + hours(10), batch=3).breaches == 7


def test_queries_do_not_grow_with_rows(
    chain: None, at: datetime, django_assert_num_queries: Any
) -> None:
    """Claim, escalate, claim again; actor, heartbeat, pruning; and two savepoints around."""
    for _ in range(20):
        duty(started_at=at)
    with django_assert_num_queries(10):
        sweep(at=at + hours(10))


class TestHeartbeat:
    def test_never_swept_is_late(self, at: datetime) -> None:
        assert heartbeat.state(at) == (True, None)

    @pytest.mark.parametrize(("seconds", "late"), [(5, False), (179, False), (185, True)])
    def test_three_minutes(self, at: datetime, seconds: int, late: bool) -> None:
        sweep(at=at)
        assert heartbeat.is_late(at + timedelta(seconds=seconds)) is late

    def test_old_sweeps_are_pruned(self, at: datetime) -> None:
        for days in (0, 1, 9):
            sweep(at=at + timedelta(days=days))
        assert Sweep.objects.count() == 1

    def test_one_query(self, at: datetime, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            heartbeat.state(at)


class TestCommand:
    def test_dry_run_writes_nothing(
        self, chain: None, at: datetime, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, row = duty(started_at=at)
        then = (at + hours(10)).isoformat()
        call_command("sweep_deadlines", "--dry-run", "--at", then)
        said = capsys.readouterr().out
        assert f"{KIND} {row.subject_reference} (out of time)" in said
        assert "1 would be looked at. Nothing was written." in said
        assert (steps(row), Sweep.objects.count()) == ([], 0)

    def test_a_sweep_by_hand(
        self, chain: None, at: datetime, capsys: pytest.CaptureFixture[str]
    ) -> None:
        duty(started_at=at)
        call_command("sweep_deadlines", "--at", (at + hours(10)).isoformat())
        assert "Looked at 1: 3 steps, 1 out of time, 1 notifications" in capsys.readouterr().out

    @pytest.mark.parametrize("words", ["tomorrow", "2026-11-23T10:00", "2026-13-40T10:00+00:00"])
    def test_an_instant_that_is_none(self, words: str) -> None:
        with pytest.raises(CommandError, match="no instant"):
            call_command("sweep_deadlines", "--at", words)

    def test_taking_up_again(
        self, chain: None, at: datetime, capsys: pytest.CaptureFixture[str]
    ) -> None:
        _, row = duty(started_at=at)
        Deadline.objects.filter(pk=row.pk).update(set_aside_at=at, set_aside_reason="broken")
        then = (at + hours(5)).isoformat()
        call_command("sweep_deadlines", "--take-up-again", "--at", then)
        assert "1 deadlines are watched again" in capsys.readouterr().out
        assert steps(row) == ["Warning: 50 % of the time used"]


def test_the_role_names_of_the_ladder_exist(people: People) -> None:
    """A rung that names a group which is not there would tell nobody."""
    from django.contrib.auth.models import Group

    named = {
        recipient.role
        for kind in kinds.everything()
        for rung in kind.ladder
        for recipient in rung
        if recipient.who == "role"
    } | {Role.HEAD_OF_PUBLIC_PROTECTION.value}
    assert named <= set(Group.objects.values_list("name", flat=True))
