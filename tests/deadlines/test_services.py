"""Starting, settling, moving and pausing, and what is refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from audit.models import AuditEvent
from core.errors import DomainError, InvalidInput
from core.models import PolicyVersion
from deadlines import services
from deadlines.models import Deadline, Notification
from tests.factories.deadlines import KIND, PAUSABLE, duty, subject
from tests.personas import person, team

State = Deadline.State
People = Callable[[str], User]
pytestmark = pytest.mark.django_db


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def verbs() -> list[str]:
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


def test_start_computes_due_steps_and_the_rule_in_words(at: datetime) -> None:
    _, row = duty(started_at=at)
    assert row.due_at == at + hours(10)
    assert row.basis == "10 hours from the call, 23 Nov 2026 10:00 (force policy)"
    assert row.step_times == [at + hours(part) for part in (5, 8, 10, 14, 34)]
    assert (row.state, row.look_at, row.round) == (State.RUNNING, at + hours(5), 1)
    assert verbs() == ["deadline.started"]


def test_start_uses_the_policy_of_the_instant_it_runs_from(at: datetime, people: People) -> None:
    for instant, percents in ((at - hours(100), [25]), (at + hours(1), [90])):
        PolicyVersion.objects.create(
            effective_from=instant,
            author=people("head"),
            reason="trial",
            recorded_at=instant,
            values={"warn_percent": percents, "ladder_hours": [1]},
        )
    _, row = duty(started_at=at, at=at + hours(2))
    assert row.step_times == [at + hours(part) for part in (2.5, 10, 11)]


def test_a_warning_at_the_whole_allowance_is_the_breach_itself(
    at: datetime, people: People
) -> None:
    PolicyVersion.objects.create(
        effective_from=at,
        author=people("head"),
        reason="trial",
        recorded_at=at,
        values={"warn_percent": [100, 50, 50, 250]},
    )
    _, row = duty(started_at=at)
    assert row.step_times[:2] == [at + hours(5), row.due_at]


def test_started_twice_is_owed_once_and_the_earlier_start_counts(at: datetime) -> None:
    place, first = duty(started_at=at)
    _, second = duty(started_at=at + hours(3), subject=place)
    assert (second.pk, second.due_at) == (first.pk, first.due_at)
    assert verbs() == ["deadline.started"]


def test_a_settled_duty_can_be_owed_again(at: datetime, people: People) -> None:
    place, first = duty(started_at=at)
    services.meet(kind=KIND, subject=place, actor=people("officer"), at=at)
    _, second = duty(started_at=at, subject=place)
    assert second.pk != first.pk


@pytest.mark.parametrize(
    ("after", "state", "verb", "words"),
    [
        (9.0, State.MET, "deadline.met", "Visit done in time"),
        (10.0, State.MET, "deadline.met", "Visit done in time"),
        (11.5, State.MET_LATE, "deadline.met_late", "Visit done 1 h 30 min late"),
    ],
)
def test_met_in_time_or_late(
    at: datetime, people: People, after: float, state: str, verb: str, words: str
) -> None:
    """Late is late even where no sweep has seen the breach yet."""
    place, row = duty(started_at=at)
    services.meet(kind=KIND, subject=place, actor=people("officer"), at=at + hours(after))
    row.refresh_from_db()
    assert (row.state, row.settled_at, row.look_at) == (state, at + hours(after), None)
    event = AuditEvent.objects.latest("pk")
    assert (event.verb, event.headline, event.is_grave) == (verb, words, after > 10)


def test_settling_what_is_not_open_does_nothing(at: datetime, people: People) -> None:
    actor, place = people("officer"), subject()
    assert services.meet(kind=KIND, subject=place, actor=actor, at=at) is None
    assert services.assign(kind=KIND, subject=place, owner=None, actor=actor, at=at) is None
    assert services.resume(kind=KIND, subject=place, actor=actor, at=at) is None
    assert (
        services.cancel(kind=KIND, subject=place, actor=actor, at=at, reason="moved away") is None
    )
    assert verbs() == []


def test_cancelling_keeps_the_reason_and_wants_one(at: datetime, people: People) -> None:
    place, row = duty(started_at=at)
    with pytest.raises(InvalidInput) as refusal:
        services.cancel(kind=KIND, subject=place, actor=people("officer"), at=at, reason="  ")
    assert refusal.value.field == "reason"
    services.cancel(kind=KIND, subject=place, actor=people("officer"), at=at, reason="Moved away")
    row.refresh_from_db()
    assert row.state == State.CANCELLED
    assert AuditEvent.objects.latest("pk").detail["reason"] == "Moved away"


def test_assigning_follows_who_has_it(at: datetime, people: People) -> None:
    place, row = duty(started_at=at)
    services.assign(
        kind=KIND, subject=place, owner=None, team=team("maru"), actor=people("officer"), at=at
    )
    row.refresh_from_db()
    assert (row.owner, row.team) == (None, team("maru"))


def test_a_date_that_moves_ahead_undoes_the_breach(at: datetime, people: People) -> None:
    place, row = duty(started_at=at)
    Deadline.objects.filter(pk=row.pk).update(state=State.BREACHED, steps_taken=3)
    now = at + hours(11)
    services.reschedule(
        kind=KIND, subject=place, started_at=at + hours(5), actor=people("officer"), at=now
    )
    row.refresh_from_db()
    assert (row.state, row.due_at, row.round) == (State.RUNNING, at + hours(15), 2)
    assert (row.steps_taken, row.look_at) == (0, at + hours(10))
    event = AuditEvent.objects.latest("pk")
    assert event.headline == "Visit now due 24 Nov 2026, 01:00, not 23 Nov 2026, 20:00"


def test_a_breached_date_that_moves_but_stays_past_stays_breached(
    at: datetime, people: People
) -> None:
    place, row = duty(started_at=at)
    Deadline.objects.filter(pk=row.pk).update(state=State.BREACHED)
    services.reschedule(
        kind=KIND,
        subject=place,
        started_at=at + hours(1),
        actor=people("officer"),
        at=at + hours(12),
    )
    row.refresh_from_db()
    assert (row.state, row.round) == (State.BREACHED, 2)


def test_the_same_date_again_changes_nothing(at: datetime, people: People) -> None:
    place, row = duty(started_at=at)
    services.reschedule(
        kind=KIND, subject=place, started_at=at, actor=people("officer"), at=at + hours(1)
    )
    row.refresh_from_db()
    assert row.round == 1
    assert verbs() == ["deadline.started"]


def test_a_pause_moves_what_lies_ahead(at: datetime, people: People) -> None:
    place, row = duty(started_at=at, kind=PAUSABLE)
    Deadline.objects.filter(pk=row.pk).update(steps_taken=1)
    actor = people("officer")
    services.pause(
        kind=PAUSABLE, subject=place, actor=actor, at=at + hours(6), reason="Awaiting the bank"
    )
    row.refresh_from_db()
    assert (row.paused_at, row.look_at) == (at + hours(6), None)
    services.resume(kind=PAUSABLE, subject=place, actor=actor, at=at + hours(8))
    row.refresh_from_db()
    assert row.step_times == [at + hours(part) for part in (5, 10, 12, 16, 36)]
    assert (row.due_at, row.look_at) == (at + hours(12), at + hours(10))
    assert row.basis.endswith("(force policy) and 2 h 00 min of pauses")
    assert verbs() == ["deadline.started", "deadline.paused", "deadline.resumed"]


def test_done_during_a_pause_is_measured_without_it(at: datetime, people: People) -> None:
    place, row = duty(started_at=at, kind=PAUSABLE)
    actor = people("officer")
    services.pause(kind=PAUSABLE, subject=place, actor=actor, at=at + hours(6), reason="why")
    assert not Deadline.objects.overdue(at + hours(11)).exists()
    services.meet(kind=PAUSABLE, subject=place, actor=actor, at=at + hours(20))
    row.refresh_from_db()
    assert (row.state, row.due_at, row.paused_at) == (State.MET, at + hours(24), None)
    assert row.basis.endswith("and 14 h 00 min of pauses")


@pytest.mark.parametrize(
    ("kind", "after", "words"),
    [
        (KIND, 1, "cannot be paused"),
        (PAUSABLE, 10, "time is over"),
    ],
)
def test_pauses_that_are_refused(
    at: datetime, people: People, kind: str, after: float, words: str
) -> None:
    place, row = duty(started_at=at, kind=kind)
    with pytest.raises(DomainError, match=words):
        services.pause(
            kind=kind, subject=place, actor=people("officer"), at=at + hours(after), reason="why"
        )
    row.refresh_from_db()
    assert row.paused_at is None


def test_pausing_twice_and_resuming_what_runs_are_refused(at: datetime, people: People) -> None:
    place, _ = duty(started_at=at, kind=PAUSABLE)
    actor = people("officer")
    with pytest.raises(DomainError, match="running already"):
        services.resume(kind=PAUSABLE, subject=place, actor=actor, at=at)
    services.pause(kind=PAUSABLE, subject=place, actor=actor, at=at, reason="why")
    with pytest.raises(DomainError, match="still already"):
        services.pause(kind=PAUSABLE, subject=place, actor=actor, at=at, reason="why")


def test_kinds_and_subjects_that_do_not_exist_are_mistakes_of_the_program(
    at: datetime, people: People
) -> None:
    with pytest.raises(LookupError, match="no app declares"):
        duty(started_at=at, kind="unheard-of")
    with pytest.raises(ValueError, match=r"owed for accounts\.area"):
        services.meet(kind=KIND, subject=people("officer"), actor=people("officer"), at=at)


def test_telling_people_without_a_deadline(at: datetime, people: People) -> None:
    gone = people("officer_b")
    gone.is_active = False
    services.notify(
        users=[people("officer"), people("officer"), gone, User.objects.system()],
        level=Notification.Level.INFORMATION,
        headline="Assessment accepted",
        reference="RA-2026-000001",
        path="/assessments/RA-2026-000001/",
        victim_id=None,
        at=at,
    )
    assert [row.user for row in Notification.objects.all()] == [people("officer")]


def test_only_ones_own_notifications_are_marked_seen(at: datetime) -> None:
    for name in ("officer", "officer_b"):
        services.notify(
            users=[person(name)],
            level="information",
            headline="Told",
            reference="X",
            path="/waiting/",
            victim_id=None,
            at=at,
        )
    everything = list(Notification.objects.values_list("pk", flat=True))
    assert services.mark_seen(user=person("officer"), notification_ids=everything, at=at) == 1
    assert Notification.objects.unseen().get().user == person("officer_b")


def test_the_clock_change_is_no_gift(people: People) -> None:
    """Ten hours over the end of summer time are ten real hours."""
    before = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
    _, row = duty(started_at=before)
    assert row.due_at == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
