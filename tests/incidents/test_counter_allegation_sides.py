"""Who sees whose side of a counter-allegation."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from core import clock
from incidents.models import Incident
from tests.factories.response import as_sent, attended, responded
from tests.factories.victims import safe_contact
from tests.incidents.helpers_counter_allegation import ALLEGED, roles, two_of
from victims.models import Victim, VictimGrant

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
SignIn = Callable[[str], Client]

#: Words of each side, as the factory says them.
HERS = ("He kicked the door", "Red marks on the left arm", "comes back when the children")
HIS = ("He says that he wanted to fetch his clothes", "None seen, none said")
OF_BOTH = ("Locks changed tonight", "I want him kept away", "Door damaged", "she flinches")
OF_CHILDREN = ("Ella, 6, said that she hid.",)


@pytest.fixture
def accused_both_ways(at: datetime, people: People, monkeypatch: pytest.MonkeyPatch) -> Incident:
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(hours=1))
    row = responded(at=at, **ALLEGED).incident
    for name, number in (("Siobhán", "07700 900111"), ("Darren", "07700 900222")):
        victim = Victim.objects.get(person__given_name=name)
        safe_contact(victim, at=at, number=number)
    return row


def grant(given_name: str, user: User) -> Victim:
    victim = Victim.objects.get(person__given_name=given_name)
    permission = Permission.objects.get(codename="view_victim")
    VictimGrant.objects.create(user=user, permission=permission, content_object=victim)
    return victim


@pytest.mark.parametrize(("who", "own", "other"), [("Siobhán", HERS, HIS), ("Darren", HIS, HERS)])
def test_who_works_for_one_sees_that_ones_side_alone(
    at: datetime,
    people: People,
    sign_in: SignIn,
    accused_both_ways: Incident,
    who: str,
    own: tuple[str, ...],
    other: tuple[str, ...],
) -> None:
    mine = grant(who, people("idva"))
    theirs = Victim.objects.exclude(pk=mine.pk).get()
    page = sign_in("idva").get(f"/incidents/{accused_both_ways.reference}/").content.decode()
    for words in own:
        assert words in page, words
    numbers = {"Siobhán": "900 222", "Darren": "900 111"}
    of_the_call = ("banging on the door", "900 417", "Tanglewood")
    for words in (*other, *OF_BOTH, *OF_CHILDREN, *of_the_call, theirs.reference, numbers[who]):
        assert words not in page, words
    assert "What concerns them is not shown to you" in page
    assert sign_in("idva").get(f"/victims/{theirs.reference}/").status_code == 404


def test_who_works_for_the_only_victim_reads_all_but_the_other_side_and_the_children(
    at: datetime, people: People, sign_in: SignIn
) -> None:
    row = responded(at=at).incident
    grant("Siobhán", people("idva"))
    page = sign_in("idva").get(f"/incidents/{row.reference}/").content.decode()
    for words in (*HERS, "Locks changed tonight", "I want him kept away", "seen and spoken to"):
        assert words in page, words
    for words in (*HIS, *OF_CHILDREN):
        assert words not in page, words


def test_the_police_see_all_of_it(
    at: datetime, sign_in: SignIn, accused_both_ways: Incident
) -> None:
    page = sign_in("supervisor").get(f"/incidents/{accused_both_ways.reference}/").content.decode()
    for words in (*HERS, *HIS, *OF_BOTH, *OF_CHILDREN, "both are treated as victims"):
        assert words in page, words


def test_the_timeline_tells_one_side_nothing_of_the_others_assessment(
    at: datetime, people: People, sign_in: SignIn, accused_both_ways: Incident
) -> None:
    grant("Siobhán", people("idva"))
    address = f"/incidents/{accused_both_ways.reference}/"
    page = sign_in("idva").get(address).content.decode()
    assert page.count("Risk assessment begun") == 1
    assert sign_in("officer").get(address).content.decode().count("Risk assessment begun") == 2


def test_through_the_api(at: datetime, people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=30))
    row = attended(at=at)
    harmed, _ = two_of(row)
    program = APIClient()
    program.force_authenticate(people("officer"))
    address = f"/api/v1/incidents/{row.reference}/attendance/"
    said = {**ALLEGED, "counter_view": "one", "counter_protect": harmed}
    body = {"first_response": as_sent(row, **said)}
    assert program.post(address, body, format="json").status_code == 201
    assert program.post(address, body, format="json").json()["first_response_version"] == 1
    assert len(roles(row)) == 4
    body["first_response"] = as_sent(row, parties=[], version=1)
    answer = program.post(address, body, format="json")
    assert answer.status_code == 400
    assert "Siobhán O'Neill" in answer.json()["errors"]["parties"][0]
    mine = grant("Siobhán", people("idva"))
    program.force_authenticate(people("idva"))
    seen = program.get(f"/api/v1/incidents/{row.reference}/").json()
    assert {one["victim"] for one in seen["people"]} == {mine.reference}
    for name in ("address", "caller_number", "safe_callback", "narrative"):
        assert not seen[name], name
