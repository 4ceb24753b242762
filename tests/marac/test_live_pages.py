"""The live page: who sees which case, what is new, what a refused form keeps, how dear it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import RecordRead
from marac.models import Hearing, HearingLine, MaracAction, Meeting, Minutes
from tests.factories import marac, victims
from tests.marac.live_scene import DAY, MINUTE, Scene, near, said, under_way, withheld
from tests.personas import person, team

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]
JSON = {"Accept": "application/json"}
#: Whatever a session, its person and their roles cost on every page.
EVERY_PAGE = 4


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def scene(now: datetime) -> Scene:
    return under_way(now - 10 * MINUTE, state="share")


def live(scene: Scene) -> str:
    return f"/marac/meetings/{scene.meeting.reference}/live/"


def of(hearing: Hearing, what: str) -> str:
    return f"/marac/meetings/{hearing.meeting.reference}/cases/{hearing.case.reference}/{what}/"


def test_the_page_shows_the_case_that_is_heard_and_notes_who_looked(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    marac.research(
        scene.first,
        team("partner").agency,
        now - 9 * DAY,
        state="returned",
        words="Camera ordered.",
        returned_at=now - DAY,
    )
    marac.research(scene.first, team("children").agency, now - 9 * DAY, chased=1)
    Hearing.objects.filter(pk=scene.first.pk).update(wanted="Not to move the school.")
    said(scene.first, "She is afraid.", at=now - MINUTE)
    html = sign_in("agency_b").get(live(scene)).content.decode()
    for words in (
        "Case 1 of 2: Siobhán",
        "Camera ordered.",
        "Not returned, asked twice.",
        "Not to move the school.",
        "She is afraid.",
        "2 cases left",
    ):
        assert words in html
    # What only those who lead may press.
    assert "Conclude case" not in html
    read = RecordRead.objects.get(user=person("agency_b"))
    assert read.victim_id == scene.first.victim_id


def test_unsigned_nothing_opens_but_the_way_to_sign(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    marac.attendance(scene.meeting, person("manager"), at=None)
    client = sign_in("manager")
    page = client.get(live(scene))
    assert page.status_code == 403
    assert f"/marac/meetings/{scene.meeting.reference}/sign/" in page.content.decode()
    assert "Siobh" not in page.content.decode()
    assert client.get(live(scene) + "changes/").status_code == 404
    assert sign_in("idva").get(live(scene)).status_code == 404


@pytest.mark.parametrize("shut", [near, withheld])
def test_a_case_not_for_them_is_a_gap_for_who_leads_and_nothing_for_others(
    scene: Scene,
    sign_in: SignIn,
    now: datetime,
    shut: Callable[[Hearing, str, datetime], None],
) -> None:
    for name in ("chair", "agency"):
        shut(scene.first, name, now)
    for name, gaps, number in (("chair", 1, 2), ("agency", 0, 1)):
        client = sign_in(name)
        html = client.get(live(scene)).content.decode()
        assert html.count("Not for you") == gaps
        assert "Siobh" not in html and "She is" not in html
        assert client.get(of(scene.first, "live")).status_code == 404
        feed = client.get(live(scene) + f"changes/?case={scene.first.case.reference}")
        assert feed.status_code == 404
        other = client.get(of(scene.second, "live")).content.decode()
        assert f"Case {number} of {number}: Keisha" in other
        assert client.post(of(scene.first, "lines")).status_code == 404


def test_a_reader_is_asked_for_nothing_until_something_is_new(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in("agency_b")
    address = live(scene) + f"changes/?case={scene.first.case.reference}&after="
    client.get(live(scene))
    scene.meeting.refresh_from_db()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        nothing = client.get(address + str(scene.meeting.changes))
    assert (nothing.status_code, nothing.content) == (204, b"")
    assert len(asked) <= EVERY_PAGE + 1
    said(scene.first, "He rang her sister.", at=now)
    news = client.get(address + str(scene.meeting.changes)).json()
    assert news["after"] == scene.meeting.changes + 1
    assert "He rang her sister." in news["fragments"]["live-lines-share"]
    assert news["at"] == scene.first.case.reference


def test_a_line_by_form_and_by_the_page_itself(scene: Scene, sign_in: SignIn) -> None:
    client, key = sign_in("agency"), uuid4()
    sent = {"section": "share", "key": key, "words": "The chain is fitted."}
    answer = client.post(of(scene.first, "lines"), sent)
    assert answer["Location"] == of(scene.first, "live")
    again = client.post(of(scene.first, "lines"), sent, headers=JSON)
    assert again.status_code == 201
    assert HearingLine.objects.get().words == "The chain is fitted."
    other = client.post(of(scene.first, "lines"), {**sent, "words": "No."}, headers=JSON)
    assert other.status_code == 400
    assert "something else" in other.json()["detail"]


def test_a_refused_form_comes_back_with_what_was_typed(scene: Scene, sign_in: SignIn) -> None:
    client = sign_in("coordinator")
    said_words = {"words": "Fit a camera.", "who": "", "due_on": "2020-01-01", "key": uuid4()}
    page = client.post(of(scene.first, "agree"), said_words)
    html = page.content.decode()
    assert page.status_code == 400
    assert "Fit a camera." in html and "Choose who does it." in html
    long = "x" * 10_001
    page = client.post(
        of(scene.first, "lines"), {"section": "share", "key": uuid4(), "words": long}
    )
    assert page.status_code == 400 and long in page.content.decode()


def test_an_action_is_agreed_for_a_person_of_an_agency(scene: Scene, sign_in: SignIn) -> None:
    housing = team("partner").agency
    due_on = (timezone.now() + 7 * DAY).date()
    answer = sign_in("coordinator").post(
        of(scene.first, "agree"),
        {
            "who": f"{housing.pk}:{person('agency').pk}",
            "words": "Fit a camera.",
            "due_on": due_on.isoformat(),
            "key": uuid4(),
        },
    )
    assert answer.status_code == 302
    action = MaracAction.objects.get()
    assert (action.agency, action.owner, action.due_on) == (housing, person("agency"), due_on)


def test_concluded_by_a_press_the_next_case_is_begun_once(scene: Scene, sign_in: SignIn) -> None:
    Hearing.objects.filter(pk=scene.first.pk).update(state="actions")
    client = sign_in("coordinator")
    for _ in range(2):
        client.post(of(scene.first, "conclude"), {"version": 1})
    scene.first.refresh_from_db()
    scene.second.refresh_from_db()
    assert (scene.first.state, scene.second.state) == ("concluded", "present")


def test_a_step_from_an_old_page_says_where_the_case_stands(scene: Scene, sign_in: SignIn) -> None:
    Hearing.objects.filter(pk=scene.first.pk).update(version=3)
    page = sign_in("chair").post(of(scene.first, "go-on"), {"version": 1, "to": "analyse"})
    assert page.status_code == 409
    assert "It is now: Information shared" in page.content.decode()


def test_deferred_with_a_reason_to_the_next_meeting(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    later, client = marac.meeting(now + 28 * DAY), sign_in("coordinator")
    page = client.post(of(scene.first, "defer"), {"version": 1, "words": ""})
    assert page.status_code == 400
    client.post(
        of(scene.first, "defer"), {"version": 1, "words": "No report.", "to_meeting_id": later.pk}
    )
    scene.first.refresh_from_db()
    assert scene.first.state == "deferred"
    assert later.hearings.get().case_id == scene.first.case_id


def test_who_writes_where_is_told_to_the_others(scene: Scene, sign_in: SignIn) -> None:
    sign_in("agency").post(of(scene.first, "writing"), {"section": "actions"})
    told = sign_in("chair").post(of(scene.first, "writing"), {"section": ""}).json()
    assert told == {"writers": ['T. Boyle is writing in "Actions"']}
    sign_in("agency").post(of(scene.first, "writing"), {"section": ""})
    told = sign_in("chair").post(of(scene.first, "writing")).json()
    assert told == {"writers": []}


def test_the_pace_says_when_it_ends(scene: Scene, sign_in: SignIn, now: datetime) -> None:
    began = now - 10 * MINUTE
    Hearing.objects.filter(pk=scene.first.pk).update(
        state="concluded", ended_at=began + timedelta(minutes=6)
    )
    html = sign_in("chair").get(live(scene)).content.decode()
    assert "6 min a case; ends about" in html


def test_as_many_queries_for_forty_cases_as_for_two(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    client = sign_in("chair")
    client.get(live(scene))
    with CaptureQueriesContext(connection) as few:
        client.get(live(scene))
    for number in range(8):
        who = victims.person(f"Ann{number}", "Moss", None, at=now - 20 * DAY)
        one = victims.victim(who, at=now - 20 * DAY)
        marac.hearing(scene.meeting, marac.case(now - 14 * DAY, victim=one))
        said(scene.first, f"Line {number}", at=now)
    with CaptureQueriesContext(connection) as many:
        assert client.get(live(scene)).status_code == 200
    assert len(many) == len(few)
    assert len(many) <= 30


def test_after_the_meeting_the_page_still_takes_what_was_held_back(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    Hearing.objects.filter(meeting=scene.meeting).update(
        state="concluded", ended_at=now, began_at=now
    )
    Meeting.objects.filter(pk=scene.meeting.pk).update(state="held", ended_at=now)
    client = sign_in("agency")
    sent = {"section": "share", "key": uuid4(), "words": "Sent late."}
    assert client.post(of(scene.first, "lines"), sent, headers=JSON).status_code == 201
    html = client.get(of(scene.first, "live")).content.decode()
    assert "after the case was over" in html
    assert "Put right" in html
    Minutes.objects.create(
        meeting=scene.meeting, content={}, approved_at=now, approved_by=person("chair")
    )
    html = client.get(of(scene.first, "live")).content.decode()
    assert "after the case was over" in html
    assert "Put right" not in html


def test_somebody_near_says_so_while_the_case_is_heard(
    scene: Scene, sign_in: SignIn, now: datetime
) -> None:
    client, address = sign_in("agency"), of(scene.first, "conflict")
    assert address in client.get(live(scene)).content.decode()
    agenda = live(scene).replace("live/", "agenda/")
    assert address in client.get(agenda).content.decode()
    assert client.post(address, {"words": "My cousin."}).status_code == 302
    after = client.get(live(scene)).content.decode()
    assert address not in after and "Siobhán" not in after
