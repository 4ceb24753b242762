"""Cases that change hands, for other systems; and what the API says to nonsense."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Withholding
from marac.models import MaracCase, Transfer
from tests.asking import Api
from tests.factories import advising, marac, victims
from tests.marac.minutes_scene import near
from tests.personas import person

DAY = timedelta(days=1)
SAID = {"other_area": "Northshire", "contact": "J. Okafor, 01632 960411", "reason": "She moves."}


@pytest.fixture
def case(db: None, at: datetime) -> MaracCase:
    case = marac.case(at - 3 * DAY)
    advising.accepted(at - DAY, victim=case.victim)
    return case


@pytest.fixture
def row(case: MaracCase) -> Transfer:
    begun = keeper().post(f"cases/{case.reference}/transfer/", SAID, 201)
    return Transfer.objects.get(reference=begun["reference"])


def keeper() -> Api:
    return Api("coordinator", "marac/")


def check(row: Transfer, who: str = "coordinator", status: int = 200, **said: Any) -> Any:
    row.refresh_from_db()
    body = {"version": row.version, **said}
    return Api(who, f"marac/transfers/{row.reference}/").post("check/", body, status)


def test_asked_checked_and_accepted(row: Transfer, case: MaracCase) -> None:
    here, api = f"transfers/{row.reference}/", keeper()
    assert [one["is_done"] for one in api.get(here)["checks"]] == [False] * 4
    check(row, what="heard", heard_there=False)
    check(row, what="plan")
    early = api.post(here + "finish/", {"version": 3}, 409)
    assert early["detail"].startswith("Not done yet: minutes sent; adviser spoke")
    check(row, what="minutes")
    stale = check(row, version=1, what="adviser", words="They spoke on Monday.", status=409)
    assert stale["version"] == 4 and stale["yours"]["words"] == "They spoke on Monday."
    done = check(row, who="idva", what="adviser", words="They spoke.")
    assert all(one["is_done"] for one in done["checks"])
    assert api.post(here + "finish/", {"version": done["version"]})["state"] == "done"
    case.refresh_from_db()
    assert case.state == "moved"
    assert api.get("transfers/")["results"] == []
    assert api.get("transfers/", show="over")["results"][0]["other"] == "Northshire"


def test_within_the_county_by_name_and_given_up(case: MaracCase) -> None:
    marac.conference("Wexcombe", area="Wexcombe")
    begin = f"cases/{case.reference}/transfer/"
    said = {"contact": "Their coordinator", "reason": "She moved."}
    for other, field in (("Nowhere", "other_conference"), ("Fenwick", "other_conference")):
        assert list(keeper().refused(begin, {**said, "other_conference": other})) == [field]
    assert list(keeper().refused(begin, said)) == ["other_conference"]
    begun = keeper().post(begin, {**said, "other_conference": "Wexcombe"}, 201)
    assert begun["other"] == "Wexcombe" and begun["within_county"] is True
    assert list(keeper().refused(begin, {**SAID}, 409)) == []
    end = f"transfers/{begun['reference']}/cancel/"
    assert list(keeper().refused(end, {"words": " ", "version": 1})) == ["words"]
    assert keeper().post(end, {"words": "She stays.", "version": 1})["state"] == "cancelled"


def test_from_another_area(db: None) -> None:
    marac.conference()
    victim = victims.victim(grade="high")
    said = {**SAID, "victim": victim.reference}
    api = keeper()
    assert list(api.refused("transfers/", {**said, "victim": "V-2026-999999"})) == ["victim"]
    wrong = {**said, "perpetrator": "P-2026-999999"}
    assert list(api.refused("transfers/", wrong)) == ["perpetrator"]
    assert not Transfer.objects.exists()
    come = api.post("transfers/", said, 201)
    assert (come["direction"], come["victim"]) == ("in", victim.reference)
    assert MaracCase.objects.get().source == "transfer"


def test_who_sees_and_who_hands_over(row: Transfer, case: MaracCase, at: datetime) -> None:
    for who, status in (("idva", 200), ("worker", 200), ("idva_b", 404), ("agency", 404)):
        Api(who, "marac/transfers/").get(f"{row.reference}/", status)
    for who in ("worker", "idva", "agency"):
        Api(who, "marac/").get("transfers/", 403)
    Api("worker", "marac/").post(f"cases/{case.reference}/transfer/", SAID, 403)
    check(row, who="worker", what="plan", status=403)
    check(row, who="idva", what="plan", status=403)
    Api("head", "marac/transfers/").post(f"{row.reference}/finish/", {"version": 1}, 403)
    heard = marac.hearing(marac.meeting(at + DAY), case)
    near(heard, "coordinator", at)
    assert keeper().get("transfers/")["results"] == []
    check(row, what="plan", status=404)
    Withholding.objects.create(
        victim=case.victim, person=person("chair"), reason="B", set_by=person("head"), set_at=at
    )
    assert Api("chair", "marac/").get("transfers/")["results"] == []
    row.refresh_from_db()
    assert row.version == 1


def test_the_list_costs_the_same_however_long(case: MaracCase, at: datetime) -> None:
    def cost() -> int:
        api = keeper()
        with CaptureQueriesContext(connection) as asked:
            api.get("transfers/")
        return len(asked)

    keeper().post(f"cases/{case.reference}/transfer/", SAID, 201)
    before = cost()
    for number in range(3):
        who = victims.victim(given_name="B", family_name=f"Other {number}", grade="high")
        other = marac.case(at - DAY, victim=who)
        keeper().post(f"cases/{other.reference}/transfer/", SAID, 201)
    assert cost() == before <= 8


NONSENSE: list[Any] = [
    [],
    "words",
    7,
    "null",
    {"words": {"a": 1}, "version": []},
    {"words": "a\x00b", "version": 1},
    {"words": "w" * 200_000, "version": 1},
    {"words": "x", "version": 10**30},
    {"words": "x", "version": "one"},
    {"words": "x", "version": 1, "colour": "red"},
    {"words": "\ud800", "version": 1},
    {"words": "\u202e", "version": 1},
]


@pytest.mark.parametrize("number", range(len(NONSENSE)))
def test_nonsense_is_refused_and_nothing_is_written(row: Transfer, number: int) -> None:
    said, api = NONSENSE[number], keeper()
    for step in ("cancel/", "check/", "finish/"):
        response = api.client.post(
            f"{api.under}transfers/{row.reference}/{step}", said, content_type="application/json"
        )
        assert 400 <= response.status_code < 500, response.content
        assert response["Content-Type"] == "application/problem+json"
    row.refresh_from_db()
    assert (row.state, row.version, row.plan_at) == ("begun", 1, None)


def test_what_else_is_refused(row: Transfer) -> None:
    here, api = f"/api/v1/marac/transfers/{row.reference}/", keeper()
    for method in ("put", "delete", "patch"):
        assert getattr(api.client, method)(here).status_code == 405
    form = api.client.post(here + "cancel/", {"words": "x", "version": "1"})
    assert form.status_code == 415
    broken = api.client.post(here + "cancel/", "{", content_type="application/json")
    assert broken.status_code == 400
    assert Client().get(here).status_code == 401
    keys = {"words": "One.", "version": 1}
    api.post(f"transfers/{row.reference}/cancel/", keys, key="once")
    assert api.post(f"transfers/{row.reference}/cancel/", keys, key="once")["state"] == "cancelled"
    keys = {"words": "Another.", "version": 1}
    assert list(
        api.post(f"transfers/{row.reference}/cancel/", keys, 409, key="once")["errors"]
    ) == ["Idempotency-Key"]
    for query in (
        "transfers/?show=x",
        "flags/?case=%00",
        "meetings/?conference=%00",
        "meetings/?kind=%00",
        "research/?meeting=%00",
        "cases/?q=%00",
    ):
        assert api.client.get(f"{api.under}{query}").status_code == 400, query
    assert api.client.get(f"{api.under}transfers/?cursor=x").status_code == 404
