"""Asking for closure and signing off through the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core import clock
from incidents.models import Closure, Incident
from tests.factories import closure as gate
from tests.factories.response import attended
from tests.personas import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def row() -> Incident:
    return gate.ready(at=clock.now())


def post(client: Client, row: Incident, act: str, body: dict[str, Any], key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/incidents/{row.reference}/{act}/",
        body,
        content_type="application/json",
        headers=headers,
    )


def ask(client: Client, row: Incident, key: str = "", **changes: Any) -> Any:
    return post(client, row, "request-closure", {"answers": gate.answered(), **changes}, key)


def test_asked_refused_asked_again_and_signed(sign_in: SignIn, row: Incident) -> None:
    officer, inspector = sign_in("officer"), sign_in("inspector")
    asked = ask(officer, row, "k1")
    assert asked.status_code == 201
    body = asked.json()
    assert (body["reference"], body["decision"], body["kind"]) == (row.reference, "", "non_crime")
    assert body["due_at"] is not None
    replay = ask(officer, row, "k1")
    assert (replay.json(), replay.headers["Idempotent-Replay"]) == (body, "true")
    bare = post(inspector, row, "sign-off", {"decision": "refused"})
    assert (bare.status_code, list(bare.json()["errors"])) == (400, ["words"])
    refused = post(inspector, row, "sign-off", {"decision": "refused", "words": "Where is she?"})
    assert refused.json()["decision"] == "refused"
    second = ask(officer, row).json()
    old = {"decision": "signed_off", "request": body["request"]}
    assert post(inspector, row, "sign-off", old).status_code == 409
    stale = {"decision": "signed_off", "request": second["request"], "version": 1}
    answer = post(inspector, row, "sign-off", stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "stale")
    signed = post(inspector, row, "sign-off", {**stale, "version": second["version"]}, "k2")
    assert (signed.status_code, signed.json()["state"]) == (200, "closed")
    assert (
        post(inspector, row, "sign-off", {**stale, "version": second["version"]}, "k2").json()
        == signed.json()
    )
    assert signed.json()["decided_by"] == "inspector"


def test_what_is_missing_is_said(sign_in: SignIn) -> None:
    row = attended("officer", at=clock.now())
    answer = ask(sign_in("officer"), row)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_ready")
    assert "The first response is not recorded." in answer.json()["detail"]


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"injuries": {"answer": "no"}}, "answers.injuries.words"),
        ({"safe_now": {"answer": "n/a", "words": "So."}}, "answers.safe_now.answer"),
    ],
)
def test_a_wrong_answer_is_named(
    sign_in: SignIn, row: Incident, answers: dict[str, Any], field: str
) -> None:
    answer = ask(sign_in("officer"), row, answers={**gate.answered(), **answers})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    unknown = ask(sign_in("officer"), row, bribe="yes")
    assert unknown.status_code == 400
    assert not Closure.objects.exists()


def test_the_control_room_names_the_officer(sign_in: SignIn, row: Incident) -> None:
    handler = sign_in("handler")
    for name in ("nobody_at_all", "officer_b"):
        answer = ask(handler, row, answered_by=name)
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["answered_by"])
    assert ask(handler, row, answered_by="officer").json()["answered_by"] == "officer"


@pytest.mark.parametrize("who", ["officer", "handler", "supervisor", "head", "worker", "idva"])
def test_nobody_else_signs(sign_in: SignIn, row: Incident, who: str) -> None:
    gate.requested(row, at=clock.now())
    answer = post(sign_in(who), row, "sign-off", {"decision": "signed_off"})
    assert answer.status_code in {403, 404}
    assert Closure.objects.get().decision == ""


def test_nothing_to_sign(sign_in: SignIn, row: Incident) -> None:
    inspector = sign_in("inspector")
    answer = post(inspector, row, "sign-off", {"decision": "signed_off"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_requested")
    other = gate.requested(gate.ready(at=clock.now()), at=clock.now())
    wrong = {"decision": "signed_off", "request": other.pk}
    assert post(inspector, row, "sign-off", wrong).status_code == 404


def test_an_inspector_who_asked_is_refused(sign_in: SignIn, row: Incident) -> None:
    person("officer")
    inspector = sign_in("inspector")
    assert ask(inspector, row, answered_by="officer").status_code == 201
    assert post(inspector, row, "sign-off", {"decision": "signed_off"}).status_code == 403
