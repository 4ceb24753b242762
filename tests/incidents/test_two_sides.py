"""Two victims who accuse each other: whoever works for one learns nothing of the other's side.

Every address that can be read is read for the words of two_sides.py.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from incidents.models import Crime, Exhibit
from tests.incidents import two_sides
from tests.incidents.two_sides import OTHER, OWN, World, said
from tests.personas import person
from victims.models import Victim, VictimGrant

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
world = two_sides.world


@pytest.fixture(autouse=True)
def _sessions_in_cookies(settings: Any) -> None:
    """Hundreds of pages are read, and who is signed in is not what is asked."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"


def grant(world: World, side: str, user: User) -> None:
    VictimGrant.objects.create(
        user=user,
        permission=Permission.objects.get(codename="view_victim"),
        content_object=Victim.objects.get(reference=world.filled[side]["victim"]),
    )


@pytest.mark.parametrize("side", ["ANNA", "BORIS"])
def test_who_works_for_one_learns_nothing_of_the_other(
    world: World, sign_in: SignIn, side: str
) -> None:
    grant(world, side, person("idva"))
    client = sign_in("idva")
    secret = [*world.secrets(OTHER[side]), "OFBOTH"]
    told: list[str] = []
    read = ""
    for asked_for in dict.fromkeys(world.addresses()):
        # An address says again what was asked for, which is no answer.
        words = said(client, asked_for)
        asked = [part for part in secret if part in asked_for]
        told += [f"{asked_for}: {part}" for part in secret if part in words and part not in asked]
        read += words
    assert not told, "\n".join(told)
    own = world.filled[side]
    for part in (f"{side}SAYSACCOUNT", f"{side}SAYSJUDGED", f"{side}SAYSPHOTOGRAPH"):
        assert part in read, part
    for name in ("victim", "assessment", "crime"):
        assert own[name] in read, name


def test_the_police_read_both(world: World, sign_in: SignIn) -> None:
    of_one = ("ACCOUNT", "FEAR", "INJURIES", "JUDGED", "PHOTOGRAPH", "HOME", "NOTES")
    of_both = ("REASON", "SCENE", "NEWS", "LINK", "CHECK", "REFUSED", "GRADE", "CHILD")
    unread = {f"{side}SAYS{part}" for side in OWN for part in of_one}
    unread |= {f"OFBOTH{part}" for part in of_both}
    for who in ("supervisor", "inspector"):
        client = sign_in(who)
        for asked_for in dict.fromkeys(world.addresses()):
            if unread:
                words = said(client, asked_for)
                unread = {part for part in unread if part not in words}
    assert not unread
    assert Exhibit.objects.count() == Crime.objects.count() == 2
