"""Matching on pages and over the API: who waits, whom it may be, decisions, refusals."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import RecordRead
from core import clock
from perpetrators.models import CustodyEpisode, CustodyEvent, OutsideIdentity
from tests.factories.custody import couple, custody_event, deliver, message
from tests.personas import person
from victims.models import Person, Victim

pytestmark = pytest.mark.django_db

LIST = "/custody/matching/"
API = "/api/v1/custody-events/"
SignIn = Callable[[str], Client]


@pytest.fixture
def darren() -> Person:
    found, _ = couple(at=clock.now() - timedelta(days=3))
    OutsideIdentity.objects.all().delete()
    return found


@pytest.fixture
def event(darren: Person) -> CustodyEvent:
    now = clock.now()
    custody_event("arrest", at=now, happened_at=now - timedelta(hours=5))
    return custody_event("bail", at=now, where="Fenwick", date_of_birth="1987-09-02")


def test_the_list_names_who_waits_with_their_messages(sign_in: SignIn, event: CustodyEvent) -> None:
    page = sign_in("custody").get(LIST).content.decode()
    assert page.count("Darren Pike") == 1
    for words in ("Arrest", "Bail", "born 2 Sep 1987", "N/87/1", "late", "3 h 59 min"):
        assert words in page, words
    assert 'Matching<span class="n">2</span>' in page


def test_the_page_says_why_it_may_be_somebody(
    sign_in: SignIn, darren: Person, event: CustodyEvent
) -> None:
    page = sign_in("investigator").get(f"{LIST}{event.reference}/").content.decode()
    assert darren.reference in page
    assert "same name" in page
    assert "2 messages are applied at once" in page


def test_confirmed_all_of_it_is_applied(
    sign_in: SignIn, darren: Person, event: CustodyEvent
) -> None:
    client, address = sign_in("custody"), f"{LIST}{event.reference}/"
    answer = client.post(f"{address}confirm/", {"person": darren.reference.lower()}, follow=True)
    assert answer.status_code == 200
    assert CustodyEpisode.objects.get().state == "on_bail"
    page = answer.content.decode()
    assert f'Matched to Darren Pike <span class="ref">{darren.reference}' in page
    assert "Darren Pike" in client.get(LIST).content.decode()
    # Twice it changes nothing.
    assert client.post(f"{address}confirm/", {"person": darren.reference}).status_code == 302
    assert CustodyEvent.objects.count() == 2


def test_a_reference_that_nobody_has_is_said_at_its_field(
    sign_in: SignIn, event: CustodyEvent
) -> None:
    address = f"{LIST}{event.reference}/confirm/"
    answer = sign_in("custody").post(address, {"person": "P-2020-999999"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Nobody on record has this reference." in page
    assert 'value="P-2020-999999"' in page
    assert sign_in("custody").post(address, {}).status_code == 400


def test_set_aside_taken_up_matched_and_taken_back(
    sign_in: SignIn, darren: Person, event: CustodyEvent
) -> None:
    client, address = sign_in("custody"), f"{LIST}{event.reference}/"
    refused = client.post(f"{address}set-aside/", {"words": " "})
    assert refused.status_code == 400
    assert client.post(f"{address}set-aside/", {"words": "Not ours"}).status_code == 302
    assert "Nobody waits to be matched." in client.get(LIST).content.decode()
    assert client.post(f"{address}take-up/").status_code == 302
    assert client.post(f"{address}confirm/", {"person": darren.reference}).status_code == 302
    assert "If this is wrong" in client.get(address).content.decode()
    assert client.post(f"{address}take-back/", {"words": "His cousin"}).status_code == 302
    assert CustodyEvent.objects.unmatched().count() == 2
    assert not CustodyEpisode.objects.exists()


def test_somebody_was_quicker(sign_in: SignIn, darren: Person, event: CustodyEvent) -> None:
    client, address = sign_in("custody"), f"{LIST}{event.reference}/"
    client.post(f"{address}confirm/", {"person": darren.reference})
    answer = client.post(f"{address}set-aside/", {"words": "Not ours"})
    assert answer.status_code == 409
    assert "already" in answer.content.decode()


@pytest.mark.parametrize("who", ["handler", "officer", "idva", "custody_system"])
def test_who_may_not_look(sign_in: SignIn, event: CustodyEvent, who: str) -> None:
    client = sign_in(who)
    for address in (LIST, f"{LIST}{event.reference}/", f"{API}waiting/"):
        assert client.get(address).status_code == 403
    assert client.get(f"{API}{event.reference}/candidates/").status_code == 403


def test_the_queries_of_the_list_do_not_grow_with_what_waits(sign_in: SignIn) -> None:
    client, now = sign_in("custody"), clock.now()
    spent = []
    for first, count in ((0, 1), (100, 60)):
        deliver(
            *(
                message("bail", at=now, person_number=f"N/{first + one}", custody_number=f"C/{one}")
                for one in range(count)
            ),
            at=now,
        )
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST).content.decode()
        spent.append(len(queries))
    assert spent[0] == spent[1]
    assert "Page 1 of 3" in page


def test_the_api_lists_decides_and_refuses(
    sign_in: SignIn, darren: Person, event: CustodyEvent
) -> None:
    client = sign_in("custody")
    (unknown,) = client.get(f"{API}waiting/").json()["results"]
    assert (unknown["name"], len(unknown["messages"])) == ("Darren Pike", 2)
    (found,) = client.get(f"{API}{event.reference}/candidates/").json()["results"]
    assert (found["person"], found["victims"]) == (darren.reference, 1)
    assert "same name" in found["reasons"]

    def post(what: str, **said: str) -> tuple[int, object]:
        answer = client.post(
            f"{API}{event.reference}/{what}/", said, content_type="application/json"
        )
        return answer.status_code, answer.json().get("messages")

    assert post("match", person="P-2020-999999")[0] == 409
    assert post("set-aside")[0] == 400
    assert post("set-aside", words="Not ours") == (200, [event.reference])
    assert post("take-up")[0] == 200
    status, matched = post("match", person=darren.reference)
    assert (status, len(matched)) == (200, 2)  # type: ignore[arg-type]
    assert post("take-back", words="His cousin")[0] == 200
    assert client.get(f"{API}CE-999999/candidates/").status_code == 404
    assert Victim.objects.count() == 1


def test_the_reading_is_on_record(sign_in: SignIn, event: CustodyEvent) -> None:
    sign_in("custody").get(f"{LIST}{event.reference}/")
    assert RecordRead.objects.filter(user=person("custody"), subject=event.reference).exists()
