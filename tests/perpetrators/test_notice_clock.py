"""How long a protection notice may wait for a superintendent, and who is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core import policy
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.deadlines.orders import undecided
from perpetrators.models import ProtectionNotice
from perpetrators.services import orders
from tests.factories.orders import HOUR, MINUTE, asked, second_superintendent, served
from tests.personas import person

People = Callable[[str], User]
pytestmark = pytest.mark.django_db


def clock() -> Deadline:
    return Deadline.objects.get(kind="notice_decision")


def decide(notice: ProtectionNotice, at: datetime, *, authorise: bool = True) -> None:
    orders.decide_notice(
        notice_id=notice.pk,
        authorise=authorise,
        words="Proportionate.",
        actor=person("superintendent"),
        at=at,
    )


def test_the_one_superintendent_has_it(at: datetime, people: People) -> None:
    boss = people("superintendent")
    notice = asked(at)
    row = clock()
    assert (row.due_at, row.owner, row.team) == (at + 4 * HOUR, boss, boss.team)
    assert (row.subject_reference, row.victim) == (notice.reference, notice.victim)
    assert "4 hours from its asking" in row.basis
    assert undecided([notice.pk]) == {notice.pk}
    assert Deadline.objects.waiting_for(boss, at).get() == row


def test_of_two_superintendents_it_is_whose_first_decides(at: datetime, people: People) -> None:
    both = [people("superintendent"), second_superintendent()]
    asked(at)
    assert (clock().owner, clock().team) == (None, both[0].team)
    assert Notification.objects.filter(user__in=both).count() == 2


def test_without_any_superintendent_it_still_runs(at: datetime, people: People) -> None:
    asked(at)
    assert (clock().owner, clock().team) == (None, people("officer").team)


@pytest.mark.parametrize("authorise", [True, False])
@pytest.mark.parametrize(("after", "state"), [(4 * HOUR, "met"), (4 * HOUR + MINUTE, "met_late")])
def test_either_decision_meets_it(
    at: datetime, people: People, authorise: bool, after: timedelta, state: str
) -> None:
    people("superintendent")
    decide(asked(at), at + after, authorise=authorise)
    assert clock().state == state


def test_withdrawn_there_is_nothing_to_decide(at: datetime, people: People) -> None:
    notice = asked(at)
    orders.withdraw_notice(
        notice_id=notice.pk, words="She left.", actor=people("officer"), at=at + HOUR
    )
    assert clock().state == "cancelled"
    assert undecided([notice.pk]) == set()


def test_every_superintendent_is_told_when_the_time_is_over(at: datetime, people: People) -> None:
    both = {people("superintendent"), second_superintendent()}
    head, analyst = people("head"), people("analyst")
    asked(at)
    Notification.objects.all().delete()
    sweep(at=at + 4 * HOUR)
    told = Notification.objects.filter(deadline__kind="notice_decision")
    assert {row.user for row in told} == both
    sweep(at=at + 8 * HOUR)
    assert told.filter(user=head).exists()
    assert not told.filter(user=analyst).exists()


def test_the_force_sets_the_hours(at: datetime, people: People) -> None:
    changes = {"notice_decision_hours": 2}
    policy.change(actor=people("head"), changes=changes, effective_from=at, reason="Nights", at=at)
    asked(at + HOUR)
    assert clock().due_at == at + 3 * HOUR


def test_the_courts_clock_is_another(at: datetime, people: People) -> None:
    people("superintendent")
    served(at)
    rows = Deadline.objects.filter(kind__startswith="notice_").order_by("pk")
    assert [(row.kind, row.state) for row in rows] == [
        ("notice_decision", "met"),
        ("notice_to_court", "running"),
    ]
