"""Partner agencies by API: how each is reached, who speaks for it, what was not delivered."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency
from core.models import IdempotencyKey
from referrals.models import AgencyChannel, Outgoing
from tests.asking import Api
from tests.factories.outgoing import a_channel, dead
from tests.factories.referrals import an_agency
from tests.personas import person

pytestmark = pytest.mark.django_db
EMAIL = {"way": "email", "email": "duty@housing.example.org", "version": 0}
SYSTEM = {"way": "webhook", "webhook_url": "https://housing.example.org/told", "version": 0}


def keeper(who: str = "manager") -> Api:
    return Api(who)


def test_a_partner_is_added_and_said_how_it_is_reached() -> None:
    api = keeper()
    said = {"name": "Fenwick Hospital", "kind": "health"}
    assert list(api.refused("agencies/", {**said, "kind": "police"})) == ["kind"]
    assert list(api.refused("agencies/", {**said, "area": 999999})) == ["area"]
    made = api.post("agencies/", said, 201)["agency"]
    assert made["channel"]["way"] == "inbox"
    assert list(api.refused("agencies/", said)) == ["name"]
    here = f"agencies/{made['id']}/"
    assert list(api.refused(here, {**EMAIL, "email": "nobody", "version": 1})) == ["email"]
    kept = api.post(here, {**EMAIL, "version": 1})
    assert kept["channel"]["version"] == 2 and kept["secret"] == ""
    stale = api.post(here, EMAIL, 409)
    assert stale["version"] == 2 and stale["theirs"]["email"] == EMAIL["email"]
    assert api.get(here)["agency"]["channel"]["email"] == EMAIL["email"]


def test_a_secret_is_told_once_and_kept_nowhere_else() -> None:
    api, agency = keeper(), an_agency()
    here = f"agencies/{agency.pk}/"
    made = api.post(here, SYSTEM, key="first")
    channel = AgencyChannel.objects.get(agency=agency)
    assert made["secret"] == channel.webhook_secret != ""
    api.post(here, SYSTEM, 409, key="first")
    renewed = api.post(f"{here}secret/", {"version": 1}, key="again")["secret"]
    assert renewed not in ("", made["secret"])
    api.post(f"{here}secret/", {"version": 1}, 409, key="again")
    shown = str(api.get(here)) + str(api.get("agencies/"))
    kept = str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    for secret in (made["secret"], renewed):
        assert secret not in shown and secret not in kept


def test_the_list_narrows_and_costs_the_same_for_many(at: datetime) -> None:
    dead(at, agency=a_channel(an_agency(), at).agency)
    api = keeper()
    [row] = api.get("agencies/", q="fenwick")["results"]
    assert (row["dead"], row["channel"]["way"]) == (1, "webhook")
    assert api.get("agencies/", way="email")["results"] == []
    assert api.get("agencies/", q="police")["results"] == []
    for query in ({"kind": "circus"}, {"way": "x"}, {"area": "x"}, {"q": "\x00"}):
        api.get("agencies/", 400, **query)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            api.get("agencies/")
        return len(asked)

    before = cost()
    for number in range(4):
        a_channel(an_agency(f"School {number}", "education"), at)
    assert cost() == before <= 12


def test_a_representative_is_switched_off_and_on() -> None:
    boyle = person("agency")
    assert boyle.team is not None
    api, reason = keeper(), {"reason": "He has left."}
    here = f"agencies/{boyle.team.agency_id}/representatives/"
    assert api.get(here.removesuffix("representatives/"))["people"][0]["username"] == "agency"
    assert list(api.refused(f"{here}{boyle.pk}/", {"on": False})) == ["reason"]
    assert api.post(f"{here}{boyle.pk}/", {"on": False, **reason})["is_active"] is False
    boyle.refresh_from_db()
    assert not boyle.is_active
    assert api.post(f"{here}{boyle.pk}/", {"on": True, **reason})["is_active"] is True
    # Nobody else's account is switched here.
    api.post(f"{here}{person('officer').pk}/", {"on": False, **reason}, 404)
    api.post(f"{here}{person('agency_b').pk}/", {"on": False, **reason}, 404)


def test_what_was_not_delivered_is_sent_again_or_dropped(at: datetime) -> None:
    message = dead(at, agency=a_channel(an_agency(), at).agency)
    api, here = keeper(), f"undelivered/{message.pk}/"
    [row] = api.get("undelivered/")["results"]
    assert (row["number"], row["state"]) == (message.pk, "dead")
    assert api.post(f"{here}again/")["state"] == "waiting"
    api.post(f"{here}drop/", {"reason": "Told by telephone."}, 409)
    assert api.get("undelivered/")["results"] == []
    Outgoing.objects.update(state="dead", try_at=None, settled_at=at)
    assert list(api.refused(f"{here}drop/", {"reason": " "})) == ["reason"]
    assert api.post(f"{here}drop/", {"reason": "Told by telephone."})["state"] == "dropped"


def test_nobody_else_keeps_agencies(at: datetime) -> None:
    message = dead(at)
    for who in ("worker", "agency", "idva", "officer"):
        api = keeper(who)
        for address in ("agencies/", f"agencies/{message.agency_id}/", "undelivered/"):
            api.get(address, 403)
        api.post("agencies/", {"name": "Mine", "kind": "health"}, 403)
        api.post(f"undelivered/{message.pk}/drop/", {"reason": "x"}, 403)
        api.post(f"agencies/{message.agency_id}/secret/", {"version": 0}, 403)
    police = Agency.objects.get(kind="police")
    keeper().get(f"agencies/{police.pk}/", 404)
    keeper().post(f"agencies/{police.pk}/", EMAIL, 404)
    assert not Agency.objects.filter(name="Mine").exists()


NONSENSE: list[Any] = [
    [],
    "null",
    "words",
    {"way": "pigeon", "version": 0, "reason": 1.5, "on": "perhaps"},
    {"way": "email", "email": "a\x00@b.example", "version": 0, "name": "\x00", "kind": "health"},
    {"way": "email", "email": EMAIL["email"], "version": 0, "colour": "red"},
    {"way": "webhook", "webhook_url": "file:///etc/passwd", "version": 0},
    {"way": "webhook", "webhook_url": "ftp://housing.example.org/", "version": 0},
    {"way": "inbox", "area": 10**30, "version": 0},
    {"name": "n" * 200_000, "kind": "health"},
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_is_refused_and_nothing_is_written(at: datetime, number: int) -> None:
    message, said = dead(at), NONSENSE[number]
    api, before = keeper(), AgencyChannel.objects.count()
    one = f"agencies/{message.agency_id}/"
    other = an_agency("Fenwick Hospital", "health")
    for address in ("agencies/", f"agencies/{other.pk}/", f"{one}secret/", f"{one}test/"):
        response = api.client.post(api.under + address, said, content_type="application/json")
        assert 400 <= response.status_code < 500, (address, response.content)
    api.post(f"undelivered/{message.pk}/drop/", said, 400)
    assert AgencyChannel.objects.count() == before
    message.refresh_from_db()
    assert message.state == "dead"
