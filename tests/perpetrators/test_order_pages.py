"""Pages of notices and orders: from the incident to the court, and on the victim's page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core import clock
from incidents.history import Clues, look_up
from perpetrators.models import Order, OrderBreach, ProtectionNotice
from tests.factories.incidents import incident
from tests.factories.orders import asked, authorised, order, parties, served
from tests.personas import person

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
db = pytest.mark.django_db

ASKED = {
    "grounds": "He was at the door three times this week.",
    "victims_view": "She wants him kept away.",
    "condition_no_contact": "No contact with Siobhán\nNo contact through the children",
}


@pytest.fixture(autouse=True)
def _at(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


@db
def test_an_officer_asks_from_the_incident(at: datetime, sign_in: SignIn) -> None:
    case, client = incident(at=at), sign_in("officer")
    victim, complained_of = parties(case)
    address = f"/incidents/{case.reference}/notice/"
    assert address in client.get(f"/incidents/{case.reference}/").content.decode()
    assert client.get(address).status_code == 200
    said = {**ASKED, "victim": victim.pk, "person": complained_of.pk}
    refused = client.post(address, {**said, "victims_view": ""})
    assert refused.status_code == 400
    assert "He was at the door three times this week." in refused.content.decode()
    assert client.post(address, said).status_code == 302
    notice = ProtectionNotice.objects.get()
    assert [one["words"] for one in notice.conditions] == [
        "No contact with Siobhán",
        "No contact through the children",
    ]
    assert notice.reference in client.get(f"/incidents/{case.reference}/").content.decode()
    # Pressed twice it is asked once.
    assert client.post(address, said).status_code == 302
    assert ProtectionNotice.objects.count() == 1


@db
def test_no_condition_is_refused_at_the_boxes(at: datetime, sign_in: SignIn) -> None:
    case = incident(at=at)
    victim, complained_of = parties(case)
    said = {**ASKED, "victim": victim.pk, "person": complained_of.pk, "condition_no_contact": ""}
    answer = sign_in("officer").post(f"/incidents/{case.reference}/notice/", said)
    assert answer.status_code == 400
    assert "Give at least one condition." in answer.content.decode()


@db
def test_a_superintendent_decides_on_the_page(at: datetime, sign_in: SignIn) -> None:
    notice, boss = asked(at), sign_in("superintendent")
    page = f"/notices/{notice.reference}/"
    assert page in boss.get("/notices/").content.decode()
    assert "Your decision" in boss.get(page).content.decode()
    assert "Your decision" not in sign_in("officer").get(page).content.decode()
    refused = boss.post(page + "decide/", {"authorise": "yes", "words": ""})
    assert refused.status_code == 400
    assert boss.post(page + "decide/", {"authorise": "yes", "words": "Needed."}).status_code == 302
    notice.refresh_from_db()
    assert notice.state == "authorised"
    again = boss.post(page + "decide/", {"authorise": "no", "words": "On reflection no."})
    assert again.status_code == 409
    assert "On reflection no." in again.content.decode()


@db
def test_served_and_heard_on_the_page(at: datetime, sign_in: SignIn) -> None:
    notice, client = authorised(at - DAY), sign_in("officer")
    page = f"/notices/{notice.reference}/"
    assert client.post(page + "serve/", {"served_at": "2026-11-22T12:00"}).status_code == 302
    shown = client.get(page).content.decode()
    assert "not counting Sundays and bank holidays" in shown
    said = {"hearing_at": "2026-11-24T10:00", "court": "Fenwick Magistrates", "version": 3}
    assert client.post(page + "hearing/", said).status_code == 302
    stale = client.post(page + "hearing/", {**said, "hearing_at": "2026-11-24T14:00"})
    assert stale.status_code == 409
    assert "2026-11-24T14:00" in stale.content.decode()
    heard = {
        "outcome": "order_made",
        "heard_at": "2026-11-23T09:30",
        "court": "Fenwick",
        "version": 4,
    }
    refused = client.post(page + "outcome/", {**heard, "until": "2027-03-01"})
    assert refused.status_code == 400
    assert "14 to 28 days" in refused.content.decode()
    assert client.post(page + "outcome/", {**heard, "until": "2026-12-14"}).status_code == 302
    assert Order.objects.get().notice == notice


@db
def test_an_order_is_recorded_breached_and_ended(at: datetime, sign_in: SignIn) -> None:
    case, client = incident(at=at - DAY), sign_in("officer")
    victim, bound = parties(case)
    base = f"/victims/{victim.reference}/orders/"
    assert base in client.get(f"/victims/{victim.reference}/").content.decode()
    said = {
        "person": bound.pk,
        "kind": "non_molestation",
        "court": "Fenwick County Court",
        "made_at": "2026-11-22T11:00",
        "condition_keep_away": "Not to come to Tanglewood Court",
    }
    refused = client.post(base + "new/", {**said, "court": ""})
    assert refused.status_code == 400
    assert "Not to come to Tanglewood Court" in refused.content.decode()
    assert client.post(base + "new/", said).status_code == 302
    row = Order.objects.get()
    assert "Non-molestation order" in client.get(f"/victims/{victim.reference}/").content.decode()
    breached = {"happened_at": "2026-11-23T08:00", "words": "He came.", "incident_id": case.pk}
    assert client.post(f"{base}{row.pk}/breach/", breached).status_code == 302
    assert OrderBreach.objects.get().incident == case
    ended = {"ended_at": "2026-11-23T09:00", "reason": "Discharged", "version": 1}
    assert client.post(f"{base}{row.pk}/end/", ended).status_code == 302
    shown = client.get(base).content.decode()
    assert "He came." in shown
    assert "Discharged" in shown


@db
def test_the_next_call_is_told(at: datetime) -> None:
    row = order(at)
    found = look_up(clues=Clues(number="+447700900417"), at=at, reader=person("handler"))
    assert any("Non-molestation order" in one.words for one in found.orders)
    assert row.victim.reference in [one.reference for one in found.orders]


@db
@pytest.mark.parametrize(("who", "status"), [("handler", 403), ("idva_b", 404), ("worker", 403)])
def test_whose_steps_they_are(at: datetime, sign_in: SignIn, who: str, status: int) -> None:
    notice = served(at)
    client = sign_in(who)
    for step in ("decide", "serve", "hearing", "outcome", "lapse", "withdraw"):
        assert client.post(f"/notices/{notice.reference}/{step}/", {}).status_code == status


LIST_QUERIES, VICTIM_QUERIES = 14, 14


@db
def test_the_pages_cost_the_same_however_many(
    at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    case = incident(at=at)
    for number in range(4):
        order(at - number * DAY, of=case)
    notice = served(at, of=case)
    officer = sign_in("officer")
    for address in ("/notices/", f"/victims/{notice.victim.reference}/orders/"):
        officer.get(address)
        with django_assert_max_num_queries(VICTIM_QUERIES):
            officer.get(address)


@db
@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_year_that_nobody_lives_in_is_refused_at_the_field(
    at: datetime, sign_in: SignIn, typed: str
) -> None:
    case = incident(at=at)
    made, notice, client = order(at, of=case), served(at, of=case), sign_in("officer")
    theirs = f"/victims/{made.victim.reference}/orders/"
    new = {"person": made.person_id, "kind": "other", "court": "Fenwick", "made_at": typed}
    ended = {"ended_at": typed, "reason": "x", "version": made.version}
    listed = {"hearing_at": typed, "court": "Fenwick", "version": notice.version}
    heard = {"heard_at": typed, "outcome": "order_refused", "court": "x", "words": "x"}
    for address, sent in (
        (f"{theirs}new/", {**new, "condition_no_contact": "x"}),
        (f"{theirs}{made.pk}/end/", ended),
        (f"{theirs}{made.pk}/breach/", {"happened_at": typed, "words": "x"}),
        (f"/notices/{notice.reference}/hearing/", listed),
        (f"/notices/{notice.reference}/outcome/", {**heard, "version": notice.version}),
    ):
        answer = client.post(address, sent)
        assert answer.status_code == 400, address
        assert "Check the year." in answer.content.decode(), address
