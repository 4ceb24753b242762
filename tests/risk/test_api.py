"""Assessments by API: the same services, the same refusals, as problem documents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from accounts.models import User
from audit.models import RecordRead
from core import clock
from risk.models import Assessment
from tests.factories import risk as make

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
People = Callable[[str], User]
JSON = "application/json"


@pytest.fixture
def now() -> datetime:
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def draft(now: datetime) -> Assessment:
    return make.draft(now)


def address(row: Assessment, rest: str = "") -> str:
    return f"/api/v1/assessments/{row.reference}/{rest}"


def judgement(row: Assessment, **more: Any) -> dict[str, Any]:
    return {"version": row.version, "judged_grade": "high", "judged_reason": "Her dread.", **more}


def test_from_beginning_to_review(now: datetime, sign_in: SignIn, people: People) -> None:
    victim = make.a_victim(now)
    incident = make.an_incident(now, victim, officer=people("officer"))
    officer, supervisor = sign_in("officer"), sign_in("supervisor")
    where = f"/api/v1/incidents/{incident.reference}/assessments/"
    begun = officer.post(where, {}, JSON)
    assert begun.status_code == 201
    reference, version = begun.json()["reference"], begun.json()["version"]
    assert officer.post(where, {"victim": victim.reference}, JSON).json()["reference"] == reference
    own = f"/api/v1/assessments/{reference}/"
    kept = officer.patch(own, {"version": version, "answers": make.answers("q18")}, JSON)
    assert kept.status_code == 200
    assert kept.json()["suggested_reasons"] == ["strangulation"]
    done = officer.post(
        f"{own}submit/",
        {"version": kept.json()["version"], "judged_grade": "high", "judged_reason": "Why."},
        JSON,
    )
    assert (done.status_code, done.json()["state"], done.json()["grade"]) == (
        200,
        "submitted",
        "high",
    )
    reviewed = supervisor.post(
        f"{own}review/", {"version": done.json()["version"], "decision": "accept"}, JSON
    )
    assert (reviewed.status_code, reviewed.json()["state"]) == (200, "reviewed")
    assert officer.get(own).json() == reviewed.json()
    assert RecordRead.objects.filter(subject=reference, path=own).count() == 1


def test_an_idempotent_beginning(draft: Assessment, sign_in: SignIn) -> None:
    where = f"/api/v1/incidents/{draft.incident.reference}/assessments/"
    answers = [
        sign_in("officer").post(where, {}, JSON, headers={"Idempotency-Key": "k"}) for _ in "ab"
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()


def test_which_victim(now: datetime, sign_in: SignIn) -> None:
    one, other = make.a_victim(now), make.a_victim(now, given_name="Rosa")
    stranger = make.a_victim(now, given_name="Ona")
    incident = make.an_incident(now, one, other)
    where = f"/api/v1/incidents/{incident.reference}/assessments/"
    for body in ({}, {"victim": stranger.reference}, {"victim": "V-0"}):
        refused = sign_in("officer").post(where, body, JSON)
        assert refused.status_code == 400
        assert list(refused.json()["errors"]) == ["victim"]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 400, "version"),
        ({"version": 0}, 400, "version"),
        ({"version": 1, "answers": []}, 400, "answers"),
        ({"version": 1, "answers": {"q01": {"answer": "perhaps"}}}, 400, "answers"),
        ({"version": 1, "answers": {"q01": "yes"}}, 400, "answers"),
        ({"version": 1, "answers": {"q01": {"answer": "yes", "colour": "red"}}}, 400, "answers"),
        ({"version": 1, "answers": {"q99": {"answer": "yes"}}}, 400, "q99"),
        ({"version": 1, "answers": {"q01": {"words": "a\x07"}}}, 400, "q01_words"),
        ({"version": 1, "answers": {"q01": {"words": "x" * 4_001}}}, 400, "answers"),
        ({"version": 1, "judged_grade": "very_high"}, 400, "judged_grade"),
        ({"version": 1, "grade": "high"}, 400, "grade"),
        ({"version": 9}, 409, "version"),
    ],
)
def test_bad_answers(
    draft: Assessment, sign_in: SignIn, body: dict[str, Any], status: int, field: str
) -> None:
    refused = sign_in("officer").patch(address(draft), body, JSON)
    assert refused.status_code == status
    assert refused["Content-Type"] == "application/problem+json"
    assert list(refused.json()["errors"]) == [field]
    draft.refresh_from_db()
    assert (draft.answers, draft.version) == ({}, 1)


def test_malformed_json(draft: Assessment, sign_in: SignIn) -> None:
    refused = sign_in("officer").patch(address(draft), "{", JSON)
    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"


def test_stale_carries_both_versions(draft: Assessment, sign_in: SignIn) -> None:
    client = sign_in("officer")
    client.patch(address(draft), {"version": 1, "answers": {"q01": {"answer": "yes"}}}, JSON)
    refused = client.patch(
        address(draft), {"version": 1, "answers": {"q01": {"answer": "no"}}}, JSON
    ).json()
    assert refused["version"] == 2
    assert refused["theirs"]["answers"] == {"q01": {"answer": "yes"}}
    assert refused["yours"]["answers"] == {"q01": {"answer": "no"}}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({}, 400, "q01"),
        ({"judged_grade": ""}, 400, "judged_grade"),
        ({"judged_reason": " "}, 400, "judged_reason"),
        ({"version": None}, 400, "version"),
        ({"version": 7}, 409, "version"),
        ({"shout": "yes"}, 400, "shout"),
    ],
)
def test_bad_submissions(
    draft: Assessment, sign_in: SignIn, change: dict[str, Any], status: int, field: str
) -> None:
    refused = sign_in("officer").post(address(draft, "submit/"), judgement(draft, **change), JSON)
    assert refused.status_code == status
    assert field in refused.json()["errors"]
    draft.refresh_from_db()
    assert draft.state == "draft"


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"decision": "shrug"}, 400, "decision"),
        ({"decision": "return"}, 400, "rationale"),
        ({"decision": "regrade", "rationale": "x"}, 400, "grade"),
        ({"version": 1}, 409, "version"),
    ],
)
def test_bad_reviews(
    now: datetime, sign_in: SignIn, change: dict[str, Any], status: int, field: str
) -> None:
    row = make.submitted(now, "q18")
    body = {"version": row.version, "decision": "accept", **change}
    refused = sign_in("supervisor").post(address(row, "review/"), body, JSON)
    assert refused.status_code == status
    assert list(refused.json()["errors"]) == [field]
    row.refresh_from_db()
    assert row.state == "submitted"


def test_a_second_review_is_told_who_was_first(now: datetime, sign_in: SignIn) -> None:
    row = make.submitted(now, "q18")
    body = {"version": row.version, "decision": "accept"}
    client = sign_in("supervisor")
    assert client.post(address(row, "review/"), body, JSON).status_code == 200
    late = client.post(address(row, "review/"), body, JSON)
    assert (late.status_code, late.json()["code"]) == (409, "already_taken")
    assert "N. Obi has accepted" in late.json()["detail"]


@pytest.mark.parametrize(
    ("name", "read", "write"),
    [
        ("officer_b", 200, 403),
        ("supervisor", 200, 403),
        ("worker", 200, 403),
        ("handler", 200, 403),
        ("idva", 404, 404),
        ("analyst", 404, 404),
        ("nobody", 404, 404),
    ],
)
def test_who_may(draft: Assessment, sign_in: SignIn, name: str, read: int, write: int) -> None:
    client = sign_in(name)
    assert client.get(address(draft)).status_code == read
    assert client.patch(address(draft), {"version": 1}, JSON).status_code == write
    assert client.post(address(draft, "submit/"), judgement(draft), JSON).status_code == write


def test_an_idva_with_a_grant_only_reads(
    draft: Assessment, sign_in: SignIn, people: People
) -> None:
    assign_perm("victims.view_victim", people("idva"), draft.victim)
    client = sign_in("idva")
    assert client.get(address(draft)).status_code == 200
    assert client.patch(address(draft), {"version": 1}, JSON).status_code == 403
    where = f"/api/v1/incidents/{draft.incident.reference}/assessments/"
    assert client.post(where, {}, JSON).status_code == 403


def test_nobody_without_a_token(draft: Assessment) -> None:
    assert Client().get(address(draft)).status_code == 401
