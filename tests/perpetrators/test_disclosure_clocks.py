"""The clocks of the disclosure scheme: first check, the whole, and the visit."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accounts.models import User
from core import policy
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.deadlines.disclosure import unchecked, unfinished, unvisited
from perpetrators.models import DisclosureApplication
from perpetrators.services import disclosure
from tests.factories.disclosure import checked, decided, recorded, visited
from tests.factories.orders import HOUR, MINUTE
from tests.personas import person

People = Callable[[str], User]
DAY = timedelta(days=1)
pytestmark = pytest.mark.django_db


def states() -> dict[str, str]:
    rows = Deadline.objects.filter(kind__startswith="disclosure")
    return dict(rows.values_list("kind", "state"))


def due(kind: str) -> datetime:
    return Deadline.objects.get(kind=kind).due_at


def visit(row: DisclosureApplication, visited_at: datetime, at: datetime) -> None:
    disclosure.record_visit(
        application_id=row.pk,
        told="in_danger",
        visited_at=visited_at,
        words="Told of two convictions.",
        actor=person("worker"),
        at=at,
    )


def test_both_run_from_when_it_came_in(at: datetime, people: People) -> None:
    row = recorded(at, received_at=at - HOUR)
    assert due("disclosure_check") == at + 23 * HOUR
    assert due("disclosure") == at - HOUR + 28 * DAY
    for clock in Deadline.objects.filter(kind__startswith="disclosure"):
        assert (clock.owner, clock.victim) == (people("worker"), row.victim)
        assert clock.subject_reference == row.reference
        assert "Pike" not in clock.basis


@pytest.mark.parametrize(("after", "state"), [(24 * HOUR, "met"), (24 * HOUR + MINUTE, "met_late")])
def test_the_check_is_within_24_hours(at: datetime, after: timedelta, state: str) -> None:
    row = recorded(at)
    disclosure.check_application(
        application_id=row.pk,
        immediate_risk=False,
        words="Nothing recent.",
        actor=person("worker"),
        at=at + after,
    )
    assert states() == {"disclosure_check": state, "disclosure": "running"}
    assert due("disclosure") == at + 28 * DAY


@pytest.mark.parametrize(
    ("checked_after", "due_after"),
    [
        # Decided and told within 24 hours of the check.
        (HOUR, 25 * HOUR),
        (20 * DAY, 21 * DAY),
        # Never later than it was due before.
        (27 * DAY + 12 * HOUR, 28 * DAY),
    ],
)
def test_an_immediate_risk_cuts_the_time(
    at: datetime, checked_after: timedelta, due_after: timedelta
) -> None:
    row = recorded(at)
    instant = at + checked_after
    disclosure.check_application(
        application_id=row.pk,
        immediate_risk=True,
        words="He has her keys.",
        actor=person("worker"),
        at=instant,
    )
    assert due("disclosure") == at + due_after
    disclosure.decide_application(
        application_id=row.pk,
        outcome="disclose",
        words="Necessary.",
        actor=person("manager"),
        at=instant + MINUTE,
    )
    assert due("disclosure_visit") == at + due_after


def test_the_basis_says_why_it_was_cut(at: datetime) -> None:
    checked(at, immediate_risk=True)
    basis = Deadline.objects.get(kind="disclosure").basis
    assert basis.startswith("24 hours from the first check, which found immediate risk")


@pytest.mark.parametrize("outcome", ["nothing", "refused"])
def test_without_disclosure_the_decision_ends_it(at: datetime, outcome: str) -> None:
    row = decided(at, outcome=outcome)
    assert states() == {"disclosure_check": "met", "disclosure": "met"}
    assert unfinished([row.pk]) == set()


def test_to_disclose_starts_the_visits_clock(at: datetime, people: People) -> None:
    row = decided(at)
    clock = Deadline.objects.get(kind="disclosure_visit")
    assert (clock.due_at, clock.owner) == (at + 28 * DAY, people("worker"))
    assert unvisited([row.pk]) == unfinished([row.pk]) == {row.pk}
    assert unchecked([row.pk]) == set()


def test_what_counts_is_when_somebody_was_told(at: datetime) -> None:
    row = decided(at)
    visit(row, at + 28 * DAY, at + 40 * DAY)
    assert states()["disclosure_visit"] == "met"
    assert states()["disclosure"] == "met"


def test_told_too_late_is_late(at: datetime) -> None:
    visit(decided(at), at + 28 * DAY + MINUTE, at + 29 * DAY)
    assert states()["disclosure_visit"] == "met_late"


def test_withdrawn_the_clocks_fall_away(at: datetime, people: People) -> None:
    row = decided(at)
    disclosure.withdraw_application(
        application_id=row.pk, words="She left him.", actor=people("worker"), at=at
    )
    assert states() == {
        "disclosure_check": "met",
        "disclosure": "cancelled",
        "disclosure_visit": "cancelled",
    }


def test_the_clocks_go_with_whoever_takes_it(at: datetime, people: People) -> None:
    row, other = decided(at), people("worker_b")
    disclosure.take_application(application_id=row.pk, actor=other, at=at)
    open_ones = Deadline.objects.open().filter(kind__startswith="disclosure")
    assert {clock.owner for clock in open_ones} == {other}
    assert open_ones.count() == 2


def test_the_ladder_is_owner_and_leader_then_manager_then_head(
    at: datetime, people: People
) -> None:
    manager, head = people("manager"), people("head")
    recorded(at)
    Notification.objects.all().delete()
    told = Notification.objects.filter(deadline__kind="disclosure_check")
    sweep(at=at + 24 * HOUR)
    assert {one.user for one in told} == {people("worker"), manager}
    sweep(at=at + 48 * HOUR)
    assert told.filter(user=head).exists()


def test_the_force_sets_both(at: datetime, people: People) -> None:
    changes = {"disclosure_check_hours": 12, "disclosure_days": 35}
    policy.change(actor=people("head"), changes=changes, effective_from=at, reason="New", at=at)
    recorded(at + HOUR)
    assert due("disclosure_check") == at + 13 * HOUR
    assert due("disclosure") == at + HOUR + 35 * DAY


def test_the_whole_way_in_time(at: datetime) -> None:
    visited(at)
    assert set(states().values()) == {"met"}
