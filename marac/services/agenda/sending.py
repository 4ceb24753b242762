"""The agenda goes out: agencies see what is heard, and are asked what they know."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import AlreadyTaken, DomainError
from core.text import clean
from deadlines import kinds
from deadlines.models import Notification
from marac.events import AgendaSent
from marac.models import Hearing, Meeting
from marac.services.agenda.guards import (
    hold_victims,
    listed,
    needing_room,
    require_ahead,
    require_keeper,
)
from marac.services.agenda.watching import AGENDA, agenda_is_out
from marac.services.locking import locked_meeting
from marac.services.research.answering import speakers
from marac.services.research.asking import ask

LONGEST = 1_000
FIELD = "over_capacity_reason"


@transaction.atomic
def send_agenda(
    *,
    meeting_id: int,
    over_capacity_reason: str = "",
    research_for: Collection[int] = (),
    actor: User,
    at: datetime,
) -> Meeting:
    """The agenda is final and goes to every agency that is invited; research is asked for.

    For a weekly call research is asked only for the hearings in `research_for`; else for all. More
    cases than there is room for need a reason (to 1,000 characters). Raises PermissionDenied;
    AlreadyTaken where it is out; InvalidInput at `over_capacity_reason`; DomainError for a meeting
    that is over or hears nothing.
    """
    hold_victims(list(Hearing.objects.filter(meeting=meeting_id).values_list("victim", flat=True)))
    meeting = locked_meeting(meeting_id)
    require_keeper(actor, meeting)
    require_ahead(meeting)
    if meeting.agenda_out_at is not None:
        there = local(meeting.agenda_out_at)
        sent = f"{meeting.agenda_out_by} sent the agenda"
        raise AlreadyTaken(f"{sent} on {there.day} {there:%b at %H:%M} already.")
    rows = list(listed(meeting).select_related("case"))
    if not rows:
        raise DomainError("No case is listed. List one, or cancel the meeting.")
    over = needing_room(meeting) > meeting.capacity
    reason = clean(over_capacity_reason, field=FIELD, longest=LONGEST, required=over)
    meeting.over_capacity_reason = reason if over else ""
    weekly = meeting.kind == Meeting.Kind.WEEKLY
    asked = [row for row in rows if row.pk in research_for] if weekly else rows
    put_out(meeting, asked, actor=actor, at=at)
    return meeting


def put_out(meeting: Meeting, asked: list[Hearing], *, actor: User, at: datetime) -> None:
    """The agenda of a held meeting is out from now on, and research is asked for these."""
    meeting.state = Meeting.State.AGENDA_OUT
    meeting.agenda_out_at, meeting.agenda_out_by = at, actor
    meeting.version += 1
    meeting.save(
        update_fields=["state", "agenda_out_at", "agenda_out_by", "over_capacity_reason", "version"]
    )
    agenda_is_out(meeting, actor, at)
    audit.record(
        actor=actor,
        at=at,
        verb="agenda.sent",
        headline=f"Agenda of {meeting.reference} is out",
        subject=meeting.reference,
        detail={
            "hearings": list(listed(meeting).values_list("case__reference", flat=True)),
            "over_capacity_reason": meeting.over_capacity_reason,
        },
    )
    _tell(meeting, actor, at)
    ask(meeting, asked, actor=actor, at=at, tell_them=False)
    events.announce(AgendaSent(meeting.pk, actor, at))


def tell_of_one_more(meeting: Meeting, actor: User, at: datetime) -> None:
    """A case of another meeting was put on this agenda by whoever led that one.

    Its coordinator builds it and hears so; where it is out, everybody whom it went to.
    """
    people = [meeting.coordinator]
    people += speakers(meeting) if meeting.agenda_out_at is not None else []
    _say("A case that was put off is on the agenda", people, meeting, actor, at)


def _tell(meeting: Meeting, actor: User, at: datetime) -> None:
    """Everybody who comes, and who answers for each agency: one word for all of it."""
    _say("Agenda is out", speakers(meeting), meeting, actor, at)


def _say(what: str, people: list[User], meeting: Meeting, actor: User, at: datetime) -> None:
    there = local(meeting.starts_at)
    deadlines.services.notify(
        users=[one for one in people if one != actor],
        level=Notification.Level.INFORMATION,
        headline=f"{what}: {meeting.conference}, {there.day} {there:%b %Y, %H:%M}",
        reference=meeting.reference,
        path=kinds.get(AGENDA).path(meeting.reference),
        victim_id=None,
        at=at,
    )
