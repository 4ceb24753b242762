"""A meeting goes to another day, time or place, or does not take place: everybody is told."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import events, policy
from core.clock import local
from core.errors import InvalidInput
from core.policy import ForcePolicy
from core.text import clean
from core.working_time import is_working_day
from core.working_time.instants import same_time_on
from deadlines.models import Notification
from marac import planning
from marac.events import MeetingCancelled, MeetingMoved
from marac.models import Attendance, Hearing, Invitation, MaracCase, Meeting
from marac.services.agenda.guards import hold_victims
from marac.services.agenda.listing import put_off
from marac.services.locking import locked_hearing, locked_meeting
from marac.services.meetings.rows import (
    LONGEST_PLACE,
    LONGEST_WORDS,
    named,
    needs_ahead,
    needs_keeper,
    needs_span,
    needs_version,
    record,
    tell,
    when,
)


@transaction.atomic
def move_meeting(
    *,
    meeting_id: int,
    starts_at: datetime,
    place: str,
    reason: str,
    version: int,
    actor: User,
    at: datetime,
) -> Meeting:
    """Another day, time or place, from `reason` (needed, to 1,000 characters).

    Where the time moves, agencies answer anew and the agenda, if it is not out, is due anew; what
    was signed stays signed. Moved to where it is, nothing changes. Raises PermissionDenied;
    DomainError for a meeting that has begun; InvalidInput at `starts_at` (past, too far ahead, or
    no working day for what is no emergency), `place` or `reason`; Stale.
    """
    meeting = locked_meeting(meeting_id)
    needs_keeper(actor, meeting.conference)
    needs_ahead(meeting)
    place = clean(place, field="place", longest=LONGEST_PLACE, required=True)
    if (meeting.starts_at, meeting.place) == (starts_at, place):
        return meeting
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    needs_version(meeting, version, {"starts_at": starts_at, "place": place})
    rules = policy.at(at)
    if starts_at != meeting.starts_at:
        _needs_possible(meeting, starts_at, rules, at)
    _move(meeting, starts_at, place, reason, rules, actor, at)
    return meeting


def shift(meeting_id: int, rules: ForcePolicy, actor: User, at: datetime) -> None:
    """Move a meeting that stands on a closed day to the next working day, at its hour."""
    meeting = locked_meeting(meeting_id)
    day = local(meeting.starts_at).date()
    moved_to = planning.held_on(day, rules.calendar)
    if meeting.state not in Meeting.AHEAD or moved_to == day:
        return
    starts_at = same_time_on(meeting.starts_at, moved_to)
    reason = "The day that was planned is no working day any more."
    _move(meeting, starts_at, meeting.place, reason, rules, actor, at)


def shift_to(
    meeting: Meeting,
    starts_at: datetime,
    reason: str,
    rules: ForcePolicy,
    actor: User,
    at: datetime,
) -> None:
    """Move a held meeting with many others: the caller tells people, once."""
    if starts_at != meeting.starts_at:
        _move(meeting, starts_at, meeting.place, reason, rules, actor, at, is_told=False)


@transaction.atomic
def cancel_meeting(
    *, meeting_id: int, reason: str, version: int, actor: User, at: datetime
) -> Meeting:
    """It does not take place, for a reason in words; its cases are taken off the agenda.

    Cancelled again it changes nothing. Raises PermissionDenied; DomainError for a meeting that
    has begun; InvalidInput at `reason`; Stale.
    """
    _hold_cases(meeting_id)
    meeting = locked_meeting(meeting_id)
    needs_keeper(actor, meeting.conference)
    if meeting.state == Meeting.State.CANCELLED:
        return meeting
    needs_ahead(meeting)
    reason = clean(reason, field="reason", longest=LONGEST_WORDS, required=True)
    needs_version(meeting, version, {})
    meeting.state, meeting.cancelled_reason = Meeting.State.CANCELLED, reason
    meeting.version += 1
    meeting.save(update_fields=["state", "cancelled_reason", "version"])
    headline = f"{named(meeting)}, {when(meeting.starts_at)}: cancelled"
    record(meeting, "cancelled", headline, actor=actor, at=at, reason=reason)
    tell(meeting, headline, Notification.Level.WARNING, at)
    _put_off_cases(meeting, actor, at)
    events.announce(MeetingCancelled(meeting.pk, actor, at))
    return meeting


def _hold_cases(meeting_id: int) -> None:
    """Whoever is put off with the meeting, and their cases, before the meeting, as all lock."""
    here = Hearing.objects.filter(meeting=meeting_id, state__in=Hearing.OPEN)
    hold_victims(list(here.values_list("victim_id", flat=True)))
    cases = MaracCase.objects.filter(pk__in=here.values("case")).order_by("pk")
    list(cases.select_for_update(no_key=True).values_list("pk", flat=True))


def _put_off_cases(meeting: Meeting, actor: User, at: datetime) -> None:
    """They wait for another meeting again."""
    rows = Hearing.objects.filter(meeting=meeting, state__in=Hearing.OPEN).order_by("pk")
    for pk in list(rows.values_list("pk", flat=True)):
        put_off(locked_hearing(pk), Hearing.State.TAKEN_OFF, "Its meeting is cancelled.", actor, at)


def _needs_possible(
    meeting: Meeting, starts_at: datetime, rules: ForcePolicy, at: datetime
) -> None:
    needs_span(starts_at, rules, at)
    day = local(starts_at).date()
    if meeting.kind != Meeting.Kind.EMERGENCY and not is_working_day(day, rules.calendar):
        raise InvalidInput(
            f"{day:%A} {day.day} {day:%B} is no working day. Choose another.", field="starts_at"
        )


def _move(
    meeting: Meeting,
    starts_at: datetime,
    place: str,
    reason: str,
    rules: ForcePolicy,
    actor: User,
    at: datetime,
    *,
    is_told: bool = True,
) -> None:
    was, was_at = meeting.starts_at, meeting.place
    meeting.starts_at, meeting.place, meeting.version = starts_at, place, meeting.version + 1
    changed = ["starts_at", "place", "version"]
    if was != starts_at:
        changed += _due_anew(meeting, rules, at)
        _asked_anew(meeting)
    meeting.save(update_fields=changed)
    what = f"now {when(starts_at)}" if was != starts_at else "another place"
    record(
        meeting,
        "moved",
        f"{named(meeting)}: {what}",
        actor=actor,
        at=at,
        reason=reason,
        before={"starts_at": was.isoformat(), "place": was_at},
        after={"starts_at": starts_at.isoformat(), "place": place},
    )
    headline = f"{named(meeting)}, {when(was)}: {what}"
    if was != starts_at:
        headline += ". Please answer again"
    if is_told:
        tell(meeting, headline, Notification.Level.WARNING, at)
    events.announce(MeetingMoved(meeting.pk, actor, at))


def _due_anew(meeting: Meeting, rules: ForcePolicy, at: datetime) -> list[str]:
    """An agenda that is out stays out; an emergency's was due when it was planned."""
    if meeting.agenda_out_at is not None or meeting.kind == Meeting.Kind.EMERGENCY:
        return []
    due = planning.times(meeting.kind, meeting.starts_at, at, rules)
    meeting.cut_off_at, meeting.agenda_due_at = due.cut_off_at, due.agenda_due_at
    return ["cut_off_at", "agenda_due_at"]


def _asked_anew(meeting: Meeting) -> None:
    """Whoever could come on one day may not on another; who was early is not there yet."""
    Invitation.objects.filter(meeting=meeting).exclude(state=Invitation.State.INVITED).update(
        state=Invitation.State.INVITED, answered_at=None, answered_by=None, apologies=""
    )
    Attendance.objects.filter(meeting=meeting).update(present_at=None, left_at=None)
