"""Schools and children's services by API: who is told of which child, and who may say so."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Withholding
from core import clock
from incidents.models import Incident
from referrals.models import ChildrenConcern, SchoolNotice, Sharing
from tests.asking import Api
from tests.factories import incidents
from tests.factories.incidents import couple, in_call
from tests.factories.referrals import an_agency
from tests.factories.schools import owed_for
from tests.personas import person, team
from victims.models import Person, Victim


@pytest.fixture
def called(db: None) -> Incident:
    """An incident with two children of school age, each school to be told."""
    team("maru")
    now = clock.now()
    row = incidents.incident(at=now - timedelta(hours=1))
    owed_for(row, now)
    owed_for(row, now, "Tom")
    return row


def of(incident: Incident, who: str = "worker") -> Api:
    return Api(who, f"schools/{incident.reference}/")


def test_one_school_is_told_of_its_children(called: Incident) -> None:
    school, api = an_agency("Westmoor School", "education"), of(called)
    first, second = (row["number"] for row in api.get("")["children"])
    tell = {"notices": [first], "agency": school.pk}
    assert list(api.refused("tell/", {**tell, "agency": an_agency().pk})) == ["agency"]
    told = {row["number"]: row for row in api.post("tell/", tell)["children"]}
    assert (told[first]["state"], told[first]["school"]) == ("told", "Westmoor School")
    assert told[second]["state"] == "owed" and told[second]["sharing"] is None
    assert list(api.refused("tell/", tell, 409)) == ["notices"]
    assert Sharing.objects.count() == 1
    no = {"notices": [second], "words": "Taught at home; her mother says so."}
    assert {row["state"] for row in api.post("not-needed/", no)["children"]} == {
        "told",
        "not_needed",
    }
    assert api.post(f"needed/{second}/")["children"][1]["state"] == "owed"
    api.post(f"needed/{second}/", status=409)
    listed = Api("worker")
    assert [row["number"] for row in listed.get("schools/")["results"]] == [second]
    assert [row["number"] for row in listed.get("schools/", show="told")["results"]] == [first]


def test_who_may_read_and_who_may_say(called: Incident) -> None:
    for who in ("officer", "agency", "idva"):
        Api(who).get("schools/", 403)
        of(called, who).get("", 403)
    of(called, "head").get("")
    of(called, "head").post("tell/", {}, 403)
    Api("worker", "schools/I-2026-999999/").get("", 404)
    for query in ({"show": "x"}, {"area": "x"}):
        Api("worker").get("schools/", 400, **query)


def test_what_is_withheld_is_not_there(called: Incident) -> None:
    row = SchoolNotice.objects.order_by("pk")[0]
    notice = row.pk
    Withholding.objects.create(
        victim=row.victim,
        person=person("worker"),
        reason="B",
        set_by=person("head"),
        set_at=clock.now(),
    )
    assert Api("worker").get("schools/")["results"] == []
    of(called).get("", 404)
    of(called).post("not-needed/", {"notices": [notice], "words": "x"}, 404)
    of(called).post(f"needed/{notice}/", status=404)
    assert not SchoolNotice.objects.exclude(state="owed").exists()


def test_the_list_costs_the_same_for_many(called: Incident) -> None:
    def cost() -> int:
        api = Api("worker")
        with CaptureQueriesContext(connection) as asked:
            api.get("schools/")
        return len(asked)

    before = cost()
    for number in range(4):
        owed_for(called, clock.now(), f"Child {'abcd'[number]}")
    assert cost() == before <= 8


NONSENSE: list[Any] = [
    [],
    "null",
    {"notices": "all"},
    {"notices": []},
    {"notices": [0], "agency": 1, "words": "x"},
    {"notices": [10**30], "agency": 10**30, "words": "x"},
    {"notices": [1] * 51, "agency": 1, "words": "x"},
    {"notices": [999999], "agency": 10**30, "words": "a\x00b"},
    {"notices": [999999], "agency": 1, "words": "x", "colour": "red"},
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_is_refused_and_nothing_is_told(called: Incident, number: int) -> None:
    for step in ("tell/", "not-needed/"):
        api = of(called)
        response = api.client.post(
            api.under + step, NONSENSE[number], content_type="application/json"
        )
        assert response.status_code == 400, response.content
    assert not Sharing.objects.exists()


@pytest.fixture
def family(db: None) -> Victim:
    """A victim with a child on record."""
    team("maru")
    people = (*couple(), in_call("child", given_name="Ella", age=6))
    row = incidents.incident(at=clock.now() - timedelta(hours=1), people=people)
    found = row.involvements.get(role="victim").victim
    assert found is not None
    return found


def concern(**changes: Any) -> dict[str, Any]:
    said = {
        "agency": an_agency("County children", "children").pk,
        "urgency": "today",
        "children": [Person.objects.get(given_name="Ella").reference],
        "seen": "Ella hid under the bed.",
        "worry": "That she is hurt when he comes back.",
        "parents_know": False,
        "parents_words": "It would put them in danger.",
    }
    return {**said, **changes}


def test_children_are_referred_by_reference(family: Victim) -> None:
    here, api = f"victims/{family.reference}/children/refer/", Api("officer")
    said = concern()
    offered = api.get(here)
    assert [row["reference"] for row in offered["children"]] == said["children"]
    assert [row["name"] for row in offered["agencies"]] == ["County children"]
    for wrong, field in (
        ({"children": ["P-2026-999999"]}, "children"),
        ({"children": []}, "children"),
        ({"parents_words": ""}, "parents_words"),
        ({"what": ["sharing"]}, "what"),
        ({"agency": an_agency().pk}, "agency"),
        ({"worry": "a\x00b"}, "worry"),
    ):
        assert list(api.refused(here, {**said, **wrong})) == [field]
    assert not Sharing.objects.exists()
    sent = api.post(here, said, 201, key="once")
    assert sent["kind"] == "children" and "children" in sent["what"]
    assert api.post(here, said, 201, key="once") == sent
    assert ChildrenConcern.objects.count() == 1
    for who, status in (("custody", 403), ("idva_b", 404), ("agency", 404)):
        Api(who).get(here, status)
        Api(who).post(here, said, status)
