"""The list of actions, one action, its export, the API: who sees what; nothing typed is lost."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.models import User
from audit.models import AuditEvent, RecordRead
from core import clock
from core.clock import local
from marac.models import Hearing, MaracAction
from tests.factories import marac
from tests.marac.action_scene import DAY, EVIDENCE
from tests.marac.live_scene import withheld
from tests.personas import person, team

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def heard(at: datetime) -> Hearing:
    return marac.heard(at - 3 * DAY)


@pytest.fixture
def action(heard: Hearing, at: datetime) -> MaracAction:
    return marac.action(
        heard,
        team("partner").agency,
        at,
        owner=person("agency"),
        due_on=local(clock.now() + 30 * DAY).date(),
    )


@pytest.fixture
def theirs(heard: Hearing, at: datetime) -> MaracAction:
    """Another agency's."""
    return marac.action(heard, team("children").agency, at, words="Speak with the school.")


def url(action: MaracAction, step: str = "") -> str:
    return f"/marac/actions/{action.reference}/" + (f"{step}/" if step else "")


def references(client: Client, **query: str) -> list[str]:
    page = client.get("/marac/actions/", query)
    assert page.status_code == 200
    return [row.reference for row in page.context["page"]]


class TestList:
    def test_an_agency_sees_its_own_and_keepers_every_agencys(
        self, action: MaracAction, theirs: MaracAction, sign_in: SignIn
    ) -> None:
        assert references(sign_in("agency")) == [action.reference]
        assert references(sign_in("agency_b")) == [theirs.reference]
        assert set(references(sign_in("coordinator"))) == {action.reference, theirs.reference}
        assert references(sign_in("worker")) == []
        assert sign_in("handler").get("/marac/actions/").status_code == 403

    def test_filters(self, action: MaracAction, theirs: MaracAction, sign_in: SignIn) -> None:
        client = sign_in("chair")
        MaracAction.objects.filter(pk=theirs.pk).update(
            state="done", settled_at=theirs.agreed_at, settled_by=person("chair"), evidence="x"
        )
        assert references(client) == references(client, show="open") == [action.reference]
        assert references(client, show="done") == [theirs.reference]
        assert set(references(client, show="all")) == {action.reference, theirs.reference}
        assert references(client, show="all", q="school") == [theirs.reference]
        assert references(client, show="all", q=action.reference.lower()) == [action.reference]
        assert references(client, agency=str(action.agency_id)) == [action.reference]
        assert references(client, agency=str(theirs.agency_id)) == []
        assert references(client, mine="on") == []
        # What the address does not know shows what is open.
        assert references(client, show="nonsense") == [action.reference]

    def test_its_queries_do_not_grow(
        self, heard: Hearing, at: datetime, sign_in: SignIn, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(30):
            marac.action(heard, team("partner").agency, at)
        client = sign_in("agency")
        client.get("/marac/actions/")
        with django_assert_max_num_queries(14):
            assert len(references(client)) == 25

    def test_the_export_is_the_list_and_on_record(
        self, action: MaracAction, theirs: MaracAction, sign_in: SignIn
    ) -> None:
        said = b"".join(sign_in("agency").get("/marac/actions/export/")).decode()
        assert action.reference in said and theirs.reference not in said
        event = AuditEvent.objects.get(verb="marac.actions_exported")
        assert event.detail == {"references": [action.reference]} and event.is_grave


class TestOne:
    def test_an_agency_reads_it_without_the_victims_record_and_it_is_on_record(
        self, action: MaracAction, sign_in: SignIn
    ) -> None:
        page = sign_in("agency").get(url(action)).content.decode()
        assert action.words in page and escape(str(action.victim)) in page
        assert f"/victims/{action.victim.reference}/" not in page
        assert RecordRead.objects.filter(
            user=person("agency"), victim_id=action.victim_id, subject=action.reference
        ).exists()
        assert (
            f"/victims/{action.victim.reference}/"
            in sign_in("chair").get(url(action)).content.decode()
        )

    def test_unseen_is_not_there(self, action: MaracAction, sign_in: SignIn, at: datetime) -> None:
        assert sign_in("agency_b").get(url(action)).status_code == 404
        withheld(action.hearing, "agency", at)
        for address in (url(action), f"/api/v1{url(action)}"):
            assert sign_in("agency").get(address).status_code == 404
        assert references(sign_in("agency")) == []

    def test_settled_with_evidence_and_the_chair_reads_it(
        self, action: MaracAction, sign_in: SignIn
    ) -> None:
        sent = {"state": "done", "evidence": EVIDENCE, "version": "1"}
        client = sign_in("agency")
        assert client.post(url(action, "settle"), sent).status_code == 302
        assert client.post(url(action, "settle"), sent).status_code == 302
        page = sign_in("chair").get(url(action)).content.decode()
        assert EVIDENCE in page and "T. Boyle" in page and "Open it again" in page

    def test_refused_it_shows_what_was_typed(self, action: MaracAction, sign_in: SignIn) -> None:
        client = sign_in("agency")
        page = client.post(url(action, "settle"), {"evidence": "Kept words", "version": "1"})
        assert page.status_code == 400 and "Kept words" in page.content.decode()
        MaracAction.objects.filter(pk=action.pk).update(version=2)
        sent = {"state": "done", "evidence": "Kept words", "version": "1"}
        page = client.post(url(action, "settle"), sent)
        assert page.status_code == 409 and page.content.decode().count("Kept words") >= 2
        assert 'value="2"' in page.content.decode()

    def test_two_answers_the_second_keeps_what_it_typed(
        self, action: MaracAction, sign_in: SignIn
    ) -> None:
        sent = {"state": "done", "evidence": EVIDENCE, "version": "1"}
        sign_in("agency").post(url(action, "settle"), sent)
        page = sign_in("coordinator").post(
            url(action, "settle"),
            {"state": "not_done", "evidence": "They say not.", "version": "1"},
        )
        assert page.status_code == 409
        assert "They say not." in page.content.decode()
        assert "settled already: done, by T. Boyle" in page.content.decode()

    def test_passed_on_and_opened_again(self, action: MaracAction, sign_in: SignIn) -> None:
        other = User.objects.create_user("pell", "x", name="W. Pell", team=team("partner"))
        other.groups.set(person("agency").groups.all())
        client = sign_in("agency")
        page = client.get(url(action)).content.decode()
        assert "W. Pell, Fenwick partner" in page and "O. Farrow" not in page
        assert client.post(url(action, "pass"), {"owner_id": str(other.pk), "version": "1"})
        action.refresh_from_db()
        assert (action.owner, action.version) == (other, 2)
        client.post(
            url(action, "settle"), {"state": "overtaken", "evidence": "Moved.", "version": "2"}
        )
        client.post(url(action, "reopen"), {"reason": "She came back.", "version": "3"})
        action.refresh_from_db()
        assert (action.state, action.version) == ("open", 4)
        page = client.get(url(action)).content.decode()
        assert "She came back." in page and "Moved." in page

    def test_those_who_only_see_it_change_nothing(
        self, action: MaracAction, sign_in: SignIn
    ) -> None:
        client = sign_in("officer")
        assert "Write it down" not in client.get(url(action)).content.decode()
        for step in ("settle", "pass", "reopen"):
            assert client.post(url(action, step), {"version": "1"}).status_code == 403


class TestApi:
    def test_the_same_steps(
        self, action: MaracAction, theirs: MaracAction, sign_in: SignIn
    ) -> None:
        client, base = sign_in("agency"), f"/api/v1{url(action)}"
        [row] = client.get("/api/v1/marac/actions/").json()["results"]
        assert (row["reference"], row["owner"], row["state"]) == (
            action.reference,
            "agency",
            "open",
        )
        assert client.get("/api/v1/marac/actions/?show=gone").status_code == 400
        assert sign_in("handler").get("/api/v1/marac/actions/").status_code == 403

        def post(step: str, said: dict[str, Any]) -> Any:
            return client.post(f"{base}{step}/", said, content_type="application/json")

        assert post("pass", {"owner": "nobody-here", "version": 1}).status_code == 400
        assert post("pass", {"owner": None, "version": 1}).json()["owner"] is None
        assert post("settle", {"state": "open", "evidence": "x", "version": 2}).status_code == 400
        stale = post("settle", {"state": "done", "evidence": EVIDENCE, "version": 1})
        assert stale.status_code == 409 and stale.json()["code"] == "stale"
        done = post("settle", {"state": "done", "evidence": EVIDENCE, "version": 2}).json()
        assert (done["state"], done["settled_by"], done["evidence"]) == ("done", "agency", EVIDENCE)
        again = post("reopen", {"reason": "She came back.", "version": 3}).json()
        assert (again["state"], again["evidence"], again["settled_at"]) == ("open", "", None)
        assert client.get(f"/api/v1{url(theirs)}").status_code == 404
