"""Who may have a step of a plan, and a plan written just while its duty passes."""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction
from django.test import Client
from guardian.shortcuts import assign_perm

from accounts.models import User
from core.errors import InvalidInput
from deadlines.models import Deadline
from tests.factories import victims as make
from tests.marks import committed
from tests.personas import person
from victims import services
from victims.models import PlanStep, SafetyPlan, Victim
from victims.services import Step

People = Callable[[str], User]
with_database = pytest.mark.django_db


def held() -> Victim:
    """A victim whose every duty the officer has."""
    row, officer = make.victim(grade="medium"), person("officer")
    services.set_responsible(victim_id=row.pk, person=officer, actor=officer, at=make.AT)
    row.refresh_from_db()
    return row


def write(victim: Victim, *steps: Step, by: str = "officer") -> SafetyPlan:
    return services.write_plan(
        victim_id=victim.pk,
        steps=steps,
        reason="First plan",
        version=0,
        actor=person(by),
        at=make.AT,
    )


@with_database
@pytest.mark.parametrize("outsider", ["idva", "agency", "nobody", "administrator"])
def test_a_step_is_for_nobody_who_may_not_see_the_victim(people: People, outsider: str) -> None:
    """What is due from somebody is told to them, with the victim's reference."""
    victim = held()
    step = Step("Ring her", owner=people(outsider), due_on=date(2026, 11, 30))
    with pytest.raises(InvalidInput) as refused:
        write(victim, Step("Locks changed", owner_words="Housing"), step)
    assert refused.value.field == "steps.1.owner"
    assert not PlanStep.objects.exists()
    assert not Deadline.objects.filter(kind="plan_step").exists()


@with_database
def test_a_step_may_be_for_the_adviser_who_was_granted_the_victim(people: People) -> None:
    victim, idva = held(), people("idva")
    assign_perm("victims.view_victim", idva, victim)
    write(victim, Step("Ring her", owner=idva))
    assert PlanStep.objects.get().owner == idva


@with_database
def test_the_api_gives_no_step_to_an_outsider(people: People, client: Client) -> None:
    victim = held()
    people("agency")
    client.force_login(people("officer"), backend="accounts.backends.RoleBackend")
    body = {
        "reason": "First plan",
        "steps": [{"words": "Ring her", "owner": "agency"}],
        "version": 0,
    }
    answered = client.post(
        f"/api/v1/victims/{victim.reference}/plan/",
        json.dumps(body),
        content_type="application/json",
    )
    assert answered.status_code == 400
    assert list(answered.json()["errors"]) == ["steps.0.owner"]


@with_database
def test_the_page_offers_an_adviser_none_of_their_colleagues_who_see_nothing(
    people: People, client: Client
) -> None:
    victim = held()
    assign_perm("victims.view_victim", people("idva"), victim)
    people("idva_b")
    client.force_login(people("idva"), backend="accounts.backends.RoleBackend")
    page = client.get(f"/victims/{victim.reference}/plan/write/").content.decode()
    assert 'value="idva"' in page
    assert 'value="officer"' in page
    assert 'value="idva_b"' not in page


@with_database
def test_pressed_twice_a_step_of_several_lines_is_written_once(people: People) -> None:
    """A browser sends lines as it likes: what was written is told by what stands on record."""
    victim = held()
    steps = [Step("Locks changed:\r\nfront and back ", owner_words=" Housing")]
    first = write(victim, *steps)
    assert write(victim, *steps) == first
    assert SafetyPlan.objects.count() == 1


@committed
def test_a_plan_waits_for_a_duty_that_is_just_passing_to_another_team(people: People) -> None:
    """Whoever has the plan then has its clocks, and the victim is not lost from sight."""
    victim, worker = held(), people("worker")
    passing, asking = threading.Event(), threading.Event()

    def claim() -> None:
        with transaction.atomic():
            services.set_responsible(victim_id=victim.pk, person=worker, actor=worker, at=make.AT)
            passing.set()
            asking.wait(10)
            time.sleep(0.5)
        connection.close()

    def agree() -> SafetyPlan:
        passing.wait(10)
        asking.set()
        try:
            return write(victim, Step("Locks", owner_words="Housing", due_on=date(2026, 11, 30)))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        claimed, written = pool.submit(claim), pool.submit(agree)
        claimed.result()
        assert written.result().version == 1
    clock = Deadline.objects.get(kind="plan_step")
    assert (clock.owner, clock.team) == (worker, worker.team)
