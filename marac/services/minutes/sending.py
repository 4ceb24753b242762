"""Approved minutes go to every agency that was invited, each to its own copy."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import DomainError
from deadlines import kinds
from deadlines.models import Notification
from marac.deadlines.minutes import MINUTES
from marac.events import MinutesSent
from marac.models import Attendance, Meeting, Minutes, MinutesCopy
from marac.permissions import can_chair, can_keep
from marac.services.locking import locked_meeting


@transaction.atomic
def send_minutes(*, minutes_id: int, actor: User, at: datetime) -> Minutes:
    """Send approved minutes: each agency that was invited may open its own copy from now on.

    Whoever spoke for an agency is told, without a word of what they say. Sent twice they are sent
    once. Raises PermissionDenied, and DomainError for a version that a later one took the place of.
    """
    meeting = locked_meeting(
        Minutes.objects.values_list("meeting_id", flat=True).get(pk=minutes_id)
    )
    if not (can_keep(actor, meeting.conference) or can_chair(actor, meeting.conference)):
        raise PermissionDenied("The coordinator sends minutes.")
    row = Minutes.objects.select_for_update(no_key=True).get(pk=minutes_id)
    row.meeting = meeting
    if row.sent_at is not None:
        return row
    if Minutes.objects.filter(meeting=meeting, number__gt=row.number).exists():
        raise DomainError("A later version took the place of these minutes. Send that.")
    row.sent_at, row.sent_by = at, actor
    row.save(update_fields=["sent_at", "sent_by"])
    invited = list(meeting.invitations.order_by("pk").values_list("agency_id", flat=True))
    MinutesCopy.objects.bulk_create(
        MinutesCopy(minutes=row, agency_id=agency_id, sent_at=at) for agency_id in invited
    )
    deadlines.services.meet(kind=MINUTES, subject=meeting, actor=actor, at=at)
    _tell(meeting, row, invited, at)
    audit.record(
        actor=actor,
        at=at,
        verb="marac_minutes.sent",
        headline=f"Minutes of {meeting.reference} sent to {len(invited)} agencies",
        subject=meeting.reference,
        detail={"number": row.number, "agencies": invited},
    )
    events.announce(MinutesSent(row.pk, meeting.pk, actor, at))
    return row


def _tell(meeting: Meeting, row: Minutes, invited: list[int], at: datetime) -> None:
    """Those who speak for the agencies: where and when it was, and nothing else."""
    places = Attendance.objects.standing().filter(meeting=meeting, is_observer=False)
    speak = places.filter(agency__in=invited)
    answered = meeting.invitations.filter(answered_by__isnull=False).select_related("answered_by")
    people = [one.person for one in speak.select_related("person")]
    people += [one.answered_by for one in answered if one.answered_by is not None]
    on = local(meeting.starts_at)
    which = "Minutes" if row.number == 1 else "Corrected minutes"
    deadlines.services.notify(
        users=people,
        level=Notification.Level.INFORMATION,
        headline=f"{which} of the conference {meeting.conference}, {on.day} {on:%B %Y}",
        reference=meeting.reference,
        path=kinds.get(MINUTES).path(meeting.reference),
        victim_id=None,
        at=at,
    )
