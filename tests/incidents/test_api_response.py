"""The API of the response: the same rules as the pages, as problem documents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from core import clock
from incidents.models import Crime, Deployment, FirstResponse, Incident
from tests.factories.dispatch import on_duty
from tests.factories.incidents import incident
from tests.factories.response import as_sent, attended, responded, sent
from tests.personas import person
from victims.models import Victim

pytestmark = pytest.mark.django_db
People = Callable[[str], User]


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch, at: datetime) -> datetime:
    instant = at + timedelta(minutes=30)
    monkeypatch.setattr(clock, "now", lambda: instant)
    return instant


def client(who: str) -> APIClient:
    signed_in = APIClient()
    signed_in.force_authenticate(person(who))
    return signed_in


def post(who: str, row: Incident, call: str, body: Any, **headers: str) -> Any:
    return client(who).post(
        f"/api/v1/incidents/{row.reference}/{call}/", body, format="json", headers=headers
    )


def report(**changes: Any) -> dict[str, Any]:
    return as_sent(**changes)


def test_dispatch_by_user_name(at: datetime, people: People) -> None:
    row = incident(at=at)
    on_duty(at=at)
    answer = post("handler", row, "dispatch", {"officers": ["officer", "officer_b"]})
    assert answer.status_code == 201
    assert answer.json()["state"] == "sent"
    assert [one["officer"] for one in answer.json()["deployments"]] == ["officer", "officer_b"]


def test_the_same_key_gives_the_same_answer(at: datetime, people: People) -> None:
    row = incident(at=at)
    on_duty("officer", at=at)
    body = {"officers": ["officer"], "fewer_reason": "nobody else is near"}
    first = post("handler", row, "dispatch", body, **{"Idempotency-Key": "k1"})
    again = post("handler", row, "dispatch", body, **{"Idempotency-Key": "k1"})
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replay"] == "true"
    other = post("handler", row, "dispatch", {"officers": ["x"]}, **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (409, "key_reused")
    assert Deployment.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "officers"),
        ({"officers": []}, "officers"),
        ({"officers": "officer"}, "officers"),
        ({"officers": ["nobody-such"]}, "officers"),
        ({"officers": ["worker"]}, "officers"),
        ({"officers": ["officer"]}, "fewer_reason"),
        ({"officers": ["officer"], "colour": 1}, "colour"),
        ({"officers": ["officer"], "fewer_reason": "x" * 201}, "fewer_reason"),
        ({"officers": ["officer"], "fewer_reason": "a\x07"}, "fewer_reason"),
    ],
)
def test_bad_dispatch_names_its_field(
    at: datetime, people: People, body: dict[str, Any], field: str
) -> None:
    row = incident(at=at)
    people("officer"), people("worker")
    answer = post("handler", row, "dispatch", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert not Deployment.objects.exists()


@pytest.mark.parametrize(
    ("call", "who", "status"),
    [
        ("dispatch", "officer", 403),
        ("dispatch", "worker", 403),
        ("dispatch", "idva", 404),
        ("attendance", "handler", 403),
        ("attendance", "worker", 403),
        ("attendance", "idva", 404),
        ("attendance", "analyst", 404),
        ("crimes", "worker", 403),
        ("crimes", "agency", 404),
        ("crimes", "nobody", 404),
    ],
)
def test_who_may_not_and_who_sees_nothing(
    at: datetime, people: People, call: str, who: str, status: int
) -> None:
    row = incident(at=at)
    answer = post(who, row, call, {})
    assert answer.status_code == status
    assert answer.json()["status"] == status


@pytest.mark.parametrize("call", ["dispatch", "attendance", "crimes"])
def test_nobody_signed_in(at: datetime, people: People, call: str) -> None:
    row = incident(at=at)
    answer = APIClient().post(f"/api/v1/incidents/{row.reference}/{call}/", {}, format="json")
    assert answer.status_code == 401


@pytest.mark.parametrize("call", ["dispatch", "attendance", "crimes"])
def test_what_is_no_json(at: datetime, people: People, call: str) -> None:
    row = incident(at=at)
    answer = client("supervisor" if call == "attendance" else "handler").post(
        f"/api/v1/incidents/{row.reference}/{call}/", "{", content_type="application/json"
    )
    assert answer.status_code == 400


def test_arrival_and_first_response_at_once(at: datetime, people: People) -> None:
    row = sent(at=at)
    body = {
        "arrived_at": (at + timedelta(minutes=9)).isoformat(),
        "first_response": report(
            crime_committed="yes",
            non_crime_reason="",
            crimes=[{"category": "stalking", "number": "a1", "arrests": 1}],
        ),
    }
    answer = post("officer", row, "attendance", body)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["state"] == "attended"
    assert answer.json()["first_response_version"] == 1
    assert [crime["number"] for crime in answer.json()["crimes"]] == ["A1"]
    assert Deployment.objects.get(officer=people("officer")).arrived_at == (
        at + timedelta(minutes=9)
    )


def test_nothing_said_is_an_arrival_now(at: datetime, people: People, now: datetime) -> None:
    row = sent(at=at)
    assert post("officer", row, "attendance", {}).status_code == 201
    assert Deployment.objects.get(officer=people("officer")).arrived_at == now


def test_a_refused_first_response_leaves_no_arrival(at: datetime, people: People) -> None:
    row = sent(at=at)
    body = {
        "arrived_at": at.isoformat(),
        "first_response": report(crime_committed="no", non_crime_reason="No", version=3),
    }
    assert post("officer", row, "attendance", body).status_code == 409
    assert Deployment.objects.get(officer=people("officer")).arrived_at is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"positive_action": "shout"}, "positive_action"),
        ({"spoken_apart": "no"}, "spoken_apart_reason"),
        ({"body_worn_video": "n/a"}, "body_worn_video"),
        ({"account": ""}, "account"),
        ({"golden_hour": ["tea"]}, "golden_hour"),
        ({"crime_committed": "yes"}, "crimes"),
        ({"crime_committed": "yes", "crimes": [{"category": "murder"}]}, "crimes"),
        ({"mood": "good"}, "mood"),
        ({"safety_plan": "x" * 10_001}, "safety_plan"),
    ],
)
def test_a_bad_first_response_names_its_field(
    at: datetime, people: People, changes: dict[str, Any], field: str
) -> None:
    row = attended(at=at)
    answer = post("officer", row, "attendance", {"first_response": report(**changes)})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]["first_response"]
    assert not FirstResponse.objects.exists()


def test_a_stale_first_response_carries_both(at: datetime, people: People) -> None:
    row = responded(at=at).incident
    body = {"first_response": report(safety_plan="Taken to her mother's.")}
    answer = post("officer", row, "attendance", body)
    assert answer.status_code == 409
    assert answer.json()["version"] == 1
    assert answer.json()["theirs"]["safety_plan"].startswith("Locks changed")
    assert answer.json()["yours"]["safety_plan"] == "Taken to her mother's."
    body["first_response"]["version"] = 1
    assert post("officer", row, "attendance", body).status_code == 201


def test_a_crime_is_recorded(at: datetime, people: People) -> None:
    row = incident(at=at)
    victim = Victim.objects.get()
    body = {"category": "stalking", "number": "a1", "victim": victim.reference}
    answer = post("handler", row, "crimes", body)
    assert (answer.status_code, answer.json()["number"]) == (201, "A1")
    assert Crime.objects.get().victim == victim


@pytest.mark.parametrize(
    ("body", "field", "status"),
    [
        ({"category": "murder", "number": "A1"}, "category", 400),
        ({"category": "stalking"}, "number", 400),
        ({"category": "stalking", "number": "A?"}, "number", 400),
        ({"category": "stalking", "number": "A1", "arrests": -1}, "arrests", 400),
        ({"category": "stalking", "number": "A1", "victim": "V-2026-999999"}, "victim", 400),
        ({"category": "stalking", "number": "TAKEN"}, "number", 409),
    ],
)
def test_a_bad_crime_names_its_field(
    at: datetime, people: People, body: dict[str, Any], field: str, status: int
) -> None:
    post("handler", incident(at=at), "crimes", {"category": "other", "number": "TAKEN"})
    answer = post("handler", incident(at=at), "crimes", body)
    assert answer.status_code == status
    assert list(answer.json()["errors"]) == [field]
    assert Crime.objects.count() == 1
