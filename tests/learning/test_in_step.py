"""Assignments and deadlines follow who is asked, whenever and however often it is looked at."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import Role
from deadlines.models import Deadline, Escalation, Notification
from deadlines.sweep import sweep
from learning import owed, services
from learning.due import end_of, last_day
from learning.models import Assignment, Notice
from tests.factories.learning import answered, published
from tests.personas import PEOPLE, person, team

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def notice(people: Callable[[str], User], at: datetime) -> Notice:
    for username in PEOPLE:
        people(username)
    return published(at)


def step(at: datetime) -> int:
    return services.keep_in_step(actor=User.objects.system(), at=at)


def deadline_of(username: str) -> Deadline:
    return Deadline.objects.filter(kind="learning", owner__username=username).latest("pk")


def test_everybody_asked_is_watched_once(notice: Notice, at: datetime) -> None:
    assert step(at) == 4
    assert step(at) == step(at + DAY) == 0
    rows = Deadline.objects.filter(kind="learning")
    assert {row.owner.username for row in rows if row.owner} == {
        "handler",
        "handler_b",
        "officer",
        "officer_b",
    }
    assert notice.pass_by is not None
    assert {row.due_at for row in rows} == {end_of(notice.pass_by)}
    assert {row.subject_reference for row in rows} == {notice.reference}
    assert Deadline.objects.waiting_for(person("officer"), at).count() == 1


def test_a_newcomer_is_asked_and_has_as_long_as_anybody(notice: Notice, at: datetime) -> None:
    step(at)
    later = at + 30 * DAY
    newcomer = person("worker")
    newcomer.groups.set([Group.objects.get(name=Role.CALL_HANDLER)])
    row = owed.of_user_and_notice(newcomer.pk, notice.pk, later)
    assert row is not None and not row.is_overdue(later)
    assert step(later) == 2  # asked, and watched
    assert deadline_of("worker").due_at == end_of(last_day(later, 14))
    assert Notification.objects.filter(user=newcomer, reference=notice.reference).count() == 1
    assert step(later) == 0


@pytest.mark.parametrize("how", ["leaves", "other role", "withdrawn"])
def test_who_is_not_asked_any_more_is_let_go(how: str, notice: Notice, at: datetime) -> None:
    step(at)
    officer = person("officer")
    if how == "leaves":
        User.objects.filter(pk=officer.pk).update(is_active=False)
    elif how == "other role":
        officer.groups.set([Group.objects.get(name=Role.ANALYST)])
    else:
        services.withdraw(notice_id=notice.pk, words="Mistaken.", actor=person("head"), at=at)
    assert owed.of_user(officer.pk, at + DAY) == []
    assert step(at + DAY) == (4 if how == "withdrawn" else 1)
    assert deadline_of("officer").state == "cancelled"
    assert Assignment.objects.get(user=officer).ended_at == at + DAY
    assert step(at + DAY) == 0


def test_who_comes_back_is_asked_again(notice: Notice, at: datetime) -> None:
    step(at)
    officer = User.objects.filter(pk=person("officer").pk)
    officer.update(is_active=False)
    step(at + DAY)
    officer.update(is_active=True)
    assert step(at + 40 * DAY) == 2
    again = deadline_of("officer")
    assert (again.state, again.due_at) == ("running", end_of(last_day(at + 40 * DAY, 14)))
    assert Assignment.objects.get(user=officer.get()).ended_at is None


def test_who_passed_is_left_in_peace(notice: Notice, at: datetime) -> None:
    answered(notice, "officer", at)
    assert step(at) == 3
    assert not Deadline.objects.filter(owner=person("officer")).exists()


def test_passed_while_the_watch_began(notice: Notice, at: datetime) -> None:
    """The attempt committed between the look and the start of the deadline."""
    step(at)
    Deadline.objects.filter(owner=person("officer")).update(
        state="met", settled_at=at, look_at=None
    )
    answered(notice, "officer", at + DAY)
    Deadline.objects.filter(owner=person("officer")).update(
        state="running", settled_at=None, look_at=at + 2 * DAY
    )
    assert step(at + 3 * DAY) == 1
    row = deadline_of("officer")
    assert (row.state, row.settled_at) == ("met", at + DAY)


def test_another_team_hears_of_who_moved(notice: Notice, at: datetime) -> None:
    step(at)
    User.objects.filter(pk=person("officer").pk).update(team=team("maru"))
    assert step(at + DAY) == 1
    assert deadline_of("officer").team == team("maru")


def test_after_the_deadlines_were_lost_they_are_watched_again(notice: Notice, at: datetime) -> None:
    step(at)
    Deadline.objects.filter(kind="learning").delete()
    assert step(at + DAY) == 4


def test_the_person_hears_then_their_supervisor(notice: Notice, at: datetime) -> None:
    step(at)
    assert notice.pass_by is not None
    over = end_of(notice.pass_by)
    Notification.objects.all().delete()
    sweep(at=over + timedelta(seconds=1))

    def told() -> list[str]:
        late = Notification.objects.filter(level="breach")
        return sorted(late.values_list("user__username", flat=True))

    asked = ["handler", "handler_b", "officer", "officer_b"]
    assert told() == asked
    sweep(at=over + timedelta(hours=5))
    assert told() == sorted([*asked, *["inspector", "supervisor"] * 2])
    count = len(told())
    sweep(at=over + 30 * DAY)
    assert len(told()) == count
    assert not Escalation.objects.filter(deadline__victim__isnull=False).exists()


def test_the_sweep_tells_nobody_of_what_was_withdrawn(notice: Notice, at: datetime) -> None:
    step(at)
    services.withdraw(notice_id=notice.pk, words="Mistaken.", actor=person("head"), at=at)
    Notification.objects.all().delete()
    sweep(at=at + 60 * DAY)
    assert not Notification.objects.exists()
