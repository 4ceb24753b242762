"""Pages and API of cases: the list, one case, proposing, answering, describing, closing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import RecordRead
from core import clock
from incidents.models import Involvement
from marac.models import MaracCase
from marac.services import set_flag
from tests.factories import incidents as calls
from tests.factories import incoming, risk, victims
from tests.factories import marac as make
from tests.personas import person
from victims.models import Victim
from victims.services import withhold

pytestmark = pytest.mark.django_db

SignIn = Callable[[str], Client]
WORDS = {"words": "She fears for her life.", "below_reason": "He found her new address."}


@pytest.fixture
def victim() -> Victim:
    make.conference()
    calls.incident(at=clock.now() - timedelta(days=2))
    return Victim.objects.get()


def propose(client: Client, victim: Victim, **said: Any) -> Any:
    return client.post(f"/marac/propose/?victim={victim.reference}", {**WORDS, **said})


def case_of(victim: Victim, **changes: Any) -> MaracCase:
    return make.case(clock.now() - timedelta(days=2), victim=victim, **changes)


def html(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_a_worker_refers_a_victim_and_who_harms_them(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("worker")
    page = html(client, f"/marac/propose/?victim={victim.reference}")
    assert "Criteria as they stand" in page
    assert "Darren Pike" in page
    darren = Involvement.objects.get(role="perpetrator").person
    response = propose(client, victim, perpetrator_id=darren.pk, children="2")
    case = MaracCase.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/marac/cases/{case.reference}/"
    assert (case.perpetrator, case.children, case.source) == (darren, 2, "worker")
    page = html(client, f"/marac/cases/{case.reference}/")
    assert "She fears for her life." in page
    assert '0<span class="muted"> of 14</span>' in page
    assert RecordRead.objects.filter(subject=case.reference).count() == 1


def test_refused_it_shows_again_with_what_was_typed(victim: Victim, sign_in: SignIn) -> None:
    response = propose(sign_in("worker"), victim, below_reason="")
    page = response.content.decode()
    assert response.status_code == 400
    assert "No criterion is met." in page
    assert "She fears for her life." in page
    assert not MaracCase.objects.exists()


def test_sent_twice_it_is_one_case(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("worker")
    assert propose(client, victim)["Location"] == propose(client, victim)["Location"]
    assert MaracCase.objects.get().version == 1


def test_an_agency_refers_whom_it_referred_to_the_unit(sign_in: SignIn) -> None:
    make.conference()
    sent = incoming.referred(clock.now() - timedelta(hours=1))
    client, other = sign_in("agency"), sign_in("agency_b")
    path = f"/marac/propose/?referral={sent.referral.reference}"
    assert sent.referral.reference in html(client, "/marac/propose/")
    assert other.get(path).status_code == 404
    # The record itself is not the agency's to see.
    assert client.get(f"/marac/propose/?victim={sent.victim.reference}").status_code == 404
    page = html(client, path)
    assert "Criteria" not in page
    response = client.post(path, WORDS)
    case = MaracCase.objects.get()
    assert response["Location"] == "/referred/"
    assert (case.source, case.agency, case.victim) == ("agency", sent.agency, sent.victim)
    assert client.get(f"/marac/cases/{case.reference}/").status_code == 404


def test_the_coordinator_answers_describes_and_closes(victim: Victim, sign_in: SignIn) -> None:
    case, client = case_of(victim, state="proposed"), sign_in("coordinator")
    path = f"/marac/cases/{case.reference}/"
    assert "Answer it" in html(client, path)
    said = {"accept": "yes", "version": case.version}
    assert client.post(f"{path}decide/", said)["Location"] == path
    case.refresh_from_db()
    assert case.state == "accepted"
    said = {"minority_ethnic": "no", "lgbt": "not_known", "disability": "yes", "children": "1"}
    assert client.post(f"{path}about/", {**said, "version": case.version}).status_code == 302
    case.refresh_from_db()
    assert (case.minority_ethnic, case.lgbt, case.disability) == ("no", "not_known", "yes")
    late = client.post(f"{path}about/", {**said, "disability": "no", "version": 1})
    assert late.status_code == 409
    assert "Now on record" in late.content.decode()
    refused = client.post(f"{path}close/", {"because": "died", "version": case.version})
    assert (refused.status_code, case.state) == (400, "accepted")
    said = {"because": "died", "words": "He died.", "version": str(case.version)}
    assert client.post(f"{path}close/", said).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.closed_words) == ("closed", "He died.")


def test_answered_meanwhile_by_the_chair_what_was_typed_stays(
    victim: Victim, sign_in: SignIn
) -> None:
    case = case_of(victim)
    said = {"accept": "no", "words": "Nothing is new.", "version": case.version}
    response = sign_in("coordinator").post(f"/marac/cases/{case.reference}/decide/", said)
    page = response.content.decode()
    assert response.status_code == 409
    assert "P. Novak accepted" in page
    assert "Nothing is new." in page


def test_a_case_leads_to_its_handover_and_its_flag(victim: Victim, sign_in: SignIn) -> None:
    heard = make.heard(clock.now() - timedelta(days=1), case=case_of(victim))
    flag = set_flag(
        hearing_id=heard.pk, actor=person("chair"), at=clock.now() - timedelta(hours=20)
    )
    assert flag is not None
    keeper = html(sign_in("coordinator"), f"/marac/cases/{heard.case.reference}/")
    assert f"/marac/cases/{heard.case.reference}/transfer/" in keeper
    assert f"/marac/flags/{flag.pk}/end/" in keeper
    reader = html(sign_in("officer"), f"/marac/cases/{heard.case.reference}/")
    assert "Flagged until" in reader
    assert "/transfer/" not in reader and "/end/" not in reader


def test_the_list_and_its_filters(victim: Victim, sign_in: SignIn) -> None:
    waits = case_of(victim, state="proposed")
    him = victims.person("Ian", "Dale", None, sex="male")
    hears = case_of(victim, perpetrator=him)
    over = case_of(victim, state="not_accepted")
    client = sign_in("coordinator")

    def found(query: str) -> list[str]:
        page = html(client, f"/marac/cases/{query}")
        rows = [waits, hears, over]
        shown = [row.reference for row in rows if row.reference in page]
        return sorted(shown, key=page.index)

    assert found("") == [waits.reference, hears.reference]
    assert found("?show=proposed") == [waits.reference]
    assert found("?show=to_hear") == [hears.reference]
    assert found("?show=closed") == [over.reference]
    assert found("?show=all&q=daile") == [hears.reference]
    assert found(f"?show=all&q={over.reference}") == [over.reference]
    assert found("?show=repeats") == []


def test_what_is_withheld_from_somebody_is_not_there(victim: Victim, sign_in: SignIn) -> None:
    case, worker = case_of(victim), person("worker")
    withhold(
        victim_id=victim.pk,
        person_id=worker.pk,
        reason="His sister.",
        actor=person("manager"),
        at=clock.now(),
    )
    client = sign_in("worker")
    assert case.reference not in html(client, "/marac/cases/")
    for path in ("", "about/"):
        assert client.get(f"/marac/cases/{case.reference}/{path}").status_code == 404
    assert client.get(f"/marac/propose/?victim={victim.reference}").status_code == 404


def test_what_pages_cost_does_not_grow(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("coordinator")

    def cost(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as asked:
            html(client, path)
        return len(asked)

    first = case_of(victim, state="proposed")
    few = cost("/marac/cases/"), cost(f"/marac/cases/{first.reference}/")
    for number in range(6):
        other = risk.a_victim(clock.now(), given_name=f"Mia{number}")
        made = case_of(other, state="proposed")
        if number < 3:
            make.heard(clock.now() - timedelta(days=20 + number), case=first)
        assert made.pk
    many = cost("/marac/cases/"), cost(f"/marac/cases/{first.reference}/")
    assert many == few
    assert many <= (14, 14)


def test_the_victims_page_shows_it_and_leads_to_referring(victim: Victim, sign_in: SignIn) -> None:
    client = sign_in("worker")
    page = html(client, f"/victims/{victim.reference}/")
    assert f"/marac/propose/?victim={victim.reference}" in page
    case = case_of(victim)
    assert case.reference in html(client, f"/victims/{victim.reference}/")
    # An officer reads of it and does not refer.
    page = html(sign_in("officer"), f"/victims/{victim.reference}/")
    assert case.reference in page
    assert "/marac/propose/" not in page


def test_the_api_proposes_answers_and_reads(victim: Victim, sign_in: SignIn) -> None:
    worker, coordinator = sign_in("worker"), sign_in("coordinator")

    def post(client: Client, path: str, said: dict[str, Any]) -> Any:
        return client.post(path, said, content_type="application/json")

    made = post(worker, "/api/v1/marac/cases/", {"victim": victim.reference, **WORDS})
    assert made.status_code == 201, made.json()
    path = f"/api/v1/marac/cases/{made.json()['reference']}/"
    read = worker.get(path).json()
    assert read["criteria"][0]["code"] == "yes_answers"
    decide = {"accept": True, "version": read["version"]}
    assert post(worker, f"{path}decide/", decide).status_code == 403
    assert post(coordinator, f"{path}decide/", decide).json()["state"] == "accepted"
    assert post(coordinator, f"{path}decide/", decide).status_code == 409
    listed = coordinator.get("/api/v1/marac/cases/?show=to_hear").json()
    assert [row["reference"] for row in listed["results"]] == [read["reference"]]
    assert post(worker, "/api/v1/marac/cases/", {"words": "x"}).status_code == 400
    about = {"minority_ethnic": "no", "lgbt": "no", "disability": "no", "children": 2}
    said = post(worker, f"{path}about/", {**about, "version": 2})
    assert (said.status_code, said.json()["children"]) == (200, 2)
    close = {"because": "error", "words": "Another person.", "version": 3}
    assert post(coordinator, f"{path}close/", close).json()["state"] == "closed"


def test_an_agency_refers_by_api(sign_in: SignIn) -> None:
    make.conference()
    sent = incoming.referred(clock.now() - timedelta(hours=1))
    said = {"referral": sent.referral.reference, **WORDS}
    path = "/api/v1/marac/cases/"
    assert sign_in("agency_b").post(path, said, content_type="application/json").status_code == 404
    made = sign_in("agency").post(path, said, content_type="application/json")
    assert made.json() == {"reference": MaracCase.objects.get().reference, "state": "proposed"}
