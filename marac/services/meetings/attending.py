"""People at a meeting: those who speak for an agency, and observers; they sign, and come in."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from accounts.models import Agency, User
from core.errors import DomainError, InvalidInput
from core.text import clean
from deadlines.models import Notification
from marac.models import Attendance, Invitation, Meeting
from marac.permissions import can_attend, can_decide
from marac.services.locking import locked_meeting
from marac.services.meetings.rows import named, record, tell, when
from marac.statement import CURRENT

LONGEST_BECAUSE = 500
#: Whoever opens the meeting so long before it begins is there; earlier they only look.
EARLY = timedelta(hours=1)
#: A meeting that was cancelled has nothing to open.
_SIGNED_IN = (*Meeting.OPEN, Meeting.State.HELD)


@transaction.atomic
def sign(
    *, meeting_id: int, statement: int = CURRENT.number, actor: User, at: datetime
) -> Attendance:
    """Sign the confidentiality statement of a meeting: what it says of cases opens to them.

    `statement` is the number of the words that were read. Those sign who lead and keep the
    meeting, observers that were added, and people of invited agencies, who are put on its list by
    it. Signed once it stays signed, for the agency that they are of then: whoever has moved to
    another one signs anew for that, and has left the meeting as one of the former.

    Raises PermissionDenied for everybody else; DomainError for a meeting that was cancelled and
    for words that have changed since they were read.
    """
    meeting = locked_meeting(meeting_id)
    row = _own(meeting, actor)
    if not can_attend(actor) or (row is None and not _may_come(actor, meeting)):
        raise PermissionDenied("Your agency is not invited to this meeting.")
    if row is not None and row.signed_at is not None:
        return row
    if meeting.state not in _SIGNED_IN:
        raise DomainError("This meeting was cancelled: there is nothing to sign.")
    if statement != CURRENT.number:
        raise DomainError("The statement has changed since you opened it. Read it again.")
    if row is None:
        row = Attendance(
            meeting=meeting, person=actor, agency=_agency_of(actor), added_at=at, added_by=actor
        )
    row.signed_at, row.statement = at, statement
    row.save()
    _leave_for_others(row, at)
    headline = f"{actor} signed the confidentiality statement"
    record(
        meeting,
        "signed",
        headline,
        actor=actor,
        at=at,
        statement=statement,
        observer=row.is_observer,
        agency=row.agency.name,
    )
    return row


@transaction.atomic
def add_observer(
    *, meeting_id: int, person_id: int, because: str, actor: User, at: datetime
) -> Attendance:
    """Somebody may listen and learn: they sign like everybody, and write nothing.

    `because` says why, and who asked for it (needed, to 500 characters). Added twice they are
    added once. They are told. Raises PermissionDenied for all but coordinators and chairs;
    InvalidInput at `person` or `because`; DomainError for a meeting that is over.
    """
    meeting = locked_meeting(meeting_id)
    if not can_decide(actor, meeting.conference):
        raise PermissionDenied("Only coordinators and chairs let somebody observe.")
    if not meeting.is_open:
        raise DomainError("This meeting is over.")
    because = clean(because, field="because", longest=LONGEST_BECAUSE, required=True)
    person = _observing(person_id)
    there = _own(meeting, person)
    if there is not None and there.is_observer:
        return there
    if there is not None or person.pk in (meeting.chair_id, meeting.coordinator_id):
        raise InvalidInput(f"{person} takes part in this meeting already.", field="person")
    row = Attendance.objects.create(
        meeting=meeting,
        person=person,
        agency=_agency_of(person),
        is_observer=True,
        observes_because=because,
        added_at=at,
        added_by=actor,
    )
    headline = f"{person} may observe"
    record(meeting, "observer_added", headline, actor=actor, at=at, because=because)
    words = f"You may observe: {named(meeting)}, {when(meeting.starts_at)}"
    tell(meeting, words, Notification.Level.WARNING, at, users=[person])
    return row


@transaction.atomic
def remove_observer(*, meeting_id: int, person_id: int, actor: User, at: datetime) -> None:
    """Somebody who was added and has not signed does not observe after all.

    Twice is once. Raises PermissionDenied; DomainError for whoever signed: they may have read.
    """
    meeting = locked_meeting(meeting_id)
    if not can_decide(actor, meeting.conference):
        raise PermissionDenied("Only coordinators and chairs let somebody observe.")
    rows = Attendance.objects.filter(meeting=meeting, person=person_id, is_observer=True)
    row = rows.select_related("person").order_by(F("signed_at").asc(nulls_first=True)).first()
    if row is None:
        return
    if row.signed_at is not None:
        raise DomainError(f"{row.person} has signed already, and stays on the list.")
    record(meeting, "observer_removed", f"{row.person} does not observe", actor=actor, at=at)
    row.delete()


@transaction.atomic
def come_in(*, meeting_id: int, actor: User, at: datetime) -> Attendance:
    """Somebody who signed is in the meeting: from an hour before it begins until it ends.

    Before and afterwards it changes nothing. Their agency has attended. Raises PermissionDenied
    for whoever has not signed for the agency that they are of now.
    """
    rows = Attendance.objects.of(actor).select_related("agency", "meeting")
    row = rows.filter(meeting=meeting_id).first()
    if row is None or row.signed_at is None:
        raise PermissionDenied("Sign the confidentiality statement first.")
    if _is_there(row) or not _is_on(row.meeting, at):
        return row
    meeting = locked_meeting(meeting_id)
    row.refresh_from_db(fields=["present_at", "left_at"])
    if _is_there(row) or not _is_on(meeting, at):
        return row
    row.present_at, row.left_at = row.present_at or at, None
    row.save(update_fields=["present_at", "left_at"])
    _leave_for_others(row, at)
    if not row.is_observer and actor.pk not in (meeting.chair_id, meeting.coordinator_id):
        Invitation.objects.filter(meeting=meeting, agency=row.agency_id).update(
            state=Invitation.State.ATTENDED
        )
    record(meeting, "came", f"{actor} is in the meeting", actor=actor, at=at)
    return row


def _own(meeting: Meeting, person: User) -> Attendance | None:
    """Their place at the meeting for the agency that they are of now."""
    rows = Attendance.objects.of(person).filter(meeting=meeting)
    return rows.select_related("agency").first()


def _leave_for_others(row: Attendance, at: datetime) -> None:
    """Whoever is in the meeting for another agency is not any more: one person, one voice."""
    former = Attendance.objects.filter(meeting=row.meeting_id, person=row.person_id)
    former = former.filter(present_at__isnull=False, left_at__isnull=True).exclude(pk=row.pk)
    former.update(left_at=at)


def _is_there(row: Attendance) -> bool:
    return row.present_at is not None and row.left_at is None


def _is_on(meeting: Meeting, at: datetime) -> bool:
    if meeting.state == Meeting.State.UNDER_WAY:
        return True
    return meeting.state in Meeting.AHEAD and at >= meeting.starts_at - EARLY


def _may_come(actor: User, meeting: Meeting) -> bool:
    """Who leads or keeps conferences, and the people of invited agencies."""
    if can_decide(actor, meeting.conference):
        return True
    if actor.team is None:
        return False
    return Invitation.objects.filter(meeting=meeting, agency=actor.team.agency_id).exists()


def _agency_of(person: User) -> Agency:
    if person.team is None:
        raise DomainError(f"{person} is in no team, and so in no agency.")
    return person.team.agency


def _observing(person_id: int) -> User:
    people = User.objects.filter(pk=person_id, is_active=True, is_system=False)
    person = people.select_related("team__agency").first()
    if person is None:
        raise InvalidInput("Nobody here is known by that.", field="person")
    if not can_attend(person) or person.team is None:
        raise InvalidInput(f"{person}'s role does not come to meetings.", field="person")
    return person
