"""Responsibility for other systems: who answers now, offers and answers, and one's own list."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from core import clock
from tests.factories import victims
from tests.personas import person
from victims import services
from victims.models import Handover, Victim

SignIn = Callable[[str], Client]
People = Callable[[str], User]
pytestmark = pytest.mark.django_db


@pytest.fixture
def row(people: People) -> Victim:
    people("supervisor"), people("officer_b")
    found = victims.victim(grade="high")
    officer = people("officer")
    services.set_responsible(victim_id=found.pk, person=officer, actor=officer, at=clock.now())
    return found


def post(client: Client, address: str, said: dict[str, object]) -> tuple[int, dict[str, object]]:
    answer = client.post(
        address, said, content_type="application/json", headers={"Idempotency-Key": str(uuid4())}
    )
    return answer.status_code, answer.json()


def test_offered_answered_and_named(row: Victim, sign_in: SignIn) -> None:
    address = f"/api/v1/victims/{row.reference}/handovers/"
    named = sign_in("worker").get(address).json()["duties"]
    assert [(one["duty"], one["person"], one["why"]) for one in named] == [
        ("contact", "officer", "has it, Fenwick response"),
        ("risk", "officer", "has it, Fenwick response"),
        ("plan", "officer", "has it, Fenwick response"),
    ]
    said: dict[str, object] = {"duty": "risk", "to": "officer_b", "words": "Court on Friday."}
    status, offer = post(sign_in("officer"), address, said)
    assert (status, offer["state"], offer["to"]) == (201, "offered", "officer_b")
    mine = sign_in("officer_b").get("/api/v1/duties/").json()
    assert [one["id"] for one in mine["to_answer"]] == [offer["id"]]
    status, refused = post(
        sign_in("officer_b"), f"{address}{offer['id']}/answer/", {"takes": False}
    )
    assert status == 400
    assert "words" in str(refused)
    status, taken = post(sign_in("officer_b"), f"{address}{offer['id']}/answer/", {"takes": True})
    assert (status, taken["state"]) == (200, "taken")
    mine = sign_in("officer_b").get("/api/v1/duties/").json()
    assert [(one["victim"], one["duties"]) for one in mine["victims"]] == [
        (row.reference, ["risk"])
    ]


def test_what_is_refused(row: Victim, sign_in: SignIn) -> None:
    address = f"/api/v1/victims/{row.reference}/handovers/"
    said: dict[str, object] = {"duty": "risk", "to": "officer_b", "words": "x"}
    assert post(sign_in("worker"), address, said)[0] == 403
    assert post(sign_in("officer"), address, said | {"to": "auditor"})[0] == 400
    assert post(sign_in("officer"), address, said | {"more": 1})[0] == 400
    _, offer = post(sign_in("officer"), address, said)
    assert post(sign_in("officer"), f"{address}{offer['id']}/answer/", {"takes": True})[0] == 403
    withdraw = f"{address}{offer['id']}/withdraw/"
    assert post(sign_in("worker"), withdraw, {"reason": "x"})[0] == 403
    assert post(sign_in("officer"), withdraw, {"reason": "She is on leave."})[0] == 200
    assert Handover.objects.get().state == "withdrawn"
    person("auditor")
    assert sign_in("auditor").get("/api/v1/duties/").status_code == 403
