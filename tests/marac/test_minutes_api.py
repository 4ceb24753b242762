"""Minutes for other systems: each reader's own copy, approval, sending, and the file."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import AuditEvent, RecordRead
from marac.models import Meeting, Minutes, MinutesCopy
from tests.asking import Api
from tests.factories import marac
from tests.marac.minutes_scene import Scene, agency_of, held, near, there, withhold, words
from tests.personas import person

NAMES = [("Siobhán", "O'Neill"), ("Keisha", "Browne")]


@pytest.fixture
def scene(db: None, at: datetime) -> Scene:
    scene = held(at, NAMES)
    there(scene.meeting, "agency", at)
    return scene


def of(scene: Scene, who: str) -> Api:
    return Api(who, f"marac/meetings/{scene.meeting.reference}/minutes/")


def approve(scene: Scene, status: int = 201, **said: Any) -> Any:
    chair = of(scene, "chair")
    return chair.post("approve/", {"seen": chair.get("")["seen"], **said}, status)


def sent(scene: Scene) -> None:
    approve(scene)
    of(scene, "coordinator").post("send/", {"number": 1})


def named(told: dict[str, Any]) -> list[str]:
    return [case["victim"] for case in told["cases"]]


def test_read_approved_sent_and_opened(scene: Scene) -> None:
    draft = of(scene, "chair").get("")
    assert (draft["number"], draft["copy_of"]) == (None, None) and len(draft["cases"]) == 2
    of(scene, "agency").get("", 404)
    of(scene, "agency").get("file/", 404)
    assert approve(scene)["number"] == 1
    of(scene, "agency").get("", 404)
    done = of(scene, "coordinator").post("send/", {"number": 1})
    assert done["sent_by"] == "coordinator"
    told = of(scene, "agency").get("")
    assert told["copy_of"] == "County housing" and told["number"] == 1
    assert (told["versions"], told["copies"], told["seen"]) == ([], [], "")
    copies = {row["agency"]: row for row in of(scene, "coordinator").get("")["copies"]}
    assert copies["County housing"]["opened_by"] == "agency"
    assert AuditEvent.objects.filter(verb="marac_minutes.opened", actor=person("agency")).exists()
    assert RecordRead.objects.filter(user=person("agency")).count() == 2


def test_the_file_is_stamped_and_kept_by_nobody(scene: Scene) -> None:
    sent(scene)
    api = of(scene, "agency")
    file = api.client.get(api.under + "file/")
    assert (file.status_code, file["Content-Type"]) == (200, "application/pdf")
    assert file["Cache-Control"] == "private, no-store"
    assert "Opened by T. Boyle" in words(file.content)


def test_what_is_withheld_or_near_is_in_no_copy(scene: Scene, at: datetime) -> None:
    sent(scene)
    withhold(scene.hearings[0], at, agency=agency_of("agency"))
    assert [name.split()[0] for name in named(of(scene, "agency").get(""))] == ["Keisha"]
    theirs = of(scene, "coordinator").get("", agency=str(agency_of("agency").pk))
    assert len(theirs["cases"]) == 1 and theirs["copy_of"] == "County housing"
    near(scene.hearings[1], "coordinator", at)
    assert [name.split()[0] for name in named(of(scene, "coordinator").get(""))] == ["Siobhán"]
    # Of somebody who does not keep the conference the address asks for nothing else.
    other = of(scene, "agency").get("", agency=str(agency_of("agency_b").pk), version="1")
    assert other["copy_of"] == "County housing"


def test_who_did_not_sign_or_only_observes_reads_nothing(scene: Scene, at: datetime) -> None:
    sent(scene)
    of(scene, "agency_b").get("", 403)
    there(scene.meeting, "agency_b", at, observer=True)
    for address in ("", "file/"):
        of(scene, "agency_b").get(address, 403)
        of(scene, "idva").get(address, 404)
    assert Api("agency_b", "marac/minutes/").get("")["results"] == []


def test_the_list_names_what_each_may_open(scene: Scene, at: datetime) -> None:
    listed = {who: Api(who, "marac/minutes/") for who in ("agency", "agency_b", "coordinator")}
    assert listed["agency"].get("")["results"] == []
    [draft] = listed["coordinator"].get("")["results"]
    assert (draft["meeting"], draft["number"]) == (scene.meeting.reference, None)
    sent(scene)
    [row] = listed["agency"].get("")["results"]
    assert row["number"] == 1 and row["opened_at"] is None and row["sent_at"]
    of(scene, "agency").get("")
    assert listed["agency"].get("")["results"][0]["opened_at"]
    assert listed["agency_b"].get("")["results"] == []
    # A further version is the agency's when it is sent, and not before.
    approve(scene, because="An address.")
    assert listed["agency"].get("")["results"][0]["number"] == 1
    assert listed["coordinator"].get("")["results"][0]["number"] == 2
    Api("officer", "marac/minutes/").get("", 403)


def test_nobody_approves_what_they_did_not_see(scene: Scene, at: datetime) -> None:
    chair = of(scene, "chair")
    seen = chair.get("")["seen"]
    marac.line(scene.hearings[0], "Late.", at, by=person("chair"))
    chair.post("approve/", {"seen": seen}, 409)
    assert "seen" in chair.refused("approve/", {})
    of(scene, "coordinator").post("approve/", {"seen": seen}, 403)
    assert not Minutes.objects.exists()


def test_a_further_version_sets_right_by_reference(scene: Scene) -> None:
    approve(scene)
    case = scene.hearings[0].case.reference
    right = [{"case": case, "words": "Number 8."}, {"case": case, "words": "Not 6."}]
    assert approve(scene, 400, corrections=right)["errors"] == {
        "because": ["Say what this version sets right."]
    }
    strange = [{"case": "MC-2026-999999", "words": "Number 8."}]
    problem = approve(scene, 400, because="An address.", corrections=strange)
    assert list(problem["errors"]) == ["corrections"]
    assert approve(scene, because="An address.", corrections=right)["number"] == 2
    [found] = of(scene, "coordinator").get("")["cases"][0]["corrections"]
    assert found["words"] == "Number 8.\nNot 6."
    assert of(scene, "coordinator").refused("send/", {"number": 3}) == {
        "number": ["There is no such version of these minutes."]
    }
    of(scene, "coordinator").post("send/", {"number": 1}, 409)
    assert not MinutesCopy.objects.exists()


def test_before_the_end_there_is_nothing(scene: Scene) -> None:
    Meeting.objects.update(state="under_way", ended_at=None)
    of(scene, "chair").get("", 404)
    of(scene, "agency").get("", 403)
    of(scene, "chair").post("approve/", {"seen": "x"}, 409)


def test_the_list_costs_the_same_however_long(scene: Scene, at: datetime) -> None:
    def cost() -> int:
        api = Api("coordinator", "marac/minutes/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            api.get("")
        return len(asked)

    before = cost()
    for _ in range(4):
        held(at, [])
    assert cost() == before <= 8
