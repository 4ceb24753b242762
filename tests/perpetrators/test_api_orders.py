"""Notices and orders by API: the same services and the same refusals as the pages."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from guardian.shortcuts import assign_perm
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import RecordRead
from core import clock
from incidents.models import Incident
from perpetrators.models import Order, OrderBreach, ProtectionNotice
from tests.factories.incidents import incident
from tests.factories.orders import asked, order, parties, second_superintendent, served
from tests.personas import person as persona

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
CONDITIONS = [{"kind": "no_contact", "words": "No contact with Siobhán O'Neill"}]


@pytest.fixture(autouse=True)
def _at(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def api(username: str) -> APIClient:
    client = APIClient()
    client.force_authenticate(User.objects.get(pk=persona(username).pk))
    return client


def post(username: str, path: str, body: dict[str, Any], **headers: str) -> Any:
    return api(username).post(f"/api/v1/{path}", body, format="json", headers=headers)


def asking(of: Incident, **changes: Any) -> dict[str, Any]:
    victim, complained_of = parties(of)
    return {
        "victim": victim.reference,
        "person": complained_of.reference,
        "grounds": "He was at the door three times this week.",
        "victims_view": "She wants him kept away.",
        "conditions": CONDITIONS,
        **changes,
    }


def test_from_asking_to_an_order(at: datetime) -> None:
    case = incident(at=at)
    persona("superintendent")
    made = post("officer", f"incidents/{case.reference}/notice/", asking(case))
    assert made.status_code == 201
    reference = made.json()["reference"]
    path = f"notices/{reference}/"
    [waiting] = api("superintendent").get("/api/v1/notices/").json()["results"]
    assert (waiting["reference"], waiting["state"]) == (reference, "asked")
    assert datetime.fromisoformat(waiting["due_at"]) == at + timedelta(hours=4)

    said = {"authorise": True, "words": "Proportionate."}
    assert post("superintendent", path + "decide/", said).json()["state"] == "authorised"
    assert post("officer", path + "serve/", {"served_at": at}).json()["state"] == "served"
    listed = {"hearing_at": at + DAY, "court": "Fenwick Magistrates", "version": 3}
    assert post("officer", path + "hearing/", listed).json()["court"] == "Fenwick Magistrates"
    stale = post("officer", path + "hearing/", {**listed, "court": "Another"})
    assert stale.status_code == 409
    heard = {
        "outcome": "order_made",
        "heard_at": at,
        "court": "Fenwick Magistrates",
        "until": str((at + 28 * DAY).date()),
        "version": 4,
    }
    assert post("officer", path + "outcome/", heard).json()["state"] == "order_made"

    address = f"/api/v1/victims/{made.json()['victim']}/orders/"
    body = api("worker").get(address).json()
    [row] = body["orders"]
    assert (row["in_force"], row["notice"], row["conditions"]) == (True, reference, CONDITIONS)
    assert [one["reference"] for one in body["notices"]] == [reference]
    assert RecordRead.objects.filter(user=persona("worker"), path=address).count() == 1


def test_a_key_makes_one_notice_of_two_requests(at: datetime) -> None:
    case = incident(at=at)
    path = f"incidents/{case.reference}/notice/"
    first, second = (
        post("officer", path, asking(case), **{"Idempotency-Key": "n-1"}) for _ in range(2)
    )
    assert first.json() == second.json()
    assert ProtectionNotice.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"victim": "V-2026-999999"}, "victim"),
        ({"person": "P-2026-999999"}, "person"),
        ({"grounds": ""}, "grounds"),
        ({"conditions": []}, "conditions"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_is_named(at: datetime, changes: dict[str, Any], field: str) -> None:
    case = incident(at=at)
    refused = post("officer", f"incidents/{case.reference}/notice/", asking(case, **changes))
    assert refused.status_code == 400
    assert field in str(refused.json())
    assert not ProtectionNotice.objects.exists()


def test_decided_by_another_already(at: datetime) -> None:
    notice = asked(at)
    path = f"notices/{notice.reference}/decide/"
    said = {"authorise": True, "words": "Proportionate."}
    assert post("superintendent", path, said).status_code == 200
    second_superintendent()
    other = APIClient()
    other.force_authenticate(User.objects.get(username="superintendent_b"))
    late = other.post(f"/api/v1/{path}", {"authorise": False, "words": "No."}, format="json")
    assert late.status_code == 409
    assert "Kerr" in late.json()["detail"]


def test_lapse_and_withdrawal(at: datetime) -> None:
    notice = served(at)
    assert notice.incident is not None
    lapsed = post("officer", f"notices/{notice.reference}/lapse/", {"words": "No court sat."})
    assert lapsed.status_code == 409
    path = f"notices/{notice.reference}/breach/"
    breach = {"happened_at": at, "words": "He came.", "incident": notice.incident.reference}
    assert post("custody", path, breach).json()["incident"] == notice.incident.reference
    wrong = post("custody", path, {**breach, "incident": "DA-2026-999999"})
    assert wrong.status_code == 400
    assert "incident" in str(wrong.json())
    gone = post("officer", f"notices/{notice.reference}/withdraw/", {"words": "She left."})
    assert gone.status_code == 409


def test_an_order_recorded_breached_and_ended(at: datetime) -> None:
    case = incident(at=at)
    victim, bound = parties(case)
    path = f"victims/{victim.reference}/orders/"
    body = {
        "person": bound.reference,
        "kind": "non_molestation",
        "court": "Fenwick County Court",
        "made_at": at - DAY,
        "conditions": CONDITIONS,
    }
    made = post("custody", path, body)
    assert made.status_code == 201
    number = made.json()["order"]
    breach = {"happened_at": at, "words": "He came."}
    assert post("officer", f"{path}{number}/breach/", breach).status_code == 201
    ended = {"ended_at": at, "reason": "Discharged", "version": 1}
    assert post("officer", f"{path}{number}/end/", ended).json()["in_force"] is False
    assert post("handler", path, body).status_code == 403
    assert (Order.objects.count(), OrderBreach.objects.count()) == (1, 1)
    assert post("officer", f"{path}999999/end/", ended).status_code == 404


def test_whose_victim_it_is_not_finds_nothing(at: datetime) -> None:
    notice = served(at)
    addresses = [f"notices/{notice.reference}/", f"victims/{notice.victim.reference}/orders/"]
    assign_perm("victims.view_victim", persona("idva"), notice.victim)
    for address in addresses:
        assert api("idva").get(f"/api/v1/{address}").status_code == 200
        assert api("idva_b").get(f"/api/v1/{address}").status_code == 404


Queries = Callable[[int], Any]


def test_the_lists_cost_the_same_however_many(
    at: datetime, django_assert_num_queries: Queries
) -> None:
    case = incident(at=at)
    for number in range(4):
        order(at - number * DAY, of=case)
    notice = served(at, of=case)
    officer = api("officer")
    officer.get("/api/v1/notices/")
    with django_assert_num_queries(1):
        officer.get("/api/v1/notices/")
    with django_assert_num_queries(4):
        officer.get(f"/api/v1/victims/{notice.victim.reference}/orders/")
