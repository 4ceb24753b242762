"""A meeting begins, notes who is there, and ends."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac import quorum
from marac.events import MeetingHeld
from marac.models import Attendance, Hearing, Invitation, Meeting
from marac.permissions import can_chair, can_keep
from marac.services.live.counting import next_number
from marac.services.live.leading import require_chair, require_speaker, require_under_way
from marac.services.locking import locked_meeting

LONGEST_REASON = 1_000


@transaction.atomic
def begin_meeting(
    *, meeting_id: int, no_quorum_reason: str = "", actor: User, at: datetime
) -> Meeting:
    """A chair begins a meeting whose agenda is out, and is its chair from then on.

    Beginning it again changes nothing. Raises PermissionDenied for whoever does not chair or has
    not signed; DomainError before its day, without an agenda, or when it is over; InvalidInput at
    "no_quorum_reason" where the quorum is not there and no reason is given.
    """
    reason = clean(no_quorum_reason, field="no_quorum_reason", longest=LONGEST_REASON)
    meeting = locked_meeting(meeting_id)
    place = require_chair(actor, meeting)
    if meeting.state == Meeting.State.UNDER_WAY:
        return meeting
    _require_may_begin(meeting, at)
    _note(place, at)
    found = quorum.of(meeting)
    if not found.is_met and not reason:
        raise InvalidInput(
            "The quorum is not there. Wait, or write why the meeting goes on without it.",
            field="no_quorum_reason",
        )
    meeting.state, meeting.began_at, meeting.chair = Meeting.State.UNDER_WAY, at, actor
    meeting.no_quorum_reason = "" if found.is_met else reason
    meeting.version += 1
    meeting.save(update_fields=["state", "began_at", "chair", "no_quorum_reason", "version"])
    next_number(meeting.pk)
    without = "" if found.is_met else ", without its quorum"
    audit.record(
        actor=actor,
        at=at,
        verb="marac.meeting_begun",
        subject=meeting.reference,
        headline=f"{meeting.get_kind_display()} begun{without}",
        detail={"no_quorum_reason": meeting.no_quorum_reason},
        is_grave=not found.is_met,
    )
    return meeting


def _require_may_begin(meeting: Meeting, at: datetime) -> None:
    if meeting.state == Meeting.State.PLANNED:
        raise DomainError("The agenda is not out. Its coordinator sends it first.")
    if not meeting.is_open:
        raise DomainError(
            f"{meeting.reference} is over: it was {meeting.get_state_display().lower()}."
        )
    day = local(meeting.starts_at)
    if local(at).date() < day.date():
        raise DomainError(f"It is planned for {day:%A} {day.day} {day:%B, %H:%M}: not today.")


@transaction.atomic
def note_here(*, attendance_id: int, actor: User, at: datetime) -> Attendance:
    """Note that somebody who signed is in the room, though they did not open the page themselves.

    Chair or coordinator; again changes nothing. Raises PermissionDenied, or DomainError for
    somebody who has not signed, or once the meeting is over.
    """
    meeting_id = Attendance.objects.values_list("meeting_id", flat=True).get(pk=attendance_id)
    meeting = locked_meeting(meeting_id)
    require_speaker(actor, meeting)
    conference = meeting.conference
    if not (can_chair(actor, conference) or can_keep(actor, conference)):
        raise PermissionDenied("The chair or the coordinator notes who is in the room.")
    rows = Attendance.objects.select_for_update(of=("self",)).select_related("person__team")
    row = rows.get(pk=attendance_id)
    if row.present_at is not None:
        return row
    if not row.speaks_now:
        raise DomainError(f"{row.person} has not signed the statement for their agency.")
    if not meeting.is_open:
        raise DomainError("The meeting is over.")
    _note(row, at)
    next_number(meeting.pk)
    audit.record(
        actor=actor,
        at=at,
        verb="marac.noted_here",
        subject=meeting.reference,
        headline=f"{row.person} noted as in the meeting",
    )
    return row


def _note(place: Attendance, at: datetime) -> None:
    if place.present_at is None:
        place.present_at = at
        place.save(update_fields=["present_at"])


@transaction.atomic
def end_meeting(*, meeting_id: int, actor: User, at: datetime) -> Meeting:
    """The chair ends the meeting: minutes are due, agencies of which nobody came were absent.

    Ending it again changes nothing. Raises PermissionDenied for whoever does not chair or has not
    signed; DomainError while a case is neither concluded nor deferred.
    """
    meeting = locked_meeting(meeting_id)
    require_chair(actor, meeting)
    if meeting.state == Meeting.State.HELD:
        return meeting
    require_under_way(meeting)
    left = Hearing.objects.filter(meeting=meeting, state__in=Hearing.OPEN).count()
    if left:
        cases = "One case is" if left == 1 else f"{left} cases are"
        raise DomainError(f"{cases} neither concluded nor deferred.", code="cases_left")
    meeting.state, meeting.ended_at = Meeting.State.HELD, at
    meeting.version += 1
    meeting.save(update_fields=["state", "ended_at", "version"])
    came, absent = _mark_agencies(meeting)
    next_number(meeting.pk)
    audit.record(
        actor=actor,
        at=at,
        verb="marac.meeting_ended",
        subject=meeting.reference,
        headline=f"{meeting.get_kind_display()} ended",
        detail={"attended": came, "absent": absent},
    )
    events.announce(MeetingHeld(meeting_id=meeting.pk, actor=actor, at=at))
    return meeting


def _mark_agencies(meeting: Meeting) -> tuple[list[str], list[str]]:
    """Names of the agencies that came, and of those that neither came nor sent apologies.

    Chair and coordinator keep the meeting for all and are nobody's attendance.
    """
    people = Attendance.objects.filter(
        meeting=meeting, is_observer=False, present_at__isnull=False
    ).exclude(person__in=[meeting.chair_id, meeting.coordinator_id])
    there = people.values("agency_id")
    rows = Invitation.objects.filter(meeting=meeting)
    came, absent = rows.filter(agency__in=there), rows.exclude(agency__in=there)
    absent = absent.exclude(state=Invitation.State.APOLOGIES)
    names = [sorted(one.values_list("agency__name", flat=True)) for one in (came, absent)]
    came.update(state=Invitation.State.ATTENDED)
    absent.update(state=Invitation.State.ABSENT)
    return names[0], names[1]
