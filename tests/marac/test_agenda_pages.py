"""The agenda's page: what each reader sees, what the coordinator does, nothing typed is lost."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import victims.services
from core import clock
from marac import agendas, services
from marac.models import Hearing, Invitation, MaracCase, MaracFlag, Meeting
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, listed, out
from tests.personas import person


def signed_in(who: str) -> Client:
    """A browser of that persona."""
    client = Client()
    client.force_login(person(who), backend="accounts.backends.RoleBackend")
    return client


@pytest.fixture
def now(db: None) -> datetime:
    return clock.now()


@pytest.fixture
def meeting(now: datetime) -> Meeting:
    return marac.meeting(now + 20 * DAY, capacity=2)


def page(client: Client, meeting: Meeting, more: str = "", status: int = 200) -> str:
    response = client.get(f"/marac/meetings/{meeting.reference}/agenda/{more}")
    assert response.status_code == status
    return str(response.content.decode())


def post(client: Client, meeting: Meeting, more: str, status: int = 302, **data: object) -> str:
    response = client.post(f"/marac/meetings/{meeting.reference}/{more}", data)
    assert response.status_code == status, response.content.decode()
    return str(response.content.decode())


def test_the_coordinator_lists_orders_and_sends(meeting: Meeting, now: datetime) -> None:
    coordinator = signed_in("coordinator")
    ash, beech = a_case(now, "Ash"), a_case(now, "Beech", children=2)
    said = page(coordinator, meeting)
    assert said.index("Ada Ash") < said.index("Ada Beech"), "the longest waiting first"
    assert "9 days" in said
    for case in (ash, beech):
        post(coordinator, meeting, "agenda/list/", case=case.reference)
    cedar = a_case(now, "Cedar")
    post(coordinator, meeting, "agenda/list/", case=cedar.reference)
    said = page(coordinator, meeting)
    assert said.index("Ada Beech") < said.index("Ada Ash") < said.index("Ada Cedar")
    assert "1 more than there is room for" in said
    version = Meeting.objects.get(pk=meeting.pk).version
    last = Hearing.objects.get(case=cedar).pk
    post(coordinator, meeting, "agenda/order/", hearing=last, by=-1, version=version)
    said = page(coordinator, meeting)
    assert said.index("Ada Cedar") < said.index("Ada Ash")
    again = post(coordinator, meeting, "agenda/send/", 400, over_capacity_reason=" ")
    assert "This is needed" in again
    post(coordinator, meeting, "agenda/send/", over_capacity_reason="One family")
    assert "One family" in page(coordinator, meeting)


def test_a_late_case_asks_for_its_reason_and_keeps_it(meeting: Meeting, now: datetime) -> None:
    out(meeting, now, "Ash", "Beech")
    coordinator, case = signed_in("coordinator"), a_case(now, "Cedar")
    assert f"?case={case.reference}" in page(coordinator, meeting)
    said = page(coordinator, meeting, f"list/?case={case.reference}")
    assert "Why it cannot wait" in said
    data: dict[str, Any] = {"case": case.reference, "late_reason": "Released on Friday"}
    said = post(coordinator, meeting, "agenda/list/", 400, **data)
    assert "Released on Friday" in said
    assert "Why more cases are heard" in said
    post(coordinator, meeting, "agenda/list/", over_capacity_reason="It cannot wait", **data)
    assert Hearing.objects.get(case=case).is_late


@pytest.mark.parametrize("wrong", ["MC-2020-000001", "nonsense"])
def test_no_such_case(meeting: Meeting, wrong: str) -> None:
    said = post(signed_in("coordinator"), meeting, "agenda/list/", 400, case=wrong)
    assert "There is no such case" in said
    assert wrong in said


@pytest.mark.parametrize(
    ("show", "names"),
    [
        ("", {"Ash", "Beech", "Cedar"}),
        ("children", {"Beech"}),
        ("adults", {"Ash", "Cedar"}),
        ("repeats", {"Cedar"}),
        ("no such", {"Ash", "Beech", "Cedar"}),
    ],
)
def test_what_waits_is_filtered(
    meeting: Meeting, now: datetime, show: str, names: set[str]
) -> None:
    old = a_case(now, "Elm", state="closed", closed_at=now, closed_because="done")
    a_case(now, "Ash"), a_case(now, "Beech", children=1), a_case(now, "Cedar", repeat_of=old)
    a_case(now, "Dogwood", state="proposed")
    said = page(signed_in("coordinator"), meeting, f"?show={show}")
    shown = {name for name in ("Ash", "Beech", "Cedar", "Dogwood", "Elm") if f"Ada {name}" in said}
    assert shown == names


def test_a_case_waits_until_it_is_heard(meeting: Meeting, now: datetime) -> None:
    """Deferred or taken off it waits again; a repeat since its hearing makes it wait again."""
    case, coordinator = a_case(now), person("coordinator")

    def waits() -> bool:
        return case in agendas.waiting_cases(meeting, coordinator)

    assert waits()
    hearing = listed(meeting, case, now)
    assert not waits()
    services.take_off(hearing_id=hearing.pk, words="Ill", actor=coordinator, at=now)
    assert waits()
    marac.heard(now - DAY, case=case)
    assert not waits()
    repeat = {"code": "repeat", "is_met": True, "label": "Repeat", "at": now.isoformat()}
    MaracCase.objects.filter(pk=case.pk).update(criteria=[repeat])
    assert waits()


def test_flags_that_reach_their_end(meeting: Meeting, now: datetime) -> None:
    case = a_case(now)
    flag = MaracFlag.objects.create(
        case=case,
        hearing=marac.heard(now - 330 * DAY, case=case),
        victim=case.victim,
        from_at=now - 330 * DAY,
        until_at=now + 35 * DAY,
    )
    MaracCase.objects.filter(pk=case.pk).update(decided_at=now - 340 * DAY)
    coordinator = signed_in("coordinator")
    assert "Flags that reach twelve months" in page(coordinator, meeting)
    post(coordinator, meeting, "agenda/list/", case=case.reference)
    assert Hearing.objects.get(meeting=meeting).part == Hearing.Part.FLAGS
    assert flag not in agendas.flags_ending(meeting, person("coordinator"))


def test_who_sees_what_of_it(meeting: Meeting, now: datetime) -> None:
    """Unsigned nothing; signed what is out; what is not theirs they do not see to exist."""
    partner, chair = signed_in("agency"), signed_in("chair")
    first, second = (listed(meeting, a_case(now, name), now) for name in ("Ash", "Beech"))
    assert "Ada Ash" in page(chair, meeting)
    assert "Send the agenda" not in page(chair, meeting)
    refused = page(partner, meeting, status=403)
    assert f"/marac/meetings/{meeting.reference}/sign/" in refused and "Your role" not in refused
    page(signed_in("idva_b"), meeting, status=404)
    marac.attendance(meeting, person("agency"), at=now)
    assert "Ada" not in page(partner, meeting)
    services.send_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=now)
    assert "Ada Beech" in page(partner, meeting)
    path = f"cases/{first.case.reference}/conflict/"
    post(partner, meeting, path, 400, words=" ")
    post(partner, meeting, path, words="My neighbour")
    said = page(partner, meeting)
    assert "Ash" not in said
    assert "Not for you" not in said
    assert "near to the case" not in said
    post(partner, meeting, path, 404, words="again")
    post(chair, meeting, f"cases/{second.case.reference}/conflict/", words="My cousin")
    said = page(chair, meeting)
    assert "Not for you" in said
    assert "Beech" not in said
    assert second.case.reference not in said


def test_a_withheld_case_is_a_gap_for_the_coordinator(meeting: Meeting, now: datetime) -> None:
    ash, coordinator = listed(meeting, a_case(now, "Ash"), now), person("coordinator")
    waiting = a_case(now, "Elm")
    for case in (ash.case, waiting):
        victims.services.withhold(
            victim_id=case.victim_id,
            person_id=coordinator.pk,
            reason="A cousin",
            actor=person("manager"),
            at=now,
        )
    said = page(signed_in("coordinator"), meeting)
    assert "Not for you" in said
    assert "Ash" not in said
    assert "Elm" not in said
    path = f"cases/{ash.case.reference}/take-off/"
    post(signed_in("coordinator"), meeting, path, 404, words="Off")


def test_taken_off_by_page(meeting: Meeting, now: datetime) -> None:
    hearing, coordinator = listed(meeting, a_case(now), now), signed_in("coordinator")
    path = f"cases/{hearing.case.reference}/take-off/"
    post(coordinator, meeting, path, 400, words="")
    post(coordinator, meeting, path, words="She moved")
    hearing.refresh_from_db()
    assert hearing.ended_words == "She moved"


@pytest.mark.parametrize("to", ["next", "emergency"])
def test_passed_on_by_page(meeting: Meeting, now: datetime, to: str) -> None:
    """What is beyond the room is ticked; refused, everything typed stands there again."""
    later = marac.meeting(now + 50 * DAY)
    rows = [listed(meeting, a_case(now, name), now) for name in ("Ash", "Beech", "Cedar")]
    coordinator = signed_in("coordinator")
    said = page(coordinator, meeting, "overflow/")
    assert said.count("checked") == 2, "the third case, and the next meeting"
    data: dict[str, Any] = {
        "hearings": [rows[2].pk],
        "to": later.pk if to == "next" else "emergency",
    }
    said = post(coordinator, meeting, "agenda/overflow/", 400, place="By telephone", **data)
    assert "By telephone" in said
    if to == "emergency":
        assert "An emergency meeting needs this" in said
        data |= {"starts_at": f"{now + DAY:%Y-%m-%dT%H:%M}", "place": "By telephone"}
    post(coordinator, meeting, "agenda/overflow/", words="No room", **data)
    moved = Hearing.objects.get(case=rows[2].case, state="waiting")
    assert moved.meeting == (later if to == "next" else Meeting.objects.get(kind="emergency"))


def test_as_many_queries_for_twelve_cases_as_for_two(now: datetime) -> None:
    """The builder, and the agenda as an agency reads it."""
    clients = {"coordinator": signed_in("coordinator"), "agency": signed_in("agency")}
    counts: dict[str, list[int]] = {"coordinator": [], "agency": []}
    for number, days in ((2, 20), (12, 50)):
        meeting = marac.meeting(now + days * DAY, capacity=40)
        marac.attendance(meeting, person("agency"), at=now)
        out(meeting, now, *(f"Name {days} {key}" for key in range(number)))
        for key in range(number):
            a_case(now, f"Waiting {days} {key}")
        for who, client in clients.items():
            page(client, meeting)
            with CaptureQueriesContext(connection) as made:
                page(client, meeting)
            counts[who].append(len(made))
    assert Invitation.objects.count() == 6
    assert counts == {
        "coordinator": [QUERIES["coordinator"]] * 2,
        "agency": [QUERIES["agency"]] * 2,
    }


#: Of a page asked for again, the session and the reader's roles among them.
QUERIES = {"coordinator": 10, "agency": 8}
