"""The agenda goes out in time, within its room; what overflows goes on in one step."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from audit.models import AuditEvent
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from deadlines.models import Deadline, Notification
from deadlines.sweep import sweep
from marac import services
from marac.events import MeetingCancelled, MeetingHeld, MeetingMoved, MeetingPlanned
from marac.models import Hearing, Meeting, ResearchRequest
from tests.factories import marac
from tests.marac.agenda_scene import DAY, a_case, listed
from tests.personas import person, team

NAMES = ("Ash", "Beech", "Cedar", "Dogwood")


@pytest.fixture
def meeting(db: None, at: datetime) -> Meeting:
    """A monthly meeting in twenty days with room for two."""
    return marac.meeting(at + 20 * DAY, capacity=2)


def sent(meeting: Meeting, at: datetime, **more: Any) -> Meeting:
    return services.send_agenda(meeting_id=meeting.pk, actor=person("coordinator"), at=at, **more)


def planned(meeting: Meeting, at: datetime) -> Deadline:
    events.announce(MeetingPlanned(meeting.pk, person("coordinator"), at))
    return Deadline.objects.get(kind="marac_agenda", subject_id=meeting.pk)


def test_the_coordinator_owes_it_from_the_planning_on(meeting: Meeting, at: datetime) -> None:
    clock = planned(meeting, at)
    assert clock == planned(meeting, at), "once, however often"
    assert (clock.due_at, clock.owner) == (meeting.agenda_due_at, person("coordinator"))
    assert clock.team == team("marac")
    assert clock.basis == "5 working days before the meeting, 13 Dec 2026 10:00 (force policy)"
    sweep(at=clock.due_at)
    told = Notification.objects.filter(deadline=clock, user=person("coordinator"))
    assert told.filter(level="breach").exists()
    listed(meeting, a_case(at), at)
    sent(meeting, clock.due_at + DAY)
    clock.refresh_from_db()
    assert clock.state == Deadline.State.MET_LATE


def test_the_clock_follows_the_meeting(meeting: Meeting, at: datetime) -> None:
    clock, coordinator = planned(meeting, at), person("coordinator")
    later = meeting.agenda_due_at + 3 * DAY
    Meeting.objects.filter(pk=meeting.pk).update(agenda_due_at=later)
    events.announce(MeetingMoved(meeting.pk, coordinator, at))
    clock.refresh_from_db()
    assert clock.due_at == later
    events.announce(MeetingCancelled(meeting.pk, coordinator, at))
    clock.refresh_from_db()
    assert clock.state == Deadline.State.CANCELLED


def test_a_meeting_held_without_owes_none(meeting: Meeting, at: datetime) -> None:
    clock = planned(meeting, at)
    events.announce(MeetingHeld(meeting.pk, person("chair"), at))
    clock.refresh_from_db()
    assert clock.state == Deadline.State.CANCELLED


@pytest.mark.parametrize(
    ("kind", "basis"),
    [("weekly", "1 working day before the meeting"), ("emergency", "By the start of the meeting")],
)
def test_each_kind_by_its_own_rule(db: None, at: datetime, kind: str, basis: str) -> None:
    clock = planned(marac.meeting(at + 2 * DAY, kind=kind, agenda_due_at=at), at)
    assert clock.basis.startswith(basis)
    assert clock.due_at == (at if kind == "weekly" else at + 2 * DAY)


def test_out_once_to_everybody_invited(meeting: Meeting, at: datetime) -> None:
    """The research unit and the agencies' people are told once; nobody else is."""
    partner, worker, other = person("agency"), person("worker"), person("officer")
    marac.attendance(meeting, person("supervisor"), at=None)
    for name in NAMES[:2]:
        listed(meeting, a_case(at, name), at)
    sent(meeting, at)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.agenda_out_at) == (Meeting.State.AGENDA_OUT, at)
    assert meeting.agenda_out_by == person("coordinator")
    told = Notification.objects.filter(reference=meeting.reference)
    assert set(told.values_list("user", flat=True)) == {
        partner.pk,
        worker.pk,
        person("supervisor").pk,
    }
    assert other.pk not in told.values_list("user", flat=True)
    assert told.filter(victim=None).count() == told.count() == 3
    with pytest.raises(AlreadyTaken, match=r"P\. Novak sent the agenda on 23 Nov at 10:00"):
        sent(meeting, at + DAY)
    assert AuditEvent.objects.filter(verb="agenda.sent").count() == 1


def test_an_empty_agenda_stays_in(meeting: Meeting, at: datetime) -> None:
    with pytest.raises(DomainError, match="No case is listed"):
        sent(meeting, at)


def test_beyond_the_room_only_with_a_reason(meeting: Meeting, at: datetime) -> None:
    for name in NAMES[:3]:
        listed(meeting, a_case(at, name), at)
    with pytest.raises(InvalidInput) as refusal:
        sent(meeting, at, over_capacity_reason=" ")
    assert refusal.value.field == "over_capacity_reason"
    assert not ResearchRequest.objects.exists()
    sent(meeting, at, over_capacity_reason="Three in one family")
    meeting.refresh_from_db()
    assert meeting.over_capacity_reason == "Three in one family"


def test_flags_take_no_room(meeting: Meeting, at: datetime) -> None:
    for name in NAMES[:2]:
        listed(meeting, a_case(at, name), at)
    marac.hearing(meeting, a_case(at, "Elm"), part="flags", position=9)
    sent(meeting, at, over_capacity_reason="not needed")
    meeting.refresh_from_db()
    assert meeting.over_capacity_reason == ""


