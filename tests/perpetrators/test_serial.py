"""Serial perpetrators: found at once and by night, under several spellings, ended again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from audit.models import AuditEvent
from config.celery import app
from core import events, policy
from core.errors import DomainError, InvalidInput
from deadlines.models import Deadline
from perpetrators.deadlines.management import PLAN_DUE
from perpetrators.events import SerialPerpetratorRecognised
from perpetrators.models import SerialRecognition
from perpetrators.services import serial
from perpetrators.services.serial.counting import count
from perpetrators.tasks import find_serial
from tests.factories.incidents import DARREN, NOW, in_call, incident
from tests.factories.serial import (
    ANGELA,
    JANE,
    PRIYA,
    accused,
    complained_of,
    harmed,
    serial_darren,
    woman,
)
from tests.marks import committed
from tests.personas import person
from victims.models import Person

pytestmark = pytest.mark.django_db

DAREN = {**DARREN, "given_name": "Daren", "family_name": "Pyke"}
YEAR = timedelta(days=365)


def system() -> User:
    return User.objects.system()


def find(at: datetime = NOW, **more: Any) -> serial.Passed:
    return serial.find_all(at=at, actor=system(), **more)


def standing() -> list[tuple[int, int]]:
    rows = SerialRecognition.objects.listed().order_by("person")
    return list(rows.values_list("person", "victim_count"))


def plan_due() -> Deadline:
    return Deadline.objects.open().get(kind=PLAN_DUE)


# --- At once --------------------------------------------------------------------------------------


def test_the_second_victim_is_found_as_soon_as_the_call_is_logged(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        darren = accused(complained_of(JANE, at=NOW - YEAR))
    assert not SerialRecognition.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        second = complained_of(PRIYA, darren.pk)
    row = SerialRecognition.objects.get()
    assert (row.person, row.victim_count, row.first_found_at) == (darren, 2, NOW)
    assert row.basis == "2 unconnected victims since 23 Nov 2025 (force policy: 2 in 3 years)"
    assert harmed(second) in row.victims.all() and row.victims.count() == 2
    said = AuditEvent.objects.get(verb="serial.recognised")
    assert (said.subject, said.victim_id, said.is_grave) == (darren.reference, None, True)


def test_somebody_under_another_spelling_is_told_together_and_never_merged() -> None:
    first = accused(complained_of(JANE))
    second = accused(complained_of(PRIYA, DAREN))
    find()
    assert first != second
    assert standing() == [(first.pk, 2)]
    rows = {row.person_id: row for row in SerialRecognition.objects.all()}
    assert rows[second.pk].told_with_id == rows[first.pk].pk
    why = "Darren Pike sounds like Daren Pyke, same birth date"
    assert rows[first.pk].alike == [[second.reference, why]]
    assert Deadline.objects.filter(kind=PLAN_DUE).count() == 1


def test_an_ordinary_call_costs_few_reads_after_it(
    django_assert_num_queries: Any, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        complained_of(JANE)
    [later] = callbacks
    policy.at(NOW)
    with django_assert_num_queries(6):
        later()


def test_what_fails_after_the_commit_fails_no_call(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("the count is broken")

    monkeypatch.setattr("perpetrators.services.serial.looking.count", broken)
    with django_capture_on_commit_callbacks(execute=True):
        complained_of(JANE)


# --- What counts ----------------------------------------------------------------------------------


def test_two_victims_of_one_incident_are_no_serial_perpetrator() -> None:
    people = (
        in_call("victim", **JANE),
        in_call("victim", **PRIYA),
        in_call("perpetrator", **DARREN),
    )
    row = incident(people=people)
    find()
    assert standing() == []
    assert count([accused(row).pk], at=NOW, rules=policy.at(NOW))[accused(row).pk].count == 1


def test_a_mother_and_her_son_of_one_home_are_one() -> None:
    home: dict[str, Any] = {"address_line": "9 Mill Lane", "postcode": "PE1 9ZZ"}
    darren = accused(complained_of(JANE, at=NOW - timedelta(days=30), **home))
    complained_of(woman("Joe", "Marlow"), darren.pk, **home)
    find()
    assert standing() == []


def test_one_victim_under_two_spellings_is_one() -> None:
    born = date(1990, 5, 5)
    darren = accused(complained_of(woman("Siobhan", "O'Neill", date_of_birth=born)))
    complained_of(woman("Shevaun", "Oneil", date_of_birth=born), darren.pk)
    find()
    assert standing() == []


def test_nobody_is_their_own_victim() -> None:
    darren = accused(complained_of(JANE))
    complained_of(DAREN, darren.pk)
    find()
    assert standing() == []


def test_what_is_older_than_the_policys_years_does_not_count() -> None:
    darren = accused(complained_of(JANE, at=NOW - 3 * YEAR - timedelta(days=3)))
    complained_of(PRIYA, darren.pk)
    find()
    assert standing() == []


def test_the_number_and_the_years_are_the_policys() -> None:
    darren = serial_darren()
    policy.change(
        actor=person("head"),
        changes={"serial_victims": 3},
        effective_from=NOW,
        reason="Pilot",
        at=NOW,
    )
    find()
    assert standing() == []
    complained_of(ANGELA, darren.pk)
    find()
    assert standing() == [(darren.pk, 3)]


# --- By night -------------------------------------------------------------------------------------


def test_the_pass_finds_tells_and_owes_a_plan_once(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = person("investigator")
    assert lead.team is not None
    lead.team.supervisor = lead
    lead.team.save()
    darren = serial_darren()
    announced: list[object] = []
    monkeypatch.setattr(events, "announce", announced.append)
    assert find() == serial.Passed(looked_at=1, found=1, ended=0)
    [event] = announced
    assert isinstance(event, SerialPerpetratorRecognised)
    assert (event.person_id, len(event.victim_ids)) == (darren.pk, 2)
    due = plan_due()
    assert (due.owner, due.team, due.subject_reference) == (lead, lead.team, darren.reference)
    assert due.due_at == NOW + timedelta(hours=72)
    later = NOW + timedelta(days=1)
    assert find(later) == serial.Passed(looked_at=1, found=0, ended=0)
    assert len(announced) == 1 and plan_due() == due
    assert SerialRecognition.objects.get().looked_at == later


def test_a_further_victim_changes_the_count_and_is_in_the_audit() -> None:
    darren = serial_darren()
    find()
    complained_of(ANGELA, darren.pk)
    assert find().found == 0
    assert standing() == [(darren.pk, 3)]
    assert AuditEvent.objects.get(verb="serial.counted").headline.endswith("before, 2")


def test_it_ends_when_the_years_have_gone_by_and_begins_again() -> None:
    darren = serial_darren()
    find()
    later = NOW + 2 * YEAR + timedelta(days=5)
    assert find(later).ended == 1
    assert standing() == []
    row = SerialRecognition.objects.get()
    assert (row.ended_at, row.victim_count) == (later, 1)
    assert Deadline.objects.get(kind=PLAN_DUE).state == "cancelled"
    assert find(later + timedelta(days=1)) == serial.Passed(looked_at=1, found=0, ended=0)
    complained_of(ANGELA, darren.pk, at=later)
    assert find(later + timedelta(days=2)).found == 1
    row.refresh_from_db()
    assert (row.ended_at, row.victim_count, row.first_found_at) == (None, 2, NOW)
    assert plan_due().subject_id == row.pk


def test_set_apart_ends_it_at_once_and_taken_back_it_stands_again() -> None:
    first = accused(complained_of(JANE))
    second = accused(complained_of(PRIYA, DAREN))
    find()
    said: dict[str, Any] = {
        "person_id": second.pk,
        "other_id": first.pk,
        "actor": person("investigator"),
    }
    serial.say_not_the_same(**said, words="Two men of the same name.", at=NOW)
    assert standing() == []
    find()
    assert standing() == []
    serial.take_back(**said, words="One man after all.", at=NOW)
    assert standing() == [(first.pk, 2)]
    assert AuditEvent.objects.filter(verb="serial.set_apart").count() == 2


def test_who_may_set_apart_and_with_what() -> None:
    first, second = accused(complained_of(JANE)), accused(complained_of(PRIYA, DAREN))
    pair: dict[str, Any] = {"person_id": first.pk, "other_id": second.pk, "at": NOW}
    with pytest.raises(PermissionDenied):
        serial.say_not_the_same(**pair, words="x", actor=person("handler"))
    with pytest.raises(InvalidInput):
        serial.say_not_the_same(**pair, words=" ", actor=person("worker"))
    with pytest.raises(DomainError):
        serial.take_back(**pair, words="x", actor=person("worker"))


def test_a_pass_in_parts_is_the_same_and_asks_no_more_for_more_people(
    django_assert_max_num_queries: Any,
) -> None:
    serial_darren()
    with django_assert_max_num_queries(60) as few:
        find()
    for n in range(4):
        one = accused(
            complained_of(
                woman("Ann", f"Other{n}"), {"given_name": "Lee", "family_name": f"Marsh{n}"}
            )
        )
        complained_of(woman("Bea", f"Another{n}"), one.pk)
    SerialRecognition.victims.through.objects.all().delete()
    Deadline.objects.filter(kind=PLAN_DUE).delete()
    SerialRecognition.objects.all().delete()
    with django_assert_max_num_queries(len(few)):
        assert find().found == 5
    before = standing()
    assert find(NOW + timedelta(days=1), batch=1).looked_at == 5
    assert standing() == before


def test_the_command_and_the_nightly_task(capsys: pytest.CaptureFixture[str]) -> None:
    serial_darren()
    call_command("find_serial")
    assert capsys.readouterr().out == "1 people looked at: 1 recognised, 0 no longer.\n"
    find_serial()
    assert len(standing()) == 1
    assert "perpetrators.tasks.find_serial" in {
        entry["task"] for entry in app.conf.beat_schedule.values()
    }


# --- Properties and races -------------------------------------------------------------------------


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2)), min_size=1, max_size=5))
def test_a_further_incident_never_lowers_a_count(told: list[tuple[int, int]]) -> None:
    victims = [JANE, PRIYA, ANGELA, woman("Jayne", "Marlowe")]
    spellings = [DARREN, DAREN, {**DARREN, "given_name": "Pike", "family_name": "Darren"}]
    rules, before = policy.at(NOW), dict[int, int]()
    for n, (who, spelling) in enumerate(told):
        complained_of(victims[who], spellings[spelling], at=NOW + timedelta(days=n))
        people = set(
            Person.objects.filter(involvements__role="perpetrator").values_list("pk", flat=True)
        )
        counted = count(people, at=NOW + timedelta(days=n), rules=rules)
        now = {pk: one.count for pk, one in counted.items()}
        assert all(now[pk] >= was for pk, was in before.items())
        before = now


@committed
def test_of_two_incidents_at_once_one_finds_the_second_victim() -> None:
    darren = accused(complained_of(JANE, at=NOW - YEAR))
    person("handler")
    start = Barrier(2)

    def logging(victim: dict[str, Any]) -> None:
        try:
            start.wait()
            complained_of(victim, darren.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(logging, PRIYA), pool.submit(logging, ANGELA)]:
            done.result()
    assert standing() == [(darren.pk, 3)]
    assert Deadline.objects.open().filter(kind=PLAN_DUE).count() == 1
    assert AuditEvent.objects.filter(verb="serial.recognised").count() == 1


@committed
def test_of_two_incidents_at_once_that_both_record_him_anew() -> None:
    person("handler")
    start = Barrier(2)

    def logging(victim: dict[str, Any], by: dict[str, Any]) -> None:
        try:
            start.wait()
            complained_of(victim, by)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(logging, PRIYA, DARREN), pool.submit(logging, JANE, DAREN)]:
            done.result()
    assert [number for _, number in standing()] == [2]
    assert SerialRecognition.objects.standing().count() == 2
