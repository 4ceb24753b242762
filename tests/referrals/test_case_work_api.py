"""An adviser's work with a client, for advisers' own systems."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from knox.models import AuthToken

from accounts.models import Withholding
from audit.models import RecordRead
from core import clock
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from tests.asking import Api
from tests.factories import victims
from tests.factories.advising import accepted, service
from tests.personas import person

HOUR = timedelta(hours=1)
LOOKED = {"would_be": "high", "safety": "safer", "words": "She sleeps again.", "seen": "high"}
ENDED = {
    "abuse": "ended",
    "safety": "safer",
    "housing": "stayed",
    "criminal": "none",
    "civil": "none",
    "children": "safe",
}


@pytest.fixture
def case(db: None) -> IdvaCase:
    at = clock.now() - 2 * HOUR
    victim = victims.victim(grade="high", at=at - HOUR)
    victims.safe_contact(victim, at=at - HOUR, hours="")
    return accepted(at, victim=victim)


def of(case: IdvaCase, who: str = "idva") -> Api:
    return Api(who, f"idva-cases/{case.reference}/")


def ahead() -> str:
    return (clock.now() + timedelta(days=9)).isoformat()


def test_needs_are_written_down_and_settled(case: IdvaCase) -> None:
    api = of(case)
    made = api.post("needs/", {"kind": "housing", "words": "A lock"}, 201)
    assert (made["state"], made["opened_by"]) == ("open", "idva")
    settle = f"needs/{made['number']}/settle/"
    assert list(api.refused(settle, {"state": "open", "outcome": "x"})) == ["state"]
    done = api.post(settle, {"state": "met", "outcome": "Fitted."})
    assert (done["state"], done["settled_by"]) == ("met", "idva")
    of(case, "idva_manager").post(settle, {"state": "not_met", "outcome": "No."}, 409)
    assert [row["outcome"] for row in api.get("needs/")["results"]] == ["Fitted."]
    assert RecordRead.objects.filter(user=person("idva"), victim_id=case.victim_id).exists()


def test_courts_are_planned_and_settled(case: IdvaCase) -> None:
    api, said = of(case), {"court": "family", "about": "Contact", "measures": ["screen"]}
    past = {**said, "hearing_at": "2020-01-01T10:00:00Z"}
    assert list(api.refused("courts/", past)) == ["hearing_at"]
    made = api.post("courts/", {**said, "hearing_at": ahead()}, 201)
    assert made["measures"] == ["screen"]
    settle = f"courts/{made['number']}/settle/"
    early = api.refused(settle, {"state": "supported", "outcome": "There."})
    assert early == {"state": ["The hearing lies ahead."]}
    assert api.post(settle, {"state": "moved", "outcome": "Listed anew."})["state"] == "moved"
    assert len(api.get("courts/")["results"]) == 1


def test_a_look_at_the_risk_is_about_the_grade_that_was_read(case: IdvaCase) -> None:
    api = of(case)
    problem = api.post("reviews/", {**LOOKED, "seen": "medium"}, 409)
    assert problem["code"] == "stale" and problem["theirs"] == {"grade": "high"}
    assert list(api.refused("reviews/", {**LOOKED, "would_be": "medium"})) == ["reason"]
    assert list(api.refused("reviews/", {**LOOKED, "feels_safe": 6})) == ["feels_safe"]
    assert not CaseReview.objects.exists()
    assert api.post("reviews/", LOOKED, 201)["occasion"] == "between"
    assert api.get("reviews/")["results"][0]["words"] == "She sleeps again."


def test_everything_that_is_missing_is_said_before_it_closes(case: IdvaCase) -> None:
    api = of(case)
    need = api.post("needs/", {"kind": "housing", "words": "A lock"}, 201)
    court = api.post("courts/", {"court": "family", "about": "C", "hearing_at": ahead()}, 201)
    end: dict[str, Any] = {"because": "safe", "words": "Safe now.", "outcomes": ENDED}
    end["because"] = IdvaCase.ClosedBecause.values[0]
    stands = api.get("close/")
    assert [one["what"] for one in stands["missing"]] == ["review", "needs", "courts"]
    end["version"] = stands["version"]
    assert list(api.refused("close/", end)) == ["review", "needs", "courts"]
    short = {**end, "outcomes": {**ENDED, "abuse": "perhaps"}}
    assert list(api.refused("close/", short)) == ["outcomes"]
    api.post(f"needs/{need['number']}/settle/", {"state": "met", "outcome": "Fitted."})
    api.post(f"courts/{court['number']}/settle/", {"state": "moved", "outcome": "Anew."})
    api.post("reviews/", {**LOOKED, "closing": True}, 201)
    api.post("close/", {**end, "version": 99}, 409)
    done = api.post("close/", end, key="end")
    assert done["state"] == "closed" and done["outcomes"] == ENDED
    # The service sees the client no more; the same sent again is answered as it was.
    api.get("close/", 404)
    assert api.post("close/", end, key="end") == done


def test_what_advisers_write_is_for_advisers(case: IdvaCase) -> None:
    for page in ("needs/", "courts/", "reviews/", "close/"):
        for who, status in (("worker", 403), ("officer", 403), ("idva_b", 404), ("agency", 404)):
            of(case, who).get(page, status)
            of(case, who).post(page, {}, status)
        of(case, "idva_manager").get(page)
    Withholding.objects.create(
        victim=case.victim,
        person=person("idva_manager"),
        reason="B",
        set_by=person("head"),
        set_at=clock.now(),
    )
    of(case, "idva_manager").get("needs/", 404)


def test_another_clients_rows_are_not_reached_through_ones_own(case: IdvaCase) -> None:
    other = accepted(clock.now() - HOUR, to="idva_b", victim=victims.victim(grade="high"))
    who: dict[str, Any] = {"actor": person("idva_b"), "at": clock.now()}
    need = SupportNeed.objects.create(
        case=other,
        victim=other.victim,
        kind="debt",
        words="x",
        opened_at=who["at"],
        opened_by=who["actor"],
    )
    settle = {"state": "met", "outcome": "Fitted."}
    of(case).post(f"needs/{need.pk}/settle/", settle, 404)
    of(case).post(f"needs/{10**30}/settle/", settle, 404)
    of(case).post("courts/999999/settle/", {"state": "moved", "outcome": "x"}, 404)
    need.refresh_from_db()
    assert need.state == "open"


def test_asked_for_passed_on_and_not_reached(db: None) -> None:
    service()
    victim = victims.victim(grade="medium")
    here, said = f"victims/{victim.reference}/idva-cases/", {"reason": "Court on Monday"}
    worker = Api("worker")
    assert list(worker.refused(here, said)) == ["victim_agrees"]
    lower = worker.refused(here, {**said, "victim_agrees": None})
    assert list(lower) == ["agreement_words"]
    assert list(worker.refused(here, {**said, "victim_agrees": True})) == ["lower_risk_words"]
    assert not IdvaCase.objects.exists()
    said_why = {**said, "victim_agrees": True, "lower_risk_words": "He is let out on Friday."}
    made = worker.post(here, said_why, 201)
    worker.post(here, said_why, 409)
    Api("officer").post(here, said_why, 403)
    Api("idva_b").post(here, said_why, 404)
    assert [row["reference"] for row in worker.get(here)["results"]] == [made["reference"]]
    lead = Api("idva_manager", f"idva-cases/{made['reference']}/")
    case = lead.post("answer/", {"accept": True, "to": "idva", "version": made["version"]})
    api = Api("idva", f"idva-cases/{made['reference']}/")
    never = {"words": "No answer.", "version": case["version"]}
    assert api.post("gave-up/", never, 409)["detail"]
    to = {"to": "idva_b", "words": "Text her first.", "version": case["version"]}
    assert list(api.refused("pass-on/", {**to, "to": "nobody_here"})) == ["to"]
    assert list(api.refused("pass-on/", {**to, "words": ""})) == ["words"]
    api.post("pass-on/", {**to, "version": 1}, 409)
    assert api.post("pass-on/", to)["owner"] == "idva_b"
    api.post("pass-on/", to, 404)


def test_the_lists_cost_the_same_however_long(case: IdvaCase) -> None:
    def cost(page: str) -> int:
        api = of(case)
        with CaptureQueriesContext(connection) as asked:
            api.get(page)
        return len(asked)

    rows(case, 1)
    before = {page: cost(page) for page in ("needs/", "courts/", "reviews/")}
    rows(case, 4)
    assert {page: cost(page) for page in before} == before
    assert max(before.values()) <= 12


def rows(case: IdvaCase, count: int) -> None:
    """So many of everything that an adviser writes down."""
    api = of(case)
    for number in range(count):
        api.post("needs/", {"kind": "debt", "words": f"Need {number}"}, 201)
        court = {"court": "family", "about": f"Hearing {number}", "hearing_at": ahead()}
        api.post("courts/", court, 201)
        api.post("reviews/", {**LOOKED, "words": f"Look {number}"}, 201)


NONSENSE: list[Any] = [
    [],
    "words",
    "null",
    {"kind": [], "words": {}},
    {"kind": "housing", "words": "a\x00b"},
    {"kind": "housing", "words": "w" * 200_000},
    {"kind": "housing", "words": "A lock", "colour": "red"},
    {"kind": "housing", "words": "\u202e"},
    {"kind": "housing", "words": " "},
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_is_refused_and_nothing_is_written(case: IdvaCase, number: int) -> None:
    api = of(case)
    for page in ("needs/", "courts/", "reviews/", "close/", "pass-on/", "gave-up/"):
        response = api.client.post(
            api.under + page, NONSENSE[number], content_type="application/json"
        )
        assert response.status_code == 400, response.content
        assert response["Content-Type"] == "application/problem+json"
    for model in (SupportNeed, CourtSupport, CaseReview):
        assert not model.objects.exists()


def test_the_token_of_a_leaver_opens_nothing(case: IdvaCase) -> None:

    adviser = person("idva")
    token = AuthToken.objects.create(user=adviser)[1]
    headers: Any = {"headers": {"Authorization": f"Token {token}"}}
    address = f"/api/v1/idva-cases/{case.reference}/needs/"
    assert Client().get(address, **headers).status_code == 200
    adviser.is_active = False
    adviser.save(update_fields=["is_active"])
    for said in (Client().get(address, **headers), Client().post(address, **headers)):
        assert said.status_code == 401
