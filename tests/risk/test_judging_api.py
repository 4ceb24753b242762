"""Judgement by API: the same services, the same refusals, as problem documents."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from audit.models import RecordRead
from core import clock
from risk.models import GradeJudgement
from tests.factories import victims as make_victims
from tests.personas import person
from tests.risk.test_unknowns import with_unknowns
from victims.models import Victim

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
JSON = "application/json"


@pytest.fixture
def now() -> datetime:
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def high(now: datetime) -> Victim:
    person("supervisor")
    return make_victims.victim(at=now - timedelta(days=5), grade="high")


def address(victim: Victim, rest: str) -> str:
    return f"/api/v1/victims/{victim.reference}/{rest}"


def test_from_judgement_to_agreement(high: Victim, sign_in: SignIn) -> None:
    put = sign_in("officer").post(
        address(high, "judgements/"), {"grade": "medium", "reason": "He moved."}, JSON
    )
    assert (put.status_code, put.json()["state"]) == (201, "waiting")
    decided = sign_in("supervisor").post(
        address(high, "judgements/decide/"),
        {"judgement": put.json()["judgement"], "agrees": True, "words": "Checked."},
        JSON,
    )
    assert (decided.status_code, decided.json()["state"]) == (200, "agreed")
    assert decided.json()["decided_by"] == "supervisor"
    shown = sign_in("worker").get(address(high, "risk/")).json()
    assert (shown["grade"], shown["because"]) == ("medium", "professional judgement: He moved.")
    assert [one["code"] for one in shown["criteria"]] == [
        "yes_answers",
        "escalation",
        "judgement",
        "repeat",
    ]
    assert len(shown["judgements"]) == 1
    assert RecordRead.objects.filter(subject=high.reference, user=person("worker")).count() == 1


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"reason": "x"}, 400, "grade"),
        ({"grade": "very_high", "reason": "x"}, 400, "grade"),
        ({"grade": "high", "reason": "x"}, 400, "grade"),
        ({"grade": "medium", "reason": " "}, 400, "reason"),
        ({"grade": "medium", "reason": "x", "seen": "standard"}, 409, "version"),
        ({"grade": "medium", "reason": "x", "colour": "red"}, 400, "colour"),
    ],
)
def test_bad_judgements(
    high: Victim, sign_in: SignIn, body: dict[str, Any], status: int, field: str
) -> None:
    refused = sign_in("officer").post(address(high, "judgements/"), body, JSON)
    assert refused.status_code == status
    assert refused["Content-Type"] == "application/problem+json"
    assert list(refused.json()["errors"]) == [field]
    assert not GradeJudgement.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"judgement": 999_999, "agrees": True, "words": "x"}, "judgement"),
        ({"agrees": True, "words": "x"}, "judgement"),
        ({"judgement": 1, "agrees": "perhaps", "words": "x"}, "agrees"),
        ({"judgement": 1, "agrees": False, "words": ""}, "words"),
    ],
)
def test_bad_decisions(high: Victim, sign_in: SignIn, body: dict[str, Any], field: str) -> None:
    refused = sign_in("supervisor").post(address(high, "judgements/decide/"), body, JSON)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [field])


def test_finding_out(now: datetime, sign_in: SignIn) -> None:
    row = with_unknowns(now)
    where = f"/api/v1/assessments/{row.reference}/unknowns/"
    client = sign_in("officer")
    assert [one["topic"] for one in client.get(where).json()] == ["q18", "q19"]
    body = {"topic": "q18", "found": "yes", "words": "Her sister saw it."}
    done = client.post(where, body, JSON).json()
    assert (done["raises"], done["suggested_grade"]) == (True, "high")
    assert done["unknown"]["state"] == "found"
    refused = client.post(where, body | {"topic": "q01"}, JSON)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["topic"])
    refused = client.post(where, body | {"found": "perhaps", "topic": "q19"}, JSON)
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["found"])
    assert sign_in("worker").post(where, body | {"found": "no"}, JSON).status_code == 409