def test_late_beyond_the_room_needs_both_reasons(meeting: Meeting, at: datetime) -> None:
    for name in NAMES[:2]:
        listed(meeting, a_case(at, name), at)
    sent(meeting, at)
    case = a_case(at, "Elm")
    with pytest.raises(InvalidInput) as refusal:
        listed(meeting, case, at, late_reason="Released on Friday")
    assert refusal.value.field == "over_capacity_reason"
    listed(meeting, case, at, late_reason="Released", over_capacity_reason="Cannot wait")
    assert Meeting.objects.get(pk=meeting.pk).over_capacity_reason == "Cannot wait"


def test_what_overflows_goes_to_the_next_meeting(meeting: Meeting, at: datetime) -> None:
    next_one = marac.meeting(at + 48 * DAY)
    marac.meeting(at + 30 * DAY, kind="weekly")
    marac.meeting(at + 30 * DAY, of=marac.conference("Northcote", area="Northcote"))
    rows = [listed(meeting, a_case(at, name), at) for name in NAMES]
    moved = services.pass_on_cases(
        meeting_id=meeting.pk,
        hearing_ids=[rows[2].pk, rows[3].pk],
        words="No room",
        actor=person("coordinator"),
        at=at,
    )
    assert [row.meeting for row in moved] == [next_one, next_one]
    assert [row.case for row in moved] == [rows[2].case, rows[3].case]
    rows[2].refresh_from_db()
    assert (rows[2].state, rows[2].ended_words) == (
        Hearing.State.TAKEN_OFF,
        f"To {next_one.reference}. No room",
    )
    sent(meeting, at)


def test_all_of_it_or_nothing(meeting: Meeting, at: datetime) -> None:
    """The other meeting's agenda is out: without a reason nothing moves."""
    other = marac.agenda_out(marac.meeting(at + 48 * DAY), at)
    rows = [listed(meeting, a_case(at, name), at) for name in NAMES[:2]]
    step: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "words": "No room",
        "actor": person("coordinator"),
        "at": at,
    }
    with pytest.raises(InvalidInput) as refusal:
        services.pass_on_cases(hearing_ids=[row.pk for row in rows], **step)
    assert refusal.value.field == "late_reason"
    assert not other.hearings.exists()
    for chosen in ([], [rows[0].pk, 0]):
        with pytest.raises(InvalidInput, match="Choose cases"):
            services.pass_on_cases(hearing_ids=chosen, **step)
    with pytest.raises(InvalidInput, match="another meeting"):
        services.pass_on_cases(hearing_ids=[rows[0].pk], to_meeting_id=meeting.pk, **step)
    Meeting.objects.filter(pk=other.pk).update(state="cancelled", cancelled_reason="Snow")
    with pytest.raises(InvalidInput, match="Plan one"):
        services.pass_on_cases(hearing_ids=[rows[0].pk], **step)


def test_to_an_emergency_meeting_with_what_was_returned(meeting: Meeting, at: datetime) -> None:
    """Who answered is not asked again; who did not is, for the new time."""
    hearing = listed(meeting, a_case(at), at)
    listed(meeting, a_case(at, "Ash"), at)
    sent(meeting, at)
    marac.attendance(meeting, person("agency"), at=at)
    housing = ResearchRequest.objects.get(hearing=hearing, agency=team("partner").agency)
    services.return_research(
        research_id=housing.pk, words="Behind with rent", version=1, actor=person("agency"), at=at
    )
    soon = marac.meeting(at + 2 * DAY, kind="emergency", cut_off_at=None, agenda_due_at=at)
    (new,) = services.pass_on_cases(
        meeting_id=meeting.pk,
        hearing_ids=[hearing.pk],
        to_meeting_id=soon.pk,
        words="He is out tomorrow",
        actor=person("coordinator"),
        at=at + timedelta(hours=1),
    )
    hearing.refresh_from_db()
    soon.refresh_from_db()
    assert hearing.state == Hearing.State.DEFERRED, "agencies have seen it"
    assert soon.state == Meeting.State.AGENDA_OUT, "it goes out with its first case"
    assert not new.is_late
    said = dict(new.research.values_list("agency__name", "state"))
    assert said == {
        "County housing": "returned",
        "County police": "asked",
        "County children": "asked",
    }
    asked = new.research.asked().first()
    assert asked is not None
    assert asked.due_at == soon.starts_at
    open_clocks = Deadline.objects.open().filter(kind="marac_research")
    ids = set(ResearchRequest.objects.asked().values_list("pk", flat=True))
    assert set(open_clocks.values_list("subject_id", flat=True)) == ids


def test_an_emergency_meeting_called_for_what_overflows(meeting: Meeting, at: datetime) -> None:
    """One step: called, listed, out; where a case may not go, there is no meeting either."""
    hearing = listed(meeting, a_case(at), at)
    step: dict[str, Any] = {
        "meeting_id": meeting.pk,
        "starts_at": at + DAY,
        "place": "By telephone",
    }
    by: dict[str, Any] = {"words": "He is out tomorrow", "actor": person("coordinator"), "at": at}
    with pytest.raises(InvalidInput, match="Choose cases"):
        services.pass_on_to_emergency(hearing_ids=[0], **step, **by)
    assert not Meeting.objects.filter(kind="emergency").exists()
    (new,) = services.pass_on_to_emergency(hearing_ids=[hearing.pk], **step, **by)
    soon = Meeting.objects.get(kind="emergency")
    assert new.meeting == soon
    assert soon.agenda_out_at == at
    assert new.research.asked().count() == 3
    assert Deadline.objects.get(kind="marac_agenda", subject_id=soon.pk).state == "met"
