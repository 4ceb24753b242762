"""A meeting begins with its quorum, its chair signed and on its day; it ends when nothing waits."""

from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import AuditEvent
from core import events
from core.errors import DomainError, InvalidInput
from marac.events import MeetingHeld
from marac.models import Attendance, Hearing, Invitation, Meeting
from marac.services.live import begin_meeting, end_meeting, note_here
from tests.factories import marac
from tests.marac.live_scene import DAY, MINUTE, THERE, actor, planned, under_way
from tests.personas import PEOPLE, person

pytestmark = pytest.mark.django_db


def test_its_chair_begins_it_once(at: datetime) -> None:
    scene = planned(at)
    begun = begin_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at)
    assert (begun.state, begun.began_at) == (Meeting.State.UNDER_WAY, at)
    again = begin_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    assert again.began_at == at
    assert AuditEvent.objects.filter(verb="marac.meeting_begun").count() == 1
    scene.meeting.refresh_from_db()
    assert scene.meeting.changes == 1


@pytest.mark.parametrize("name", sorted(set(PEOPLE) - {"chair"}))
def test_nobody_else_begins_it(at: datetime, name: str) -> None:
    scene = planned(at)
    with pytest.raises(PermissionDenied):
        begin_meeting(meeting_id=scene.meeting.pk, actor=actor(name), at=at)
    scene.meeting.refresh_from_db()
    assert scene.meeting.state == Meeting.State.AGENDA_OUT


def test_a_chair_who_has_not_signed_does_not_begin(at: datetime) -> None:
    scene = planned(at, there=("coordinator", "agency", "agency_b"))
    marac.attendance(scene.meeting, person("chair"), at=None)
    with pytest.raises(PermissionDenied, match="Sign"):
        begin_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at)


def test_without_its_quorum_it_needs_a_reason(at: datetime) -> None:
    scene = planned(at, there=("chair",))
    with pytest.raises(InvalidInput) as refused:
        begin_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at)
    assert refused.value.field == "no_quorum_reason"
    begun = begin_meeting(
        meeting_id=scene.meeting.pk,
        no_quorum_reason="Housing joins at ten.",
        actor=actor("chair"),
        at=at,
    )
    assert begun.no_quorum_reason == "Housing joins at ten."
    assert AuditEvent.objects.get(verb="marac.meeting_begun").is_grave


@pytest.mark.parametrize(
    ("state", "when"),
    [("planned", 0), ("held", 0), ("cancelled", 0), ("agenda_out", -1)],
)
def test_it_begins_on_its_day_with_its_agenda_out(at: datetime, state: str, when: int) -> None:
    scene = planned(at)
    Meeting.objects.filter(pk=scene.meeting.pk).update(
        state=state, began_at=at, ended_at=at, cancelled_reason="No chair."
    )
    with pytest.raises(DomainError):
        begin_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + when * DAY)


def test_it_does_not_end_while_a_case_waits(at: datetime) -> None:
    scene = under_way(at)
    with pytest.raises(DomainError) as refused:
        end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    assert refused.value.code == "cases_left"


@pytest.mark.parametrize("name", ["coordinator", "agency", "officer"])
def test_only_a_chair_ends_it(at: datetime, name: str) -> None:
    scene = under_way(at)
    scene.meeting.hearings.update(state=Hearing.State.TAKEN_OFF, ended_words="Moved.")
    with pytest.raises(PermissionDenied):
        end_meeting(meeting_id=scene.meeting.pk, actor=actor(name), at=at + MINUTE)


def test_its_end_says_who_came_and_who_did_not(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced: list[object] = []
    monkeypatch.setattr(events, "announce", announced.append)
    scene = under_way(at, there=("chair", "coordinator", "worker", "agency"))
    scene.meeting.hearings.update(state=Hearing.State.TAKEN_OFF, ended_words="Moved.")
    ended = end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    assert (ended.state, ended.ended_at) == (Meeting.State.HELD, at + MINUTE)
    came = {row.agency.name: row.state for row in scene.meeting.invitations.all()}
    assert came == {
        "County police": Invitation.State.ATTENDED,
        "County housing": Invitation.State.ATTENDED,
        "County children": Invitation.State.ABSENT,
    }
    assert [type(one) for one in announced] == [MeetingHeld]
    end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + 2 * MINUTE)
    assert len(announced) == 1


def test_who_leads_the_meeting_is_no_attendance_of_the_police(at: datetime) -> None:
    scene = under_way(at, there=("chair", "coordinator"))
    scene.meeting.hearings.update(state=Hearing.State.TAKEN_OFF, ended_words="Moved.")
    end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    assert scene.meeting.invitations.get(agency__name="County police").state == "absent"


def test_apologies_stay_apologies_unless_somebody_came(at: datetime) -> None:
    scene = under_way(at, there=("chair", "agency"))
    scene.meeting.hearings.update(state=Hearing.State.TAKEN_OFF, ended_words="Moved.")
    scene.meeting.invitations.update(state=Invitation.State.APOLOGIES, apologies="Ill.")
    end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    came = {row.agency.name: row.state for row in scene.meeting.invitations.all()}
    assert came["County housing"] == Invitation.State.ATTENDED
    assert came["County children"] == Invitation.State.APOLOGIES


def test_an_observer_is_no_attendance_of_their_agency(at: datetime) -> None:
    scene = under_way(at, there=("chair",))
    scene.meeting.hearings.update(state=Hearing.State.TAKEN_OFF, ended_words="Moved.")
    row = marac.attendance(scene.meeting, person("agency"), at=at - DAY, observer=True)
    Attendance.objects.filter(pk=row.pk).update(present_at=at)
    end_meeting(meeting_id=scene.meeting.pk, actor=actor("chair"), at=at + MINUTE)
    assert scene.meeting.invitations.get(agency__name="County housing").state == "absent"


def test_those_in_the_room_are_noted_once_and_only_when_signed(at: datetime) -> None:
    scene = under_way(at, there=("chair", "coordinator"))
    signed = marac.attendance(scene.meeting, person("agency"), at=at - DAY)
    unsigned = marac.attendance(scene.meeting, person("agency_b"), at=None)
    note_here(attendance_id=signed.pk, actor=actor("coordinator"), at=at + MINUTE)
    note_here(attendance_id=signed.pk, actor=actor("coordinator"), at=at + 2 * MINUTE)
    signed.refresh_from_db()
    assert signed.present_at == at + MINUTE
    with pytest.raises(DomainError):
        note_here(attendance_id=unsigned.pk, actor=actor("chair"), at=at + MINUTE)
    with pytest.raises(PermissionDenied):
        note_here(attendance_id=signed.pk, actor=actor("agency"), at=at + MINUTE)


def test_everybody_there_is_in_the_scene(at: datetime) -> None:
    scene = under_way(at)
    assert scene.meeting.attendances.filter(present_at__isnull=False).count() == len(THERE)
