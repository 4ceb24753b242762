"""The calendar of those invited: one entry for each meeting, moved and cancelled, nobody named."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from icalendar import Calendar

from accounts.models import User
from core import clock
from core.clock import local
from marac import calendar
from marac.models import CalendarLink, Meeting
from marac.services import cancel_meeting, move_meeting
from marac.services.meetings.links import (
    end_calendar_link,
    make_calendar_link,
    whose_calendar,
)
from tests.factories import marac
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting() -> Meeting:
    return marac.meeting(datetime(2026, 12, 10, 9, 30, tzinfo=UTC))


def entries(who: User, at: datetime) -> list[Any]:
    said = calendar.feed(calendar.meetings_of(who, at), at)
    return list(Calendar.from_ical(said).walk("VEVENT"))


def test_an_entry_is_at_its_hour_on_the_wall_clock(meeting: Meeting, at: datetime) -> None:
    summer = marac.meeting(datetime(2027, 6, 10, 8, 30, tzinfo=UTC))
    first, second = entries(person("agency"), at)
    for entry, row in ((first, meeting), (second, summer)):
        assert entry["DTSTART"].dt == row.starts_at
        assert entry["DTSTART"].params["TZID"] == "Europe/London"
        assert f"{local(entry['DTSTART'].dt):%H:%M}" == "09:30"
        assert entry["STATUS"] == "CONFIRMED"
    assert first["LOCATION"] == meeting.place


def test_the_zone_of_the_clock_goes_with_it(meeting: Meeting, at: datetime) -> None:
    said = calendar.feed(calendar.meetings_of(person("agency"), at), at)
    zones = Calendar.from_ical(said).walk("VTIMEZONE")
    assert [str(one["TZID"]) for one in zones] == ["Europe/London"]


def test_moved_it_keeps_its_name_and_says_that_it_is_newer(meeting: Meeting, at: datetime) -> None:
    [before] = entries(person("agency"), at)
    move_meeting(
        meeting_id=meeting.pk,
        starts_at=meeting.starts_at + timedelta(days=1),
        place="Room 9",
        reason="The room is taken",
        version=1,
        actor=person("coordinator"),
        at=at,
    )
    [after] = entries(person("agency"), at)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["DTSTART"].dt == meeting.starts_at + timedelta(days=1)
    assert after["LOCATION"] == "Room 9"


def test_cancelled_it_stays_as_cancelled(meeting: Meeting, at: datetime) -> None:
    [before] = entries(person("agency"), at)
    cancel_meeting(
        meeting_id=meeting.pk, reason="Snow", version=1, actor=person("coordinator"), at=at
    )
    [after] = entries(person("agency"), at)
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])


def test_who_has_which_meetings(meeting: Meeting, at: datetime) -> None:
    other = marac.meeting(
        datetime(2026, 12, 11, 9, 30, tzinfo=UTC),
        of=marac.conference("Marsham", area="Marsham"),
        invited=False,
    )
    long_over = marac.meeting(at - timedelta(days=93))
    assert len(entries(person("agency"), at)) == 1
    assert len(entries(person("coordinator"), at)) == 2
    assert entries(person("idva"), at) == []
    marac.attendance(other, person("idva"), at=None, observer=True)
    assert len(entries(person("idva"), at)) == 1
    assert long_over.pk


def test_no_victim_is_in_it(meeting: Meeting, at: datetime) -> None:
    case = marac.case(at - timedelta(days=5), words="Threats to kill")
    marac.hearing(meeting, case)
    marac.agenda_out(meeting, at)
    marac.attendance(meeting, person("agency"), at=at)
    said = calendar.feed(calendar.meetings_of(person("agency"), at), at).decode()
    unfolded = said.replace("\r\n ", "")
    for word in (
        case.reference,
        case.victim.reference,
        case.victim.person.family_name,
        "Threats",
        "VERY HIGH",
    ):
        assert word not in unfolded
    assert meeting.reference in unfolded


def test_the_secret_opens_ones_own_and_is_kept_nowhere(
    meeting: Meeting, at: datetime, client: Client
) -> None:
    secret = make_calendar_link(actor=person("agency"), at=at)
    link = CalendarLink.objects.get()
    assert secret not in (link.digest, str(link))
    response = client.get(f"/marac/calendar/feed/{secret}.ics")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert not response.cookies
    assert len(Calendar.from_ical(response.content).walk("VEVENT")) == 1
    link.refresh_from_db()
    assert link.last_used_at is not None


def test_a_new_address_ends_the_old_and_an_ended_one_opens_nothing(at: datetime) -> None:
    reader = person("agency")
    old = make_calendar_link(actor=reader, at=at)
    new = make_calendar_link(actor=reader, at=at)
    assert whose_calendar(old, at) is None
    assert whose_calendar(new, at) == reader
    end_calendar_link(actor=reader, at=at)
    assert whose_calendar(new, at) is None


def test_whoever_left_has_no_calendar(client: Client, at: datetime) -> None:
    reader = person("agency")
    secret = make_calendar_link(actor=reader, at=at)
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert client.get(f"/marac/calendar/feed/{secret}.ics").status_code == 404
    assert client.get("/marac/calendar/feed/nothing.ics").status_code == 404


@pytest.mark.parametrize("username", ["handler", "officer", "analyst", "auditor"])
def test_who_comes_to_no_meetings_has_no_address(at: datetime, username: str) -> None:
    with pytest.raises(PermissionDenied):
        make_calendar_link(actor=person(username), at=at)


def test_the_page_shows_the_address_once(sign_in: Any, meeting: Meeting) -> None:
    client = sign_in("agency")
    shown = client.post("/marac/calendar/").content.decode()
    assert "/marac/calendar/feed/" in shown
    assert "/marac/calendar/feed/" not in client.get("/marac/calendar/").content.decode()
    assert CalendarLink.objects.filter(person=person("agency")).exists()
    client.post("/marac/calendar/", {"end": "1"})
    assert not CalendarLink.objects.exists()


def test_it_is_read_in_few_queries(meeting: Meeting, django_assert_num_queries: Any) -> None:
    at = clock.now()
    who = person("agency")
    for days in range(3):
        marac.meeting(datetime(2026, 12, 14 + days, 9, 30, tzinfo=UTC))
    who = User.objects.get(pk=who.pk)
    with django_assert_num_queries(2):
        calendar.feed(calendar.meetings_of(who, at), at)
