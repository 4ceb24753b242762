"""The disclosure scheme by API: the same services and the same refusals as the pages."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import RecordRead
from core import clock
from perpetrators.models import DisclosureApplication
from tests.factories.disclosure import checked, recorded
from tests.factories.incidents import incident
from tests.factories.orders import parties
from tests.personas import person as persona

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _at(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def api(username: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=persona(username).pk))
    return client


def post(username: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    return api(username).post(f"/api/v1/{path}", body, format="json", headers=headers)


def test_from_the_application_to_the_visit(at: datetime) -> None:
    victim, about = parties(incident(at=at))
    body = {
        "scheme": "know",
        "person": about.reference,
        "received_at": at,
        "reasons": "Two earlier partners made complaints.",
    }
    path = f"victims/{victim.reference}/disclosures/"
    first, second = (post("worker", path, body, **{"Idempotency-Key": "d-1"}) for _ in range(2))
    assert (first.status_code, first.json()) == (201, second.json())
    reference = first.json()["reference"]
    page = f"disclosures/{reference}/"
    [row] = api("worker").get("/api/v1/disclosures/").json()["results"]
    assert (row["reference"], row["state"]) == (reference, "received")
    assert datetime.fromisoformat(row["due_at"]) == at + timedelta(hours=24)

    check = {"immediate_risk": False, "words": "Nothing recent."}
    assert post("investigator", page + "check/", check).json()["state"] == "checked"
    decision = {"outcome": "disclose", "words": "Necessary."}
    assert post("worker", page + "decide/", decision).status_code == 403
    assert post("manager", page + "decide/", decision).json()["state"] == "disclose"
    assert post("worker_b", page + "take/", {}).json()["owner"] == "worker_b"
    visit = {"told": "protects", "name": "Mary O'Neill", "visited_at": at, "words": "Both."}
    refused = post("worker", page + "visit/", visit)
    assert refused.status_code == 400
    assert "protects_how" in str(refused.json())
    told = post("worker", page + "visit/", {**visit, "protects_how": "her mother"})
    assert (told.json()["state"], told.json()["told_whom"]) == (
        "disclosed",
        "Mary O'Neill: her mother",
    )
    assert api("worker").get("/api/v1/disclosures/").json()["results"] == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person": "P-2026-999999"}, "person"),
        ({"scheme": "wish"}, "scheme"),
        ({"reasons": ""}, "reasons"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(at: datetime, changes: dict[str, str], field: str) -> None:
    victim, about = parties(incident(at=at))
    body = {"scheme": "ask", "person": about.reference, "received_at": at, "reasons": "Fear."}
    refused = post("worker", f"victims/{victim.reference}/disclosures/", {**body, **changes})
    assert refused.status_code == 400
    assert field in str(refused.json())
    assert not DisclosureApplication.objects.exists()


def test_withdrawn_unless_somebody_is_at_risk(at: datetime) -> None:
    row = recorded(at)
    gone = post("worker", f"disclosures/{row.reference}/withdraw/", {"words": "She left."})
    assert gone.json()["state"] == "withdrawn"
    risky = checked(at, of=row.victim.involvements.get().incident, immediate_risk=True)
    kept = post("worker", f"disclosures/{risky.reference}/withdraw/", {"words": "She left."})
    assert kept.status_code == 409


def test_what_is_read_is_on_record_and_others_find_nothing(at: datetime) -> None:
    row = recorded(at)
    for address in (
        f"disclosures/{row.reference}/",
        f"victims/{row.victim.reference}/disclosures/",
    ):
        path = f"/api/v1/{address}"
        assert api("officer").get(path).status_code == 200
        assert RecordRead.objects.filter(user=persona("officer"), path=path).count() == 1
        assert api("idva_b").get(path).status_code == 404
    assert api("officer").get("/api/v1/disclosures/").status_code == 403


def test_the_list_is_one_query(at: datetime, django_assert_num_queries: Any) -> None:
    recorded(at)
    worker = api("worker")
    worker.get("/api/v1/disclosures/")
    with django_assert_num_queries(1):
        worker.get("/api/v1/disclosures/")
