"""A meeting is moved or cancelled: everybody is told, what was answered is asked anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from marac.models import Attendance, Hearing, Invitation, Meeting
from marac.services import cancel_meeting, move_meeting, plan_emergency
from marac.services.agenda.watching import watch_agenda
from tests.factories import marac
from tests.personas import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(at: datetime) -> Meeting:
    """Thursday 10 December 2026, 09:30."""
    person("agency")
    return marac.meeting(datetime(2026, 12, 10, 9, 30, tzinfo=UTC))


def moved(meeting: Meeting, at: datetime, **given: Any) -> Meeting:
    said: dict[str, Any] = {
        "starts_at": meeting.starts_at + timedelta(days=1),
        "place": meeting.place,
        "reason": "The chair is in court.",
        "version": meeting.version,
        "actor": person("coordinator"),
    }
    return move_meeting(meeting_id=meeting.pk, at=at, **{**said, **given})


def cancelled(meeting: Meeting, at: datetime, **given: Any) -> Meeting:
    said: dict[str, Any] = {
        "reason": "Nobody can travel: snow.",
        "version": meeting.version,
        "actor": person("coordinator"),
    }
    return cancel_meeting(meeting_id=meeting.pk, at=at, **{**said, **given})


def told(meeting: Meeting) -> set[str]:
    rows = Notification.objects.filter(reference=meeting.reference, level="warning")
    return set(rows.values_list("user__username", flat=True))


def test_moved_its_agenda_is_due_anew_and_everybody_is_told(meeting: Meeting, at: datetime) -> None:
    watch_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=at)
    row = moved(meeting, at)
    assert row.starts_at == datetime(2026, 12, 11, 9, 30, tzinfo=UTC)
    assert row.agenda_due_at == datetime(2026, 12, 4, 9, 30, tzinfo=UTC)
    assert row.cut_off_at == row.agenda_due_at
    assert row.version == meeting.version + 1
    assert Deadline.objects.open().get(kind="marac_agenda").due_at == row.agenda_due_at
    assert {"agency", "chair", "coordinator"} <= told(meeting)


def test_whoever_answered_is_asked_anew_and_what_was_signed_stays(
    meeting: Meeting, at: datetime
) -> None:
    meeting.invitations.update(state="coming", answered_at=at, answered_by=person("agency"))
    signed = marac.attendance(meeting, person("agency"), at=at)
    Attendance.objects.update(present_at=at)
    moved(meeting, at)
    assert set(meeting.invitations.values_list("state", flat=True)) == {Invitation.State.INVITED}
    signed.refresh_from_db()
    assert (signed.signed_at, signed.present_at) == (at, None)


def test_another_place_leaves_answers_and_dates_alone(meeting: Meeting, at: datetime) -> None:
    meeting.invitations.update(state="coming")
    row = moved(meeting, at, starts_at=meeting.starts_at, place="By telephone, 01632 960401")
    assert row.agenda_due_at == meeting.agenda_due_at
    assert set(meeting.invitations.values_list("state", flat=True)) == {Invitation.State.COMING}
    assert "another place" in Notification.objects.filter(user=person("chair")).get().headline


def test_an_agenda_that_is_out_is_not_due_again(meeting: Meeting, at: datetime) -> None:
    marac.agenda_out(meeting, at)
    assert moved(meeting, at).agenda_due_at == meeting.agenda_due_at


def test_moved_to_where_it_is_nothing_changes(meeting: Meeting, at: datetime) -> None:
    row = moved(meeting, at, starts_at=meeting.starts_at, version=99, reason="")
    assert row.version == meeting.version
    assert not told(meeting)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_at": datetime(2026, 12, 12, 9, 30, tzinfo=UTC)}, "starts_at"),  # Saturday
        ({"starts_at": datetime(2026, 12, 28, 9, 30, tzinfo=UTC)}, "starts_at"),  # bank holiday
        ({"starts_at": datetime(2026, 11, 20, 9, 30, tzinfo=UTC)}, "starts_at"),  # past
        ({"starts_at": datetime(2062, 12, 11, 9, 30, tzinfo=UTC)}, "starts_at"),
        ({"place": "  "}, "place"),
        ({"reason": ""}, "reason"),
        ({"reason": "x" * 1_001}, "reason"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_field(
    meeting: Meeting, at: datetime, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        moved(meeting, at, **given)
    assert refused.value.field == field
    meeting.refresh_from_db()
    assert meeting.version == 1


def test_an_emergency_may_go_to_a_sunday(at: datetime) -> None:
    row = plan_emergency(
        conference_id=marac.conference().pk,
        starts_at=at + timedelta(days=1),
        place="Call",
        actor=person("chair"),
        at=at,
    )
    sunday = datetime(2026, 11, 29, 21, 0, tzinfo=UTC)
    assert moved(row, at, starts_at=sunday).starts_at == sunday


def test_of_two_who_move_it_the_second_reads_both(meeting: Meeting, at: datetime) -> None:
    moved(meeting, at)
    with pytest.raises(Stale) as refused:
        moved(meeting, at, place="Room 9")
    assert refused.value.theirs["place"] == meeting.place
    assert refused.value.yours["place"] == "Room 9"


def test_cancelled_its_cases_wait_for_another_meeting(meeting: Meeting, at: datetime) -> None:
    hearing = marac.hearing(meeting, marac.case(at - timedelta(days=5)))
    row = cancelled(meeting, at)
    assert (row.state, row.cancelled_reason) == ("cancelled", "Nobody can travel: snow.")
    hearing.refresh_from_db()
    assert hearing.state == Hearing.State.TAKEN_OFF
    assert {"agency", "chair", "coordinator"} <= told(meeting)
    assert not Deadline.objects.open().filter(kind="marac_agenda").exists()


def test_cancelled_twice_is_cancelled_once(meeting: Meeting, at: datetime) -> None:
    first = cancelled(meeting, at)
    assert cancelled(meeting, at, reason="Again").cancelled_reason == first.cancelled_reason


def test_cancelled_needs_a_reason(meeting: Meeting, at: datetime) -> None:
    with pytest.raises(InvalidInput) as refused:
        cancelled(meeting, at, reason="")
    assert refused.value.field == "reason"


def test_no_word_of_a_case_is_in_what_people_are_told(meeting: Meeting, at: datetime) -> None:
    case = marac.case(at - timedelta(days=5))
    marac.hearing(meeting, case)
    moved(meeting, at)
    meeting.refresh_from_db()
    cancelled(meeting, at)
    names = [case.reference, case.victim.reference, str(case.victim.person).split()[-1]]
    for row in Notification.objects.filter(reference=meeting.reference):
        assert not any(name in row.headline for name in names)
        assert row.victim_id is None


@pytest.mark.parametrize("change", [moved, cancelled])
@pytest.mark.parametrize("state", ["under_way", "held"])
def test_what_has_begun_is_neither_moved_nor_cancelled(
    meeting: Meeting, at: datetime, change: Any, state: str
) -> None:
    marac.under_way(meeting, at)
    Meeting.objects.update(state=state, ended_at=at + timedelta(hours=1))
    with pytest.raises(DomainError):
        change(meeting, at)


def test_a_cancelled_meeting_is_not_moved(meeting: Meeting, at: datetime) -> None:
    cancelled(meeting, at)
    with pytest.raises(DomainError):
        moved(meeting, at)


@pytest.mark.parametrize("change", [moved, cancelled])
@pytest.mark.parametrize("username", ["chair", "head", "worker", "agency", "idva"])
def test_only_coordinators_move_and_cancel(
    meeting: Meeting, at: datetime, change: Any, username: str
) -> None:
    with pytest.raises(PermissionDenied):
        change(meeting, at, actor=person(username))
    meeting.refresh_from_db()
    assert (meeting.state, meeting.version) == ("planned", 1)
