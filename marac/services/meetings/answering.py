"""An agency answers its invitation: it comes, or sends apologies."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import DomainError
from core.text import clean
from deadlines.models import Notification
from marac.models import Invitation
from marac.permissions import can_answer_for, can_keep
from marac.services.locking import locked_meeting
from marac.services.meetings.rows import LONGEST_WORDS, named, needs_ahead, record, tell

State = Invitation.State


@transaction.atomic
def answer_invitation(
    *,
    meeting_id: int,
    agency_id: int,
    coming: bool,
    apologies: str = "",
    actor: User,
    at: datetime,
) -> Invitation:
    """The agency comes; or it does not, with words: why, and who was asked to speak for it.

    Its own people answer, or a coordinator whom they told. An answer may be changed until the
    meeting begins; given twice it changes nothing. Raises PermissionDenied; InvalidInput at
    `apologies`; DomainError for a meeting that has begun and an agency that is not invited.
    """
    meeting = locked_meeting(meeting_id)
    if not (can_answer_for(actor, agency_id) or can_keep(actor, meeting.conference)):
        raise PermissionDenied("An agency's own people answer its invitation.")
    rows = Invitation.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("agency").filter(meeting=meeting, agency=agency_id).first()
    if row is None:
        raise DomainError("This agency is not invited to this meeting.")
    words = "" if coming else _checked(apologies)
    state = State.COMING if coming else State.APOLOGIES
    if (row.state, row.apologies) == (state, words):
        return row
    needs_ahead(meeting)
    before = row.state
    row.state, row.apologies, row.answered_at, row.answered_by = state, words, at, actor
    row.version += 1
    row.save(update_fields=["state", "apologies", "answered_at", "answered_by", "version"])
    said = "comes" if coming else "sends apologies"
    record(
        meeting,
        "answered",
        f"{row.agency} {said}",
        actor=actor,
        at=at,
        agency=row.agency.name,
        before=before,
        apologies=words,
    )
    if not coming:
        headline = f"{row.agency} sends apologies: {named(meeting)}"
        who = [meeting.coordinator]
        tell(meeting, headline, Notification.Level.INFORMATION, at, users=who)
    return row


def _checked(apologies: str) -> str:
    return clean(apologies, field="apologies", longest=LONGEST_WORDS, required=True)
