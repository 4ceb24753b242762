"""Pages of the disclosure scheme: from the victim's page to the visit; who sees what."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from audit.models import RecordRead
from core import clock
from perpetrators.models import DisclosureApplication
from tests.factories.disclosure import checked, decided, recorded
from tests.factories.incidents import DARREN, SIOBHAN, in_call, incident
from tests.factories.orders import parties
from tests.personas import person

SignIn = Callable[[str], Client]
DAY = timedelta(days=1)
LIST_QUERIES = 6
pytestmark = pytest.mark.django_db

APPLIED = {
    "scheme": "ask",
    "applicant": "Aoife O'Neill, her sister",
    "received_at": "2026-11-23T09:00",
    "reasons": "She has heard that he was violent before.",
}


@pytest.fixture(autouse=True)
def _at(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: at)


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_the_whole_way_from_the_victims_page(at: datetime, sign_in: SignIn) -> None:
    worker, manager = sign_in("worker"), sign_in("manager")
    victim, about = parties(incident(at=at - DAY))
    address = f"/victims/{victim.reference}/disclosures/new/"
    assert address in text(worker, f"/victims/{victim.reference}/")
    said = {**APPLIED, "person": about.pk}
    refused = worker.post(address, {**said, "reasons": ""})
    assert refused.status_code == 400
    assert "Aoife O&#x27;Neill, her sister" in refused.content.decode()
    for _ in range(2):
        assert worker.post(address, said).status_code == 302
    row = DisclosureApplication.objects.get()
    page = f"/disclosures/{row.reference}/"
    assert row.reference in text(worker, "/disclosures/")
    check = {"immediate_risk": "yes", "words": "He has her keys."}
    assert worker.post(page + "check/", {**check, "words": ""}).status_code == 400
    assert worker.post(page + "check/", check).status_code == 302
    assert "Immediate risk" in text(worker, page)
    assert worker.post(page + "decide/", {}).status_code == 403
    decision = {"outcome": "disclose", "words": "Necessary."}
    assert manager.post(page + "decide/", decision).status_code == 302
    shown = text(worker, page)
    assert "Do not telephone, write or visit" in shown
    visit = {"told": "protects", "name": "Aoife O'Neill", "visited_at": "2026-11-23T10:00"}
    refused = worker.post(page + "visit/", {**visit, "words": "Told of both."})
    assert refused.status_code == 400
    assert "asking alone is no reason" in refused.content.decode()
    assert "Told of both." in refused.content.decode()
    visit = {**visit, "protects_how": "lives with her", "words": "Told of both."}
    assert worker.post(page + "visit/", visit).status_code == 302
    assert "Aoife O&#x27;Neill: lives with her" in text(worker, page)
    assert row.reference not in text(worker, "/disclosures/")
    assert row.reference in text(worker, f"/victims/{victim.reference}/")


def test_somebody_else_on_record_by_reference(at: datetime, sign_in: SignIn) -> None:
    worker = sign_in("worker")
    case = incident(at=at)
    victim, about = parties(case)
    address = f"/victims/{victim.reference}/disclosures/new/"
    said = {**APPLIED, "person": "other"}
    refused = worker.post(address, {**said, "reference": "P-2026-999999"})
    assert "Nobody on record has this reference." in refused.content.decode()
    assert worker.post(address, {**said, "reference": about.reference.lower()}).status_code == 302
    assert DisclosureApplication.objects.get().person == about


def test_opening_is_on_record(at: datetime, sign_in: SignIn) -> None:
    row, client = recorded(at), sign_in("manager")
    client.get(f"/disclosures/{row.reference}/")
    read = RecordRead.objects.get(user=person("manager"))
    assert (read.subject, read.victim_id) == (row.reference, row.victim_id)


@pytest.mark.parametrize("who", ["idva", "idva_b", "agency"])
def test_partners_are_not_told_who_asked_nor_what_of(
    at: datetime, sign_in: SignIn, who: str
) -> None:
    """Nor is whoever stands beside the victim: of the scheme they see that its clock runs."""
    row = recorded(at)
    if who != "idva_b":
        assign_perm("victims.view_victim", person(who), row.victim)
        page = text(sign_in(who), f"/victims/{row.victim.reference}/")
        assert row.reasons not in page and row.applicant not in page
    assert sign_in(who).get(f"/disclosures/{row.reference}/").status_code == 404


@pytest.mark.parametrize(("who", "shown"), [("worker", True), ("officer", False)])
def test_the_persons_own_page_tells_only_who_works_on_it(
    at: datetime, sign_in: SignIn, who: str, shown: bool
) -> None:
    row = recorded(at)
    page = text(sign_in(who), f"/people/{row.person.reference}/")
    assert (row.reference in page) == shown


def test_on_the_page_of_a_victim_who_is_asked_about_nothing_stands(
    at: datetime, sign_in: SignIn
) -> None:
    """In a counter-allegation the person asked about is somebody's victim: theirs says nothing."""
    case = incident(at=at, people=(in_call("victim", **SIOBHAN), in_call("perpetrator", **DARREN)))
    row = recorded(at, of=case)
    turned = incident(
        at=at,
        people=(
            in_call("victim", person_id=row.person_id),
            in_call("perpetrator", person_id=row.victim.person_id),
        ),
    )
    his, _ = parties(turned)
    for address in (f"/victims/{his.reference}/", f"/victims/{his.reference}/timeline/"):
        assert row.reference not in text(sign_in("worker"), address)


def test_the_least_time_stands_first(at: datetime, sign_in: SignIn) -> None:
    first = recorded(at)
    case = incident(at=at, people=_others())
    urgent = checked(at, of=case, immediate_risk=True, received_at=at - DAY)
    shown = text(sign_in("worker"), "/disclosures/")
    assert shown.index(first.reference) < shown.index(urgent.reference)
    third = recorded(at, of=incident(at=at, people=_more()), received_at=at - 3 * DAY)
    shown = text(sign_in("worker"), "/disclosures/")
    assert shown.index(third.reference) < shown.index(first.reference)


def _others() -> tuple[Any, ...]:
    return (
        in_call("victim", given_name="Mina", family_name="Sand"),
        in_call("perpetrator", given_name="Kai", family_name="Roe"),
    )


def _more() -> tuple[Any, ...]:
    return (
        in_call("victim", given_name="Petra", family_name="Vale"),
        in_call("perpetrator", given_name="Olu", family_name="Marsh"),
    )


def test_the_list_costs_the_same_however_many(
    at: datetime, sign_in: SignIn, django_assert_num_queries: Any
) -> None:
    worker = sign_in("worker")
    recorded(at)
    worker.get("/disclosures/")
    with django_assert_num_queries(LIST_QUERIES):
        worker.get("/disclosures/")
    decided(at, of=incident(at=at, people=_others()))
    recorded(at, of=incident(at=at, people=_more()))
    with django_assert_num_queries(LIST_QUERIES):
        worker.get("/disclosures/")
