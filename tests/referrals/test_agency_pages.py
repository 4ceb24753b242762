"""The pages of partner agencies: what they show, refuse and keep."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency, Area, User
from referrals.models import AgencyChannel
from tests.factories.outgoing import a_channel, a_sharing, a_system, answers, dead
from tests.factories.referrals import an_agency
from tests.personas import person
from tests.referrals.helpers import text

pytestmark = pytest.mark.django_db

#: Five for the lines, two for the page, one for areas, one for what was given up; the rest every
#: page asks.
QUERIES = 16

#: What the form of a channel sends.
TYPED = {
    "way": "email",
    "email": "duty@housing.example.org",
    "webhook_url": "",
    "area": "",
    "is_active": "on",
    "version": "0",
}

SignIn = Callable[[str], Client]


def test_the_list_says_how_each_is_reached_and_what_is_open(at: datetime, sign_in: SignIn) -> None:
    boyle = person("agency")
    assert boyle.team is not None
    dead(at, agency=boyle.team.agency)
    an_agency("Fenwick Hospital", "health")
    page = text(sign_in("manager"), "/agencies/")
    for words in ("County housing", "A signed message to its own system", "1 given up"):
        assert words in page
    assert "Fenwick Hospital" in page and "Its pages here only" in page
    assert "County police" not in page
    assert "1 message could not be delivered" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=health", {"Fenwick Hospital"}),
        ("way=inbox", {"Fenwick Hospital", "Westmoor School"}),
        ("way=webhook", {"Fenwick Housing"}),
        ("q=school", {"Westmoor School"}),
        ("area={area}", {"Fenwick Hospital", "Westmoor School"}),
        ("kind=circus", {"Fenwick Hospital", "Fenwick Housing", "Westmoor School"}),
        ("q=nowhere", set()),
    ],
)
def test_filters_stand_in_the_address(
    query: str, found: set[str], at: datetime, sign_in: SignIn
) -> None:
    here = Area.objects.create(name="Fenwick East")
    elsewhere = Area.objects.create(name="Westmoor")
    a_channel(an_agency(), at, area=elsewhere)
    an_agency("Fenwick Hospital", "health")
    a_channel(an_agency("Westmoor School", "education"), at, way="inbox", area=here)
    page = text(sign_in("manager"), "/agencies/?" + query.format(area=here.pk))
    shown = {
        row.name for row in Agency.objects.exclude(kind="police") if f">{row.name}</a>" in page
    }
    assert shown == found


def test_more_agencies_cost_no_more_queries(
    at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    manager = sign_in("manager")
    for number in range(4):
        dead(at, agency=an_agency(f"Agency {number}"))
    with django_assert_max_num_queries(QUERIES) as captured:
        manager.get("/agencies/")
    dead(at, agency=an_agency("Agency 9"))
    with django_assert_max_num_queries(len(captured)):
        manager.get("/agencies/")


def test_an_agency_is_added(sign_in: SignIn) -> None:
    manager = sign_in("manager")
    refused = manager.post("/agencies/add/", {"name": "Harbour House", "kind": ""})
    assert refused.status_code == 400
    assert "Harbour House" in refused.content.decode()
    said = {"name": "Harbour House", "kind": "voluntary", "area": ""}
    answer = manager.post("/agencies/add/", said)
    agency = Agency.objects.get(name="Harbour House")
    assert answer["Location"] == f"/agencies/{agency.pk}/"
    twice = manager.post("/agencies/add/", said)
    assert "has this name already" in twice.content.decode()
    assert Agency.objects.filter(name="Harbour House").count() == 1


def test_one_agency_shows_its_people_what_is_open_and_its_messages(
    at: datetime, sign_in: SignIn
) -> None:
    boyle = person("agency")
    assert boyle.team is not None
    message = dead(at, agency=boyle.team.agency)
    told = a_sharing(at, agency=boyle.team.agency, victim=message.sharing.victim)
    page = text(sign_in("manager"), f"/agencies/{message.agency_id}/")
    for words in ("T. Boyle", told.reference, "not yet", "Given up", "Answered 500. Not taken."):
        assert words in page
    assert message.sharing.victim.person.family_name not in page
    assert AgencyChannel.objects.get().webhook_secret not in page


def test_a_first_webhook_shows_its_secret_once(at: datetime, sign_in: SignIn) -> None:
    agency, manager = an_agency(), sign_in("manager")
    url = f"/agencies/{agency.pk}/"
    said = {**TYPED, "way": "webhook", "webhook_url": "https://hooks.example.org/"}
    page = manager.post(url, said).content.decode()
    channel = AgencyChannel.objects.get()
    assert channel.webhook_secret in page
    assert channel.webhook_secret not in text(manager, url)
    renewed = manager.post(url + "secret/", {"version": "1"})
    channel.refresh_from_db()
    assert channel.webhook_secret in renewed.content.decode()
    assert "no-store" in renewed["Cache-Control"]
    again = manager.post(url + "secret/", {"version": "1"}, follow=True).content.decode()
    assert "after you opened this" in again
    assert AgencyChannel.objects.get().webhook_secret == channel.webhook_secret
    assert manager.post(url + "secret/").status_code == 400


def test_a_refused_channel_keeps_what_was_typed(sign_in: SignIn) -> None:
    agency, manager = an_agency(), sign_in("manager")
    said = {**TYPED, "way": "webhook", "webhook_url": "http://"}
    answer = manager.post(f"/agencies/{agency.pk}/", said)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "duty@housing.example.org" in page and "begins with https://" in page


def test_a_stale_edit_shows_both_versions_and_the_next_save_counts(
    at: datetime, sign_in: SignIn
) -> None:
    agency, manager = an_agency(), sign_in("manager")
    url = f"/agencies/{agency.pk}/"
    assert manager.post(url, TYPED).status_code == 302
    late = {**TYPED, "email": "night@housing.example.org"}
    answer = manager.post(url, late)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "duty@housing.example.org" in page and "night@housing.example.org" in page
    assert 'name="version" value="1"' in page
    assert manager.post(url, {**late, "version": "1"}).status_code == 302
    assert AgencyChannel.objects.get().email == "night@housing.example.org"


def test_a_test_message_is_sent_from_the_page(at: datetime, sign_in: SignIn) -> None:
    agency, manager = an_agency(), sign_in("manager")
    with a_system(answers(200), answers(500)) as system:
        a_channel(agency, at, webhook_url=system.url)
        for words in ("Test message: Taken with 200.", "Test message: Answered 500."):
            answer = manager.post(f"/agencies/{agency.pk}/test/", follow=True)
            assert words in answer.content.decode()


def test_a_representative_is_switched_off(sign_in: SignIn) -> None:
    boyle = person("agency")
    assert boyle.team is not None
    url = f"/agencies/{boyle.team.agency_id}/representatives/{boyle.pk}/"
    manager = sign_in("manager")
    assert "Switch the account off" in text(manager, url)
    assert manager.post(url, {"on": "0", "reason": ""}).status_code == 400
    answer = manager.post(url, {"on": "0", "reason": "Left."}, follow=True)
    assert "T. Boyle may sign in no more." in answer.content.decode()
    assert not User.objects.get(pk=boyle.pk).is_active
    assert "switched off" in answer.content.decode()
    elsewhere = f"/agencies/{an_agency().pk}/representatives/{boyle.pk}/"
    assert manager.get(elsewhere).status_code == 404
    worker = person("worker")
    assert worker.team is not None
    assert (
        manager.get(f"/agencies/{boyle.team.agency_id}/representatives/{worker.pk}/").status_code
        == 404
    )
