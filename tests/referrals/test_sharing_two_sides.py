"""Two victims who accuse each other: an agency that is told of one learns nothing of the other."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from core import clock
from core.errors import InvalidInput
from referrals.models import Sharing
from tests.factories.sharing import told
from tests.incidents import two_sides
from tests.incidents.two_sides import OTHER, World, said
from victims.models import Victim

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
world = two_sides.world


@pytest.mark.parametrize("side", ["ANNA", "BORIS"])
def test_everything_of_one_and_nothing_of_the_other(
    world: World, sign_in: SignIn, side: str
) -> None:
    """Told of everything there is, with and without the referral; by page, file and API."""
    own = world.filled[side]
    victim = Victim.objects.get(reference=own["victim"])
    what = list(Sharing.What.values)
    of_it = told(victim, clock.now(), what=what, referral_id=victim.referrals.get().pk)
    client, read = sign_in("agency"), ""
    for row in (of_it, told(victim, clock.now(), what=what)):
        read += said(client, f"/shared/{row.reference}/")
        read += said(client, f"/api/v1/shared/{row.reference}/")
    read += said(client, "/shared/") + said(client, "/shared/export/")
    for word in world.secrets(OTHER[side]):
        assert word not in read, word
    # Children of both are named; nothing else that tells of both.
    assert "OFBOTH" not in read.replace("OFBOTHCHILD", "")
    for word in ("ACCOUNT", "FEAR", "JUDGED", "HOME", "NOTES"):
        assert f"{side}SAYS{word}" in read, word


def test_no_document_of_the_other(world: World) -> None:
    anna = Victim.objects.get(reference=world.filled["ANNA"]["victim"])
    with pytest.raises(InvalidInput) as refusal:
        told(anna, clock.now(), documents=[UUID(world.filled["BORIS"]["exhibit"])])
    assert refusal.value.field == "documents"
    assert not Sharing.objects.exists()
