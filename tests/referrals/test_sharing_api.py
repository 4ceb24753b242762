"""Sharing over the API: the unit tells and withdraws, an agency reads and answers."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from referrals.models import Sharing
from tests.factories.sharing import agency_of, marked, told
from tests.personas import person
from victims.models import Victim

SignIn = Callable[[str], Client]
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def clock(db: None, at: datetime) -> object:
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def victim(at: datetime) -> Victim:
    return marked(at - HOUR)


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, body, "application/json")


def test_tell_more_withdraw(victim: Victim, sign_in: SignIn) -> None:
    api, address = sign_in("worker"), f"/api/v1/victims/{victim.reference}/sharings/"
    body = {
        "agency": agency_of(person("agency")).pk,
        "what": ["identity"],
        "why": "Look after her.",
        "basis": "consent",
        "consent": "given",
        "keep_until": "2027-03-01",
    }
    made = post(api, address, body)
    assert made.status_code == 201, made.content
    reference = made.json()["reference"]
    assert post(api, address, body).status_code == 409
    more = post(api, address, {**body, "what": ["identity", "risk"], "replaces": reference})
    assert more.status_code == 201
    assert post(api, address, {**body, "documents": ["no"]}).status_code == 400
    newest, first = api.get(address).json()["results"]
    assert first["replaced_by"] == newest["reference"]
    ended = post(
        api, f"/api/v1/sharings/{newest['reference']}/withdraw/", {"because": "She moved."}
    )
    assert ended.json()["withdrawn_because"] == "She moved."
    assert sign_in("agency").get("/api/v1/shared/").json()["results"] == []


def test_read_and_answer(victim: Victim, at: datetime, sign_in: SignIn) -> None:
    row, api = told(victim, at, what=["identity", "safe_contact"]), sign_in("agency")
    address = f"/api/v1/shared/{row.reference}/"
    found = api.get(address).json()
    assert [part["part"] for part in found["told"]] == ["identity", "safe_contact"]
    assert found["told"][0]["lines"][0] == {"name": "Name", "words": "MARKGIVEN Surname"}
    assert found["documents"] == []
    assert Sharing.objects.get().opened_by == person("agency")
    assert post(api, f"{address}answer/", {"answer": "nothing"}).status_code == 400
    done = post(api, f"{address}answer/", {"answer": "known", "words": "Since May."})
    assert (done.status_code, done.json()["answer"]) == (200, "known")
    assert api.get("/api/v1/shared/?q=nobody").json()["results"] == []
