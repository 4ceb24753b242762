"""Whoever keeps the machines reads nothing of a victim: a case record needs a role."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from accounts.roles import Role
from tests.factories import victims as make
from tests.personas import person, team
from victims import permissions
from victims.models import Note, Victim
from victims.services import write_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def root() -> User:
    made = User.objects.create_superuser("root", "x", name="Root", team=team("headquarters"))
    return User.objects.get(pk=made.pk)


def signed_in(user: User) -> Any:
    client = Client()
    client.force_login(user, backend="accounts.backends.RoleBackend")
    return client


def test_a_superuser_sees_no_case_and_neither_sides_notes(root: User) -> None:
    victim = make.victim()
    write_note(
        victim_id=victim.pk,
        words="For officers",
        kept_among="police",
        actor=person("officer"),
        at=victim.created_at,
    )
    assert not Victim.objects.visible_to(root).exists()
    assert not Note.objects.visible_to(root).exists()
    assert permissions.note_sides(root) == [""]
    assert not root.has_perm("audit.view_audit")
    assert not root.has_perm("victims.view_victim", victim)
    client = signed_in(root)
    for address in (f"/victims/{victim.reference}/", f"/api/v1/victims/{victim.reference}/"):
        assert client.get(address).status_code == 404
    found = client.get(f"/search/?q={victim.reference}").content.decode()
    assert victim.person.family_name not in found


def test_a_superuser_keeps_people_and_teams(root: User) -> None:
    client = signed_in(root)
    for page in (
        "",
        "accounts/user/",
        f"accounts/user/{root.pk}/change/",
        "accounts/team/",
        "incidents/unit/",
    ):
        assert client.get(f"/administration/{page}").status_code == 200, page


def test_a_superuser_with_a_role_has_what_the_role_has_and_no_more(root: User) -> None:
    make.victim()
    root.groups.add(Group.objects.get(name=Role.RESPONSE_OFFICER))
    officer = User.objects.get(pk=root.pk)
    assert Victim.objects.visible_to(officer).exists()
    assert permissions.note_sides(officer) == ["police", ""]
    User.objects.filter(pk=root.pk).update(is_active=False)
    assert not User.objects.get(pk=root.pk).has_perm("victims.view_all_victims")
