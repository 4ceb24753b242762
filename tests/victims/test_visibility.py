"""Who sees which victim: one policy for lists, single records and the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from guardian.shortcuts import assign_perm, remove_perm

from accounts.models import User
from deadlines.models import Deadline
from tests.factories import victims as make
from tests.personas import PEOPLE
from victims.models import Person, SafeContact, Victim, VictimGrant

pytestmark = pytest.mark.django_db

POLICING = {
    "superintendent",
    "investigator",
    "neighbourhood",
    "custody",
    "handler",
    "handler_b",
    "inspector",
    "officer",
    "officer_b",
    "supervisor",
    "worker",
    "worker_b",
    "manager",
    "head",
    "auditor",
    "coordinator",
    "chair",
}


def fresh(user: User) -> User:
    """The same person as the next request reads them: without remembered permissions."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def two() -> tuple[Victim, Victim]:
    return make.victim(), make.victim(given_name="Amina", family_name="Khan")


@pytest.mark.parametrize("username", sorted(PEOPLE))
def test_every_persona(
    two: tuple[Victim, Victim], people: Callable[[str], User], username: str
) -> None:
    seen = set(Victim.objects.visible_to(people(username)))
    assert seen == (set(two) if username in POLICING else set())
    assert Person.objects.visible_to(people(username)).exists() == (username in POLICING)


def test_a_grant_opens_one_victim_to_one_person(
    two: tuple[Victim, Victim], people: Callable[[str], User]
) -> None:
    hers, other = two
    assign_perm("victims.view_victim", people("idva"), hers)
    idva, outsider = fresh(people("idva")), fresh(people("idva_b"))
    assert list(Victim.objects.visible_to(idva)) == [hers]
    assert not Victim.objects.visible_to(outsider).exists()
    # The single-object check and the list agree, and the grant is our own row with its sort key.
    assert idva.has_perm("victims.view_victim", hers)
    assert not idva.has_perm("victims.view_victim", other)
    assert not outsider.has_perm("victims.view_victim", hers)
    grant = VictimGrant.objects.get()
    assert (grant.user, grant.content_object) == (idva, hers)
    assert grant.granted_at is not None
    remove_perm("victims.view_victim", idva, hers)
    assert not Victim.objects.visible_to(fresh(idva)).exists()


def test_a_grant_of_another_permission_shows_nothing(
    two: tuple[Victim, Victim], people: Callable[[str], User]
) -> None:
    assign_perm("victims.record_safe_contact", people("idva"), two[0])
    assert not Victim.objects.visible_to(fresh(people("idva"))).exists()


@pytest.mark.parametrize("username", ["worker", "idva"])
def test_who_has_left_sees_nothing(
    two: tuple[Victim, Victim], people: Callable[[str], User], username: str
) -> None:
    user = people(username)
    assign_perm("victims.view_victim", user, two[0])
    User.objects.filter(pk=user.pk).update(is_active=False)
    gone = fresh(user)
    assert not Victim.objects.visible_to(gone).exists()
    assert not Person.objects.visible_to(gone).exists()
    assert not gone.has_perm("victims.view_victim", two[0])


def test_anonymous_sees_nothing(two: tuple[Victim, Victim]) -> None:
    nobody: Any = AnonymousUser()
    assert not Victim.objects.visible_to(nobody).exists()
    assert not Person.objects.visible_to(nobody).exists()
    assert not SafeContact.objects.visible_to(nobody).exists()


def test_what_hangs_from_a_victim_is_seen_where_the_victim_is(
    two: tuple[Victim, Victim], people: Callable[[str], User]
) -> None:
    rows = [make.safe_contact(victim) for victim in two]
    assign_perm("victims.view_victim", people("idva"), two[1])
    assert set(SafeContact.objects.visible_to(people("worker"))) == set(rows)
    assert list(SafeContact.objects.visible_to(fresh(people("idva")))) == [rows[1]]
    assert not SafeContact.objects.visible_to(people("agency")).exists()
    assert not Deadline.objects.visible_to(people("agency")).exists()


def test_a_list_costs_the_same_for_any_number_of_grants(
    people: Callable[[str], User], django_assert_num_queries: Any
) -> None:
    for number in range(12):
        victim = make.victim(given_name="Amina", family_name=f"Khan{chr(97 + number)}")
        assign_perm("victims.view_victim", people("idva"), victim)
    idva = fresh(people("idva"))
    # Two for the permissions of person and group, one for the list.
    with django_assert_num_queries(2):
        assert len(Victim.objects.visible_to(idva)) == 12
