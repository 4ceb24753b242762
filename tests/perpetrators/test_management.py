"""Management plans: one at a time, always with an owner, looked at again by a day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from perpetrators.deadlines.management import PLAN_DUE, REVIEW
from perpetrators.models import ManagementPlan, SerialRecognition
from perpetrators.services import serial
from perpetrators.services.management import (
    Measure,
    edit_plan,
    end_plan,
    pass_on,
    pass_on_of_leavers,
    review_plan,
    write_plan,
)
from tests.factories.incidents import DARREN, NOW
from tests.factories.management import a_plan, day, plan_for
from tests.factories.serial import JANE, PRIYA, accused, complained_of, harmed, serial_darren
from tests.marks import committed
from tests.personas import person
from victims.models import Person

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture
def darren() -> Person:
    return accused(complained_of(JANE))


def review() -> Deadline:
    return Deadline.objects.open().get(kind=REVIEW)


def verbs() -> list[str]:
    rows = AuditEvent.objects.filter(verb__startswith="management_plan.").order_by("pk")
    return [row.verb.removeprefix("management_plan.") for row in rows]


def test_a_plan_has_an_owner_and_a_day(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    owner = person("investigator")
    assert (plan.owner, plan.team, plan.is_current, plan.version) == (owner, owner.team, True, 1)
    assert plan.measures == [
        {"words": "Visit each week", "who": "PC 1904 B. Ferris", "by": "2026-11-30", "done": ""}
    ]
    # Due when the day of review is over on the wall clock.
    assert review().due_at == datetime(2026, 12, 22, 0, 0, tzinfo=UTC)
    assert (review().owner, review().subject_reference) == (owner, darren.reference)
    assert verbs() == ["written"]


def test_the_same_again_is_the_same_and_another_is_refused(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    assert plan_for(darren, NOW) == plan
    with pytest.raises(AlreadyTaken, match="Lewis has it"):
        plan_for(darren, NOW, aims="Something else.")
    assert ManagementPlan.objects.count() == 1


def test_writing_it_is_what_was_owed_for_a_serial_perpetrator() -> None:
    darren = serial_darren()
    serial.find_all(at=NOW, actor=User.objects.system())
    assert SerialRecognition.objects.unplanned().exists()
    plan_for(darren, NOW + timedelta(hours=5))
    assert Deadline.objects.get(kind=PLAN_DUE).state == "met"
    assert not SerialRecognition.objects.unplanned().exists()


def test_a_plan_for_one_spelling_is_the_plan_for_all() -> None:
    first = accused(complained_of(JANE))
    daren = {**DARREN, "given_name": "Daren"}
    second = accused(complained_of(PRIYA, daren))
    serial.find_all(at=NOW, actor=User.objects.system())
    plan_for(second, NOW)
    assert first != second
    assert Deadline.objects.get(kind=PLAN_DUE).state == "met"
    serial.find_all(at=NOW + timedelta(days=1), actor=User.objects.system())
    assert not Deadline.objects.open().filter(kind=PLAN_DUE).exists()


def test_ended_while_they_are_serial_another_is_owed() -> None:
    darren = serial_darren()
    serial.find_all(at=NOW, actor=User.objects.system())
    plan = plan_for(darren, NOW)
    later = NOW + WEEK
    ended = end_plan(
        plan_id=plan.pk, version=1, reason="In prison.", actor=person("head"), at=later
    )
    assert (ended.is_current, ended.ended_at, ended.ended_reason) == (False, later, "In prison.")
    assert not Deadline.objects.open().filter(kind=REVIEW).exists()
    owed = Deadline.objects.open().get(kind=PLAN_DUE)
    assert owed.due_at == later + timedelta(hours=72)
    end_plan(plan_id=plan.pk, version=1, reason="Again.", actor=person("head"), at=later)
    assert verbs() == ["written", "ended"]
    assert plan_for(darren, later).pk != plan.pk


def test_nothing_written_in_time_the_leader_and_then_the_head_are_told() -> None:
    serial_of = serial_darren(NOW)
    serial.find_all(at=NOW, actor=User.objects.system())
    lead, head = person("investigator"), person("head")
    Deadline.objects.filter(kind=PLAN_DUE).update(owner=lead)
    sweep(at=NOW + timedelta(hours=73))
    told = Notification.objects.filter(reference=serial_of.reference, level="breach")
    assert set(told.values_list("user", flat=True)) == {lead.pk}
    sweep(at=NOW + timedelta(hours=77))
    assert told.filter(user=head).exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"aims": " "}, "aims"),
        ({"measures": []}, "measures"),
        ({"measures": [Measure("", "x", day(NOW, 1))]}, "measures.0.words"),
        ({"measures": [Measure("x", "", day(NOW, 1))]}, "measures.0.who"),
        ({"measures": [Measure("x", "y", None)]}, "measures.0.by"),
        (
            {
                "measures": [
                    Measure("x", "y", day(NOW, 1)),
                    Measure("x", "y", day(NOW, 1), day(NOW, 1)),
                ]
            },
            "measures.1.done",
        ),
        ({"measures": [Measure("x", "y", day(NOW, 1))] * 31}, "measures"),
        ({"review_on": None}, "review_on"),
        ({"review_on": day(NOW, -1)}, "review_on"),
        ({"review_on": day(NOW, 367)}, "review_on"),
    ],
)
def test_what_a_plan_must_hold(darren: Person, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan_for(darren, NOW, **changes)
    assert refused.value.field == field
    assert not ManagementPlan.objects.exists()


def gone() -> User:
    user = person("neighbourhood")
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def without_team() -> User:
    user = person("worker")
    user.team = None
    user.save(update_fields=["team"])
    return user


@pytest.mark.parametrize("owner", [gone, without_team, lambda: person("handler")])
def test_who_cannot_own_one(darren: Person, owner: Callable[[], User]) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan_for(darren, NOW, owner=owner())
    assert refused.value.field == "owner"


def test_who_may_not_write_and_for_whom_nobody_may(darren: Person) -> None:
    owner = person("investigator")
    said: dict[str, Any] = {"plan": a_plan(NOW), "owner": owner, "at": NOW}
    with pytest.raises(PermissionDenied):
        write_plan(person_id=darren.pk, actor=person("officer"), **said)
    victim = harmed(complained_of(PRIYA))
    with pytest.raises(InvalidInput) as refused:
        write_plan(person_id=victim.person_id, actor=owner, **said)
    assert refused.value.field == "person"


def test_a_measure_done_and_another_day_of_review(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    done = [Measure("Visit each week", "PC 1904 B. Ferris", day(NOW, 7), day(NOW, 3))]
    said = a_plan(NOW, measures=done, review_on=day(NOW, 40))
    later = NOW + timedelta(days=4)
    edited = edit_plan(plan_id=plan.pk, version=1, plan=said, actor=person("worker"), at=later)
    assert (edited.version, edited.measures[0]["done"]) == (2, "2026-11-26")
    assert review().due_at == datetime(2027, 1, 3, 0, 0, tzinfo=UTC)
    again = edit_plan(plan_id=plan.pk, version=1, plan=said, actor=person("worker"), at=later)
    assert again.version == 2
    assert verbs() == ["written", "edited"]


def test_a_stale_edit_gives_both_versions(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    edit: dict[str, Any] = {"plan_id": plan.pk, "version": 1, "at": NOW, "actor": person("head")}
    edit_plan(**edit, plan=a_plan(NOW, aims="Theirs."))
    with pytest.raises(Stale) as stale:
        edit_plan(**edit, plan=a_plan(NOW, aims="Mine."))
    assert (stale.value.theirs["aims"], stale.value.yours["aims"]) == ("Theirs.", "Mine.")
    assert stale.value.version == 2


def test_looked_at_again_the_clock_runs_to_the_next_day(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    later = NOW + 3 * WEEK
    look: dict[str, Any] = {"plan_id": plan.pk, "actor": person("investigator"), "at": later}
    reviewed = review_plan(**look, version=1, words="Keeps away.", review_on=day(later, 30))
    assert (reviewed.review_on, reviewed.version) == (day(later, 30), 2)
    assert Deadline.objects.get(kind=REVIEW, state="met").settled_at == later
    assert review().due_at == datetime(2027, 1, 14, 0, 0, tzinfo=UTC)
    with pytest.raises(Stale):
        review_plan(**look, version=1, words="Again.", review_on=day(later, 60))
    with pytest.raises(InvalidInput):
        review_plan(**look, version=2, words="", review_on=day(later, 60))
    end_plan(plan_id=plan.pk, version=2, reason="Done.", actor=person("head"), at=later)
    with pytest.raises(DomainError):
        review_plan(**look, version=3, words="After.", review_on=day(later, 60))


def test_passed_on_with_its_clock_and_the_new_owner_is_told(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    heir = person("neighbourhood")
    given: dict[str, Any] = {"plan_id": plan.pk, "owner": heir, "reason": "Lives there.", "at": NOW}
    passed = pass_on(**given, version=1, actor=person("investigator"))
    assert (passed.owner, passed.team, passed.version) == (heir, heir.team, 2)
    assert (review().owner, review().team) == (heir, heir.team)
    assert Notification.objects.get(user=heir).reference == darren.reference
    pass_on(**given, version=1, actor=person("investigator"))
    assert Notification.objects.filter(user=heir).count() == 1


def test_plans_of_leavers_go_to_their_leader_else_to_the_head(darren: Person) -> None:
    plan = plan_for(darren, NOW)
    system, owner, head = User.objects.system(), person("investigator"), person("head")
    assert pass_on_of_leavers(actor=system, at=NOW) == 0
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert pass_on_of_leavers(actor=system, at=NOW) == 1
    plan.refresh_from_db()
    assert plan.owner == head
    leader = person("supervisor")
    type(plan.team).objects.filter(pk=plan.team_id).update(supervisor=leader)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert pass_on_of_leavers(actor=system, at=NOW) == 1
    plan.refresh_from_db()
    assert (plan.owner, review().owner) == (leader, leader)


@committed
def test_of_two_who_write_at_once_one_is_refused() -> None:
    darren = accused(complained_of(JANE))
    writers = [person("worker"), person("worker_b")]
    start = Barrier(2)

    def writing(who: User) -> str:
        try:
            start.wait()
            write_plan(person_id=darren.pk, plan=a_plan(NOW), owner=who, actor=who, at=NOW)
        except AlreadyTaken as refused:
            return refused.message
        finally:
            connection.close()
        return "written"

    with ThreadPoolExecutor(2) as pool:
        said = [done.result() for done in [pool.submit(writing, who) for who in writers]]
    assert "written" in said and any("has it" in words for words in said)
    assert ManagementPlan.objects.count() == 1
