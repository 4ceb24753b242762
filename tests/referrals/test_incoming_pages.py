"""Pages and API of agencies' referrals: what an agency types, reads, and what a worker decides."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from core import clock
from referrals.models import AgencyReferral, Referral
from tests.factories import victims
from tests.factories.incoming import SAYS, referred
from tests.personas import person, team
from tests.referrals.helpers import text
from victims.models import SafeContact

SignIn = Callable[[str], Client]
API = "/api/v1/agency-referrals/"


@pytest.fixture
def now(db: None) -> datetime:
    team("maru")
    return clock.now()


def typed(**changes: Any) -> dict[str, Any]:
    said = {
        **SAYS,
        "key": str(uuid4()),
        "date_of_birth": "14/3/1991",
        "victim_agrees": "yes",
        "without_consent_reason": "",
    }
    return {**said, **changes}


def sent(**changes: Any) -> dict[str, Any]:
    return {**SAYS, "date_of_birth": "1991-03-14", **changes}


def test_an_agency_refers_and_sees_where_it_stands(now: datetime, sign_in: SignIn) -> None:
    client, said = sign_in("agency"), typed()
    for _ in range(2):
        answer = client.post("/refer/", said)
    reference = Referral.objects.get().reference
    assert (answer.status_code, answer["Location"]) == (302, f"/referred/{reference}/")
    page = text(client, f"/referred/{reference}/")
    assert "Received." in page
    assert "V-20" not in page
    assert reference in text(client, "/referred/")
    assert reference not in text(client, "/referred/?state=finished")
    assert sign_in("agency_b").get(f"/referred/{reference}/").status_code == 404


def test_a_refused_form_keeps_all_that_was_typed(now: datetime, sign_in: SignIn) -> None:
    answer = sign_in("agency").post(
        "/refer/", typed(date_of_birth="soon", victim_agrees="no", grade="")
    )
    page = answer.content.decode()
    assert answer.status_code == 400
    for kept in ("soon", "waits outside each morning", "Give a date as 14/3/1991", "Choose an"):
        assert kept in page
    assert not AgencyReferral.objects.exists()


def test_a_reason_without_agreement_is_asked_for_at_its_field(
    now: datetime, sign_in: SignIn
) -> None:
    answer = sign_in("agency").post("/refer/", typed(victim_agrees="no"))
    assert answer.status_code == 400
    assert "Say why you refer without their agreement" in answer.content.decode()


def test_the_page_of_the_agency_is_the_same_whoever_was_known(
    now: datetime, sign_in: SignIn
) -> None:
    """An agency must not learn from its own pages whether the police know somebody."""
    client = sign_in("agency")

    def shown(incoming: AgencyReferral) -> str:
        page = text(client, f"/referred/{incoming.referral.reference}/")
        return page.split("<main")[1].replace(incoming.referral.reference, "RF")

    unknown = shown(referred(now, their_reference=""))
    known = shown(referred(now, their_reference=""))
    several = shown(referred(now, their_reference="", date_of_birth=None))
    assert unknown == known
    assert several.replace("not given", "") != unknown
    for word in ("matched", "several", "V-20", "P-20"):
        assert word not in several + known


def test_a_worker_says_who_it_is_and_takes_it_back(now: datetime, sign_in: SignIn) -> None:
    known = victims.victim()
    incoming = referred(now, date_of_birth=None)
    address, client = f"/referrals/{incoming.referral.reference}/who/", sign_in("worker")
    page = text(client, address)
    assert known.reference in page
    assert "same name" in page
    refused = client.post(f"{address}say/", {"person": "P-2026-999999"})
    assert refused.status_code == 400
    assert "Nobody on record has this reference." in refused.content.decode()
    assert client.post(f"{address}say/", {"person": known.person.reference}).status_code == 302
    assert Referral.objects.get().victim == known
    assert "It is about" in text(client, address)
    again = sign_in("worker_b").post(f"{address}say/", {"nobody": "1"})
    assert again.status_code == 409
    assert "To change it, take that back first" in again.content.decode()
    assert client.post(f"{address}take-back/").status_code == 302
    assert Referral.objects.get().victim == incoming.victim
    assert client.post(f"{address}take-back/").status_code == 409
    assert client.post(f"{address}say/", {"nobody": "1"}).status_code == 302


def test_a_worker_answers_and_takes_the_safe_contact_over(now: datetime, sign_in: SignIn) -> None:
    incoming = referred(now)
    address, client = f"/referrals/{incoming.referral.reference}/who/", sign_in("worker")
    assert client.post(f"{address}answer/", {"answer": " "}).status_code == 400
    assert client.post(f"{address}answer/", {"answer": "We ring her."}).status_code == 302
    assert "We ring her." in text(sign_in("agency"), f"/referred/{incoming.referral.reference}/")
    said = {"method": "text", "number": "07700 900417", "notes": "School runs", "version": "0"}
    wrong = client.post(f"{address}safe-contact/", {**said, "number": "none"})
    assert wrong.status_code == 400
    assert "School runs" in wrong.content.decode()
    assert client.post(f"{address}safe-contact/", said).status_code == 302
    assert SafeContact.objects.get().victim == incoming.victim
    assert client.post(f"{address}safe-contact/", said).status_code == 409


def test_the_agencys_list_costs_the_same_for_many(
    now: datetime, sign_in: SignIn, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        referred(now + timedelta(seconds=number))
    client = sign_in("agency")
    client.get("/referred/")
    with django_assert_max_num_queries(12):
        client.get("/referred/")


def test_the_api_takes_one_referral_for_one_key(now: datetime, sign_in: SignIn) -> None:
    client = sign_in("agency")
    answers = [
        client.post(
            API, sent(), content_type="application/json", headers={"Idempotency-Key": "one"}
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    made = Referral.objects.get()
    body = answers[0].json()
    assert (body["reference"], body["stands"]) == (made.reference, "received")
    assert made.victim.reference not in str(body)
    assert [row["reference"] for row in client.get(API).json()["results"]] == [made.reference]
    assert client.get(f"{API}{made.reference}/").json()["grade"] == "medium"
    assert sign_in("agency_b").get(f"{API}{made.reference}/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"safe_contact": ""}, "safe_contact"),
        ({"victim_agrees": False}, "without_consent_reason"),
        ({"telephone": "ring"}, "telephone"),
        ({"victim": "V-2026-000001"}, "victim"),
    ],
)
def test_the_api_names_the_field(
    now: datetime, sign_in: SignIn, changes: dict[str, Any], field: str
) -> None:
    answer = sign_in("agency").post(API, sent(**changes), content_type="application/json")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_nobody_else_refers(now: datetime, sign_in: SignIn) -> None:
    person("worker")
    client = sign_in("worker")
    assert client.get("/refer/").status_code == 403
    assert client.post(API, sent(), content_type="application/json").status_code == 403
