"""The victim's voice and the flags of conferences, for other systems."""

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Withholding
from audit.models import RecordRead
from marac.models import Hearing, MaracFlag
from marac.services import set_flag
from tests.asking import Api
from tests.factories import marac, victims
from tests.marac.minutes_scene import near
from tests.marac.wishes_scene import DAY, heard_before, on_an_agenda
from tests.personas import person


@pytest.fixture
def ahead(db: None, at: datetime) -> Hearing:
    return on_an_agenda(at)


@pytest.fixture
def over(ahead: Hearing, at: datetime) -> Hearing:
    return heard_before(ahead, at)


def of(row: Hearing, who: str) -> Api:
    return Api(who, f"marac/meetings/{row.meeting.reference}/cases/{row.case.reference}/")


def listed(who: str, show: str = "wishes") -> list[str]:
    rows = Api(who, "marac/").get("wishes/", show=show)["results"]
    return [row["case"] for row in rows]


def test_the_adviser_finds_whom_to_ask_and_asks(ahead: Hearing) -> None:
    [row] = Api("idva", "marac/").get("wishes/")["results"]
    assert row["case"] == ahead.case.reference and row["safe_way"]["method"] == "text"
    assert row["safe_way"]["never"].startswith("Do not telephone")
    api = of(ahead, "idva")
    assert api.get("wishes/")["wanted"] == ""
    assert RecordRead.objects.filter(user=person("idva"), victim_id=ahead.victim_id).exists()
    told = api.post("wishes/", {"wanted": "To stay."})
    assert (told["wanted"], told["wanted_by"]) == ("To stay.", "idva")
    assert listed("idva") == []
    both = {"wanted": "To stay.", "not_asked_because": "She was out."}
    assert list(api.refused("wishes/", both)) == ["not_asked_because"]
    assert list(api.refused("wishes/", {})) == ["wanted"]
    ahead.refresh_from_db()
    assert (ahead.wanted, ahead.not_asked_because) == ("To stay.", "")


def test_and_tells_afterwards(over: Hearing) -> None:
    assert listed("idva", "told") == [over.case.reference]
    api = of(over, "idva")
    assert list(api.refused("told/", {"words": " "})) == ["words"]
    assert api.post("told/", {"words": "The locks."})["told"] == "The locks."
    assert listed("idva", "told") == []
    of(over, "coordinator").post("told/", {"words": "Something else."}, 409)
    assert api.get("told/")["told_by"] == "idva"


def test_nobody_else_finds_it(ahead: Hearing) -> None:
    for who, status in (("idva_b", 404), ("agency", 404), ("worker", 404), ("head", 403)):
        of(ahead, who).get("wishes/", status)
        of(ahead, who).post("wishes/", {"wanted": "To go."}, status)
    Api("agency", "marac/").get("wishes/", 403)
    assert listed("idva_b") == listed("coordinator") == []
    of(ahead, "coordinator").get("wishes/")
    ahead.refresh_from_db()
    assert ahead.wanted == ""


def test_what_is_near_or_withheld_is_not_there(ahead: Hearing, at: datetime) -> None:
    near(ahead, "coordinator", at)
    of(ahead, "coordinator").post("wishes/", {"wanted": "To go."}, 404)
    Withholding.objects.create(
        victim=ahead.victim, person=person("idva"), reason="B", set_by=person("head"), set_at=at
    )
    of(ahead, "idva").get("wishes/", 404)
    assert listed("idva") == []


def test_the_list_costs_the_same_however_long(ahead: Hearing, at: datetime) -> None:
    def cost() -> int:
        api = Api("chair", "marac/")
        with CaptureQueriesContext(connection) as asked:
            api.get("wishes/")
        return len(asked)

    meeting = marac.meeting(at + 20 * DAY)
    costs = []
    for number in range(6):
        who = victims.victim(given_name="B", family_name=f"Other {number}", grade="high")
        marac.hearing(meeting, marac.case(at - DAY, victim=who))
        costs.append(cost())
    assert costs[0] == costs[-1] <= 10
    first = Api("chair", "marac/").get("wishes/", page_size="4")
    page = Api("chair")
    rest = page.client.get(first["next"]).json()
    assert [len(one["results"]) for one in (first, rest)] == [4, 2]


@pytest.fixture
def flag(over: Hearing, at: datetime) -> MaracFlag:
    flag = set_flag(hearing_id=over.pk, actor=person("chair"), at=at - DAY)
    assert flag is not None
    return flag


def test_flags_are_listed_and_end_with_words(flag: MaracFlag) -> None:
    api = Api("coordinator", "marac/flags/")
    [row] = api.get("")["results"]
    assert (row["case"], row["ended_because"]) == (flag.case.reference, "")
    assert api.get("", show="ended")["results"] == []
    assert list(api.refused(f"{flag.pk}/end/", {"words": " "})) == ["words"]
    said = {"words": "Listed in error."}
    assert api.post(f"{flag.pk}/end/", said)["ended_because"] == "removed"
    assert api.get("", case=flag.case.reference)["results"] == []
    [row] = api.get("", show="ended")["results"]
    assert (row["ended_by"], row["ended_words"]) == ("coordinator", "Listed in error.")
    Api("chair", "marac/flags/").post(f"{flag.pk}/end/", said, 409)


def test_whose_flags_somebody_sees(flag: MaracFlag, at: datetime) -> None:
    assert len(Api("idva", "marac/").get("flags/")["results"]) == 1
    for who in ("idva_b", "agency", "agency_b"):
        assert Api(who, "marac/").get("flags/")["results"] == []
        Api(who, "marac/").get(f"flags/{flag.pk}/", 404)
    for who in ("idva", "worker"):
        Api(who, "marac/").get(f"flags/{flag.pk}/")
        Api(who, "marac/").post(f"flags/{flag.pk}/end/", {"words": "Over."}, 403)
    near(flag.hearing, "chair", at)
    assert Api("chair", "marac/").get("flags/", show="all")["results"] == []
    Api("chair", "marac/").post(f"flags/{flag.pk}/end/", {"words": "Over."}, 404)
    assert MaracFlag.objects.standing().exists()
