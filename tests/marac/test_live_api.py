"""A meeting by API: what is new, the same steps, the same doors."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from marac.models import Hearing, HearingLine
from tests.factories import marac
from tests.marac.live_scene import MINUTE, Scene, near, planned, said, under_way
from tests.personas import person

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def address(scene: Scene, what: str, hearing: Hearing | None = None) -> str:
    case = f"cases/{hearing.case.reference}/" if hearing else ""
    return f"/api/v1/marac/meetings/{scene.meeting.reference}/{case}{what}/"


def send(client: Client, where: str, /, **body: object) -> Any:
    return client.post(where, body, content_type="application/json")


def test_a_case_from_its_beginning_to_its_end(sign_in: SignIn, now: datetime) -> None:
    scene, chair = planned(now - MINUTE), sign_in("chair")
    assert send(chair, address(scene, "begin")).json()["state"] == "under_way"
    version = 1
    for stage in ("present", "share", "analyse", "actions"):
        answer = send(chair, address(scene, "stage", scene.first), to=stage, version=version)
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    key, to = str(uuid4()), address(scene, "lines", scene.first)
    line = {"section": "share", "words": "The chain is fitted.", "key": key}
    assert [send(sign_in("agency"), to, **line).status_code for _ in range(2)] == [201, 201]
    assert HearingLine.objects.count() == 1
    agreed = send(
        chair,
        address(scene, "agree", scene.first),
        agency="County housing",
        owner="agency",
        words="Fit a camera.",
        due_on=now.date().isoformat(),
        key=str(uuid4()),
    )
    assert agreed.status_code == 201, agreed.content
    done = send(chair, address(scene, "conclude", scene.first), version=version)
    assert done.json()["state"] == "concluded"
    second = address(scene, "defer", scene.second)
    assert send(chair, second, version=1, words="No time.").json()["state"] == "deferred"
    assert send(chair, address(scene, "end")).json()["state"] == "held"
    told = chair.get(address(scene, "live", scene.first)).json()
    assert [one["words"] for one in told["lines"]] == ["The chain is fitted."]
    assert [one["owner"] for one in told["actions"]] == ["agency"]


def test_what_is_new_is_asked_by_a_number(sign_in: SignIn, now: datetime) -> None:
    scene, client = under_way(now - MINUTE, state="share"), sign_in("agency")
    told = client.get(address(scene, "live")).json()
    assert [one["state"] for one in told["cases"]] == ["share", "waiting"]
    after = f"{address(scene, 'live')}?after={told['after']}"
    assert client.get(after).status_code == 204
    said(scene.first, at=now)
    assert client.get(after).json()["after"] == told["after"] + 1


def test_a_case_near_to_them_is_not_there(sign_in: SignIn, now: datetime) -> None:
    scene = under_way(now - MINUTE, state="share")
    near(scene.first, "agency", now)
    client = sign_in("agency")
    assert len(client.get(address(scene, "live")).json()["cases"]) == 1
    assert client.get(address(scene, "live", scene.first)).status_code == 404
    line = {"section": "share", "words": "Kept.", "key": str(uuid4())}
    assert send(client, address(scene, "lines", scene.first), **line).status_code == 404


def test_unsigned_it_is_shut(sign_in: SignIn, now: datetime) -> None:
    scene = under_way(now - MINUTE, state="share", there=("chair",))
    marac.attendance(scene.meeting, person("agency"), at=None)
    client = sign_in("agency")
    assert client.get(address(scene, "live")).status_code == 403
    line = {"section": "share", "words": "Kept.", "key": str(uuid4())}
    assert send(client, address(scene, "lines", scene.first), **line).status_code in (403, 404)


def test_a_step_from_an_old_page_is_a_conflict_with_both(sign_in: SignIn, now: datetime) -> None:
    scene = under_way(now - MINUTE, state="share")
    answer = send(sign_in("chair"), address(scene, "stage", scene.first), to="analyse", version=9)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == {"stage": "Information shared"}
