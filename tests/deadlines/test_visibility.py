"""A deadline is seen where its victim is; without a victim, by its owner and team."""

from collections.abc import Callable
from datetime import datetime

import pytest
from guardian.shortcuts import assign_perm

from accounts.models import User
from audit.models import AuditEvent
from deadlines.models import Deadline
from deadlines.sweep import sweep
from tests.factories.deadlines import duty
from tests.factories.victims import victim
from tests.personas import person, team

pytestmark = pytest.mark.django_db
People = Callable[[str], User]


@pytest.fixture
def of_victim(at: datetime) -> Deadline:
    return duty(started_at=at, victim_id=victim().pk)[1]


def sees(name: str) -> set[int]:
    visible = Deadline.objects.visible_to(person(name))
    return set(visible.values_list("pk", flat=True))


@pytest.mark.parametrize("name", ["officer", "worker", "supervisor", "handler", "head"])
def test_roles_that_police(of_victim: Deadline, name: str) -> None:
    assert sees(name) == {of_victim.pk}


@pytest.mark.parametrize("name", ["idva", "idva_b", "agency", "administrator", "nobody"])
def test_outsiders(of_victim: Deadline, name: str) -> None:
    assert sees(name) == set()


def test_a_grant_opens_one_victim(of_victim: Deadline, at: datetime) -> None:
    duty(started_at=at, victim_id=victim(given_name="Other", number="07700 900123").pk)
    assign_perm("victims.view_victim", person("idva"), of_victim.victim)
    assert sees("idva") == {of_victim.pk}
    assert sees("idva_b") == set()


def test_without_a_victim_it_is_the_owners_and_the_teams(at: datetime) -> None:
    _, row = duty(started_at=at, owner=person("worker"), team=team("maru"))
    assert sees("worker") == sees("worker_b") == sees("manager") == {row.pk}
    assert sees("officer") == sees("head") == set()


def test_who_has_left_sees_nothing(of_victim: Deadline) -> None:
    User.objects.filter(pk=person("officer").pk).update(is_active=False)
    assert sees("officer") == set()


def test_who_sees_everybody_does_not_gather_every_key(people: People) -> None:
    sql = str(Deadline.objects.visible_to(people("officer")).query)
    assert "victims_victim" not in sql


def test_the_breach_stands_on_the_victims_timeline(of_victim: Deadline) -> None:
    sweep(at=of_victim.due_at)
    assert of_victim.victim_id is not None
    timeline = AuditEvent.objects.timeline(victim_id=of_victim.victim_id, incident_ids=[])
    assert "deadline.breached" in [event.verb for event in timeline]
