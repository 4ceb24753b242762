"""The queue for other systems."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from audit.models import RecordRead
from referrals.models import Referral, Sharing
from tests.factories.referrals import a_referral, an_agency, claimed, completed, many
from tests.personas import PEOPLE, person

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)
QUEUE = "/api/v1/referrals/"


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def referral(at: datetime) -> Referral:
    return a_referral(at - HOUR)


@pytest.fixture
def api(sign_in: SignIn) -> Client:
    return sign_in("worker")


def post(client: Client, path: str, body: Any = None, **headers: str) -> Any:
    return client.post(path, body if body is not None else {}, "application/json", headers=headers)


def sharing(**changes: Any) -> dict[str, Any]:
    return {
        "agency": an_agency().pk,
        "what": ["identity"],
        "why": "She asked to be moved.",
        "basis": "public_task",
        "consent": "given",
        **changes,
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_the_unit_reads_and_works(referral: Referral, sign_in: SignIn, who: str) -> None:
    client, one = sign_in(who), f"{QUEUE}{referral.reference}/"
    reads = who in {"worker", "worker_b", "manager", "head"}
    assert client.get(QUEUE).status_code == (200 if reads else 403)
    assert client.get(one).status_code == (200 if reads else 403)
    works = reads and who != "head"
    assert post(client, f"{one}claim/").status_code == (200 if works else 403)
    if not works:
        body = {"outcome": "owner_named", "words": "x", "version": 1}
        assert post(client, f"{one}share/", sharing()).status_code == 403
        assert post(client, f"{one}complete/", body).status_code == 403


def test_anonymous_is_401(referral: Referral) -> None:
    assert Client().get(QUEUE).status_code == 401


def test_open_ones_by_time_in_pages(api: Client, at: datetime) -> None:
    rows = many(30, at - HOUR)
    completed(claimed(rows[0], at), at)
    first = api.get(QUEUE).json()
    second = api.get(first["next"]).json()
    found = [row["reference"] for row in (*first["results"], *second["results"])]
    assert found == [row.reference for row in rows[1:]]
    assert second["next"] is None


def test_filters(api: Client, at: datetime) -> None:
    over = a_referral(at - 80 * HOUR)
    high = a_referral(at - HOUR, grade="high")
    mine = claimed(a_referral(at - HOUR), at)
    done = completed(claimed(a_referral(at - HOUR), at), at)

    def found(query: str) -> set[str]:
        return {row["reference"] for row in api.get(f"{QUEUE}?{query}").json()["results"]}

    assert found("over=true") == {over.reference}
    assert found("grade=high") == {high.reference}
    assert found("with=me") == {mine.reference}
    assert found("with=nobody") == {over.reference, high.reference}
    assert found("state=completed") == {done.reference}
    assert found("state=claimed") == {mine.reference}


@pytest.mark.parametrize("query", ["state=gone", "with=him", "grade=3", "over=1"])
def test_an_unknown_filter_is_refused(api: Client, query: str) -> None:
    answer = api.get(f"{QUEUE}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert query.split("=")[0] in answer.json()["errors"]


def test_reading_one_is_on_record(api: Client, referral: Referral) -> None:
    answer = api.get(f"{QUEUE}{referral.reference}/").json()
    assert answer["victim"] == referral.victim.reference
    assert answer["due_at"] == "2026-11-26T09:00:00Z"
    assert RecordRead.objects.get().path == f"{QUEUE}{referral.reference}/"
    assert api.get(f"{QUEUE}RF-2026-999999/").status_code == 404


def test_claim_says_who_was_first(api: Client, referral: Referral, at: datetime) -> None:
    claimed(referral, at, by=person("worker_b"))
    answer = post(api, f"{QUEUE}{referral.reference}/claim/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "already_taken"
    assert "D. Marsh has" in answer.json()["detail"]


def test_share_once_with_a_key(api: Client, referral: Referral, at: datetime) -> None:
    claimed(referral, at)
    address, body = f"{QUEUE}{referral.reference}/share/", sharing()
    first = post(api, address, body, Idempotency_Key="a1")
    again = post(api, address, body, Idempotency_Key="a1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotent-Replay"] == "true"
    assert first.json() == again.json()
    assert Sharing.objects.count() == 1
    assert post(api, address, body).status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"agency": None}, "agency"),
        ({"agency": 999_999}, "agency"),
        ({"what": []}, "what"),
        ({"what": "identity"}, "what"),
        ({"why": ""}, "why"),
        ({"why": "\u0007"}, "why"),
        ({"basis": "none"}, "basis"),
        ({"consent": "refused"}, "consent_reason"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_sharing_refuses_with_the_field(
    api: Client, referral: Referral, at: datetime, changes: dict[str, Any], field: str
) -> None:
    claimed(referral, at)
    answer = post(api, f"{QUEUE}{referral.reference}/share/", sharing(**changes))
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    assert not Sharing.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '"x"', "{}", "null"])
def test_a_malformed_body_is_400(api: Client, referral: Referral, at: datetime, body: str) -> None:
    claimed(referral, at)
    for step in ("share", "complete"):
        answer = api.post(f"{QUEUE}{referral.reference}/{step}/", body, "application/json")
        assert answer.status_code == 400, (step, body)
        assert answer["Content-Type"] == "application/problem+json"


def test_complete(api: Client, referral: Referral, at: datetime) -> None:
    mine = claimed(referral, at)
    address = f"{QUEUE}{referral.reference}/complete/"
    body = {"outcome": "owner_named", "words": "D. Marsh rings her.", "version": mine.version}
    stale = post(api, address, {**body, "version": mine.version - 1})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    assert stale.json()["version"] == mine.version
    done = post(api, address, body)
    assert (done.status_code, done.json()["state"]) == (200, "completed")
    assert post(api, address, body).status_code == 409
