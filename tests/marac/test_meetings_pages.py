"""The pages of meetings and conferences: what each reader finds, and what they may do there."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from core import clock
from core.clock import local
from marac.models import Attendance, Conference, Invitation, Meeting
from marac.services.meetings.conferences import details_of
from tests.factories import marac
from tests.personas import PEOPLE, person, team

pytestmark = pytest.mark.django_db


def agency_of(username: str) -> Agency:
    return team(PEOPLE[username][2]).agency


@pytest.fixture
def meeting() -> Meeting:
    """Fenwick's, next week, its agenda out; the IDVA service is not invited."""
    now = clock.now()
    return marac.agenda_out(marac.meeting(working_day(now + timedelta(days=7))), now)


def working_day(at: Any) -> Any:
    while at.weekday() > 4:
        at += timedelta(days=1)
    return at


def address(meeting: Meeting, page: str = "") -> str:
    return f"/marac/meetings/{meeting.reference}/{page}"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_list_leads_an_agency_to_what_it_must_do(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("agency")
    shown = text(client, "/marac/")
    assert meeting.reference in shown
    assert address(meeting, "answer/") in shown
    assert address(meeting, "sign/") in shown
    marac.attendance(meeting, person("agency"), at=clock.now())
    meeting.invitations.update(state="coming")
    shown = text(client, "/marac/")
    assert address(meeting, "answer/") not in shown
    assert address(meeting, "sign/") not in shown


def test_who_is_not_invited_finds_nothing(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("idva")
    assert meeting.reference not in text(client, "/marac/")
    for page in ("", "sign/", "answer/"):
        assert client.get(address(meeting, page)).status_code == 404
    assert client.post(address(meeting, "sign/"), {"agreed": "on"}).status_code == 404
    assert not Attendance.objects.exists()


def test_the_list_is_found_by_state_conference_and_kind(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("coordinator")
    other = marac.meeting(
        clock.now() + timedelta(days=2),
        of=marac.conference("Marsham", area="Marsham"),
        kind="weekly",
    )
    over = marac.heard(clock.now() - timedelta(days=30)).meeting
    pk = meeting.conference_id
    for query, found in (
        ("", {meeting, other}),
        (f"?conference={pk}", {meeting}),
        ("?kind=weekly", {other}),
        ("?show=past", {over}),
        ("?show=cancelled", set()),
        ("?show=nonsense&conference=x", {meeting, other}),
    ):
        shown = text(client, f"/marac/{query}")
        assert {one for one in (meeting, other, over) if one.reference in shown} == found, query


def test_pages_and_lists_cost_the_same_however_many(
    sign_in: Any, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    now = clock.now()
    for username in ("agency", "supervisor", "agency_b", "worker", "manager"):
        marac.attendance(meeting, person(username), at=now)
    for days in range(30):
        marac.meeting(now + timedelta(days=8 + days))
    client = sign_in("coordinator")
    client.get("/marac/")
    with django_assert_num_queries(LIST_QUERIES):
        client.get("/marac/")
    with django_assert_num_queries(ONE_QUERIES):
        client.get(address(meeting))


#: The session, the reader, their roles, the bell, the count, the page, and conferences for the
#: filter and beside the list.
LIST_QUERIES = 8
#: The same frame, the meeting, its invitations, its people, the quorum, and missing research.
ONE_QUERIES = 10


def test_signing_opens_the_meeting(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("agency")
    assert "Sign to open" in text(client, address(meeting))
    assert client.post(address(meeting, "sign/"), {"statement": 1}).status_code == 400
    stale = client.post(address(meeting, "sign/"), {"statement": 99, "agreed": "on"})
    assert stale.status_code == 409
    assert not Attendance.objects.exists()
    done = client.post(address(meeting, "sign/"), {"statement": 1, "agreed": "on"})
    assert done.status_code == 302
    assert "Sign to open" not in text(client, address(meeting))
    assert "You signed this" in text(client, address(meeting, "sign/"))


def test_an_agency_answers_and_nothing_typed_is_lost(sign_in: Any, meeting: Meeting) -> None:
    client, own = sign_in("agency"), agency_of("agency").pk
    refused = client.post(address(meeting, "answer/"), {"agency": own, "coming": "no"})
    assert refused.status_code == 400
    words = "Staff away; <b>M. Osei</b>"
    sent = {"agency": own, "apologies": words}
    refused = client.post(address(meeting, "answer/"), sent)
    assert "M. Osei" in refused.content.decode()
    done = client.post(address(meeting, "answer/"), {**sent, "coming": "no"})
    assert done.status_code == 302
    assert Invitation.objects.get(meeting=meeting, agency=own).state == "apologies"
    assert "&lt;b&gt;M. Osei" in text(client, address(meeting))


def test_an_agency_cannot_answer_for_another(sign_in: Any, meeting: Meeting) -> None:
    other = agency_of("agency_b").pk
    sent = {"agency": other, "coming": "yes"}
    assert sign_in("agency").post(address(meeting, "answer/"), sent).status_code == 400
    assert Invitation.objects.get(meeting=meeting, agency=other).state == "invited"
    assert sign_in("coordinator").post(address(meeting, "answer/"), sent).status_code == 302
    assert Invitation.objects.get(meeting=meeting, agency=other).state == "coming"


def test_a_coordinator_moves_it_and_a_second_one_reads_both(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("coordinator")
    starts = local(working_day(meeting.starts_at + timedelta(days=7)))
    sent = {
        "version": meeting.version,
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "place": "Room 9",
        "reason": "The room is taken.",
    }
    assert client.post(address(meeting, "move/"), sent).status_code in (302, 400)
    Meeting.objects.filter(pk=meeting.pk).update(version=5, place="Room 8")
    refused = client.post(address(meeting, "move/"), {**sent, "place": "Room 7"})
    assert refused.status_code == 409
    shown = refused.content.decode()
    assert "Room 8" in shown
    assert "Room 7" in shown
    assert 'value="5"' in shown


def test_a_coordinator_cancels_it(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("coordinator")
    assert client.post(address(meeting, "cancel/"), {"version": 1}).status_code == 400
    sent = {"version": meeting.version, "reason": "Snow"}
    assert client.post(address(meeting, "cancel/"), sent).status_code == 302
    assert "Snow" in text(sign_in("agency"), address(meeting))


def test_an_observer_is_added_by_user_name_and_taken_off(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("coordinator")
    person("idva")
    sent = {"person": "idva", "because": "Learns"}
    assert client.post(address(meeting, "observers/"), {**sent, "person": "x"}).status_code == 400
    assert client.post(address(meeting, "observers/"), sent).status_code == 302
    assert "observer" in text(sign_in("idva"), address(meeting, "sign/"))
    gone = client.post(address(meeting, f"observers/{person('idva').pk}/remove/"))
    assert gone.status_code == 302
    assert not Attendance.objects.exists()


def test_an_emergency_meeting_is_called(sign_in: Any) -> None:
    of, client = marac.conference(), sign_in("chair")
    starts = local(clock.now() + timedelta(hours=5))
    sent = {"conference": of.pk, "starts_at": f"{starts:%Y-%m-%dT%H:%M}", "place": "Call"}
    assert client.post("/marac/meetings/emergency/", {**sent, "place": ""}).status_code == 400
    assert client.post("/marac/meetings/emergency/", sent).status_code == 302
    assert Meeting.objects.get().kind == "emergency"


def test_a_coordinator_changes_a_conference(sign_in: Any) -> None:
    of, client = marac.conference(), sign_in("coordinator")
    path = f"/marac/conferences/{of.pk}/"
    now = details_of(of)
    sent: dict[str, Any] = {name: getattr(now, name) for name in now.__slots__}
    sent |= {name: list(sent[name]) for name in ("areas", "agencies", "core")}
    sent |= {"version": 1, "weekly_day": "2", "weekly_at": "11:00", "monthly_at": "09:30"}
    assert client.post(path, {**sent, "quorum": 9}).status_code == 400
    assert client.post(path, sent).status_code == 302
    of.refresh_from_db()
    assert (of.weekly_day, of.version) == (2, 2)
    stale = client.post(path, {**sent, "weekly_day": "3"})
    assert stale.status_code == 409
    assert "Wednesday" in text(sign_in("agency"), path)
    assert sign_in("agency").post(path, sent).status_code == 403
    made = client.post("/marac/conferences/new/", {**sent, "name": "Marsham", "areas": []})
    assert made.status_code == 302
    assert Conference.objects.get(name="Marsham").meetings.exists()


def test_by_api_the_same_steps(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("agency")
    base = f"/api/v1{address(meeting)}"

    def post(path: str, who: Client = client, **sent: Any) -> Any:
        return who.post(base + path, sent, content_type="application/json")

    assert post("sign/", statement=9).status_code == 409
    assert post("sign/", statement=1).json()["statement"] == 1
    assert post("answer/", coming=False).status_code == 400
    assert post("answer/", coming=True).json()["state"] == "coming"
    assert post("move/", version=1).status_code == 403
    shown = client.get(base).json()
    assert shown["quorum"]["present"] == 1
    assert [one["person"] for one in shown["attendances"]] == ["agency"]
    assert sign_in("idva").get(base).status_code == 404
    coordinator = sign_in("coordinator")
    person("idva")
    assert post("observers/", coordinator, person="idva", because="Learns").status_code == 201
    listed = sign_in("idva").get("/api/v1/marac/meetings/?show=ahead").json()["results"]
    assert [one["reference"] for one in listed] == [meeting.reference]
    assert coordinator.get("/api/v1/marac/conferences/").json()["results"][0]["areas"] == [
        "Fenwick"
    ]
    gone = post("cancel/", coordinator, version=meeting.version, reason="Snow")
    assert gone.json()["state"] == "cancelled"
