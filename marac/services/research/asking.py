"""Agencies are asked what they know of a case: each for itself, none that must not know."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core.clock import local
from core.errors import DomainError
from deadlines import kinds
from deadlines.models import Notification
from marac.models import Hearing, Meeting, ResearchRequest
from marac.services.agenda.guards import (
    hold_victims,
    require_ahead,
    require_keeper,
    require_open_to,
)
from marac.services.agenda.watching import AGENDA
from marac.services.locking import locked_hearing
from marac.services.research.answering import Answering, answering
from marac.services.research.clocks import due_for, start_clocks

State = ResearchRequest.State
_ASKED_AGAIN = ["state", "team", "asked_at", "asked_by", "due_at", "version"]


@transaction.atomic
def ask_research(*, hearing_id: int, actor: User, at: datetime) -> list[ResearchRequest]:
    """Ask every agency that is invited, and was not asked yet, what it knows of a case.

    Gives the requests that are new: none where all were asked. An agency that nothing about the
    victim may reach is never among them. Raises PermissionDenied; DomainError before the agenda is
    out, once the meeting began, and for a case that is not heard there.
    """
    hold_victims(list(Hearing.objects.filter(pk=hearing_id).values_list("victim_id", flat=True)))
    hearing = locked_hearing(hearing_id)
    meeting = hearing.meeting
    require_keeper(actor, meeting)
    require_open_to(actor, hearing)
    require_ahead(meeting)
    if hearing.state != Hearing.State.WAITING:
        raise DomainError(f"{hearing.case} is not heard at this meeting.")
    if meeting.agenda_out_at is None:
        raise DomainError("Send the agenda first: agencies see nothing of it before.")
    return ask(meeting, [hearing], actor=actor, at=at)


def ask(
    meeting: Meeting,
    hearings: Sequence[Hearing],
    *,
    actor: User,
    at: datetime,
    tell_them: bool = True,
) -> list[ResearchRequest]:
    """Ask for these hearings of a held meeting, whose victims are held too; the caller has asked
    whether its actor may. As many queries for forty cases as for one."""
    if not hearings:
        return []
    who = answering(meeting, hearings)
    new, again = _wanted(hearings, meeting, who, actor, at)
    ResearchRequest.objects.bulk_create(new)
    ResearchRequest.objects.bulk_update(again, _ASKED_AGAIN)
    asked = [*new, *again]
    start_clocks(asked, meeting, who, actor, at)
    _record(asked, actor, at)
    if tell_them:
        _tell(asked, meeting, who, actor, at)
    return asked


def _wanted(
    hearings: Sequence[Hearing], meeting: Meeting, who: Answering, actor: User, at: datetime
) -> tuple[list[ResearchRequest], list[ResearchRequest]]:
    """The requests to make, and those once withdrawn to make again."""
    there = {
        (row.hearing_id, row.agency_id): row
        for row in ResearchRequest.objects.filter(hearing__in=hearings).select_related("team")
    }
    new, again, due_at = [], [], due_for(meeting, at)
    for hearing in hearings:
        for agency_id, team in who.teams.items():
            if not who.may_ask(agency_id, hearing.victim_id):
                continue
            row = there.get((hearing.pk, agency_id))
            if row is None:
                row = ResearchRequest(hearing=hearing, agency_id=agency_id)
                row.victim_id = hearing.victim_id
                new.append(row)
            elif row.state == State.WITHDRAWN:
                row.version += 1
                again.append(row)
            else:
                continue
            row.hearing, row.team, row.state = hearing, team, State.ASKED
            row.asked_at, row.asked_by, row.due_at = at, actor, due_at
    return new, again


def _record(asked: Sequence[ResearchRequest], actor: User, at: datetime) -> None:
    """One word for each case on its victim's timeline."""
    by_hearing: dict[int, list[ResearchRequest]] = {}
    for row in asked:
        by_hearing.setdefault(row.hearing_id, []).append(row)
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb="research.asked",
            headline=f"Research asked of {_agencies(len(rows))}",
            subject=rows[0].hearing.case.reference,
            victim_id=rows[0].victim_id,
            detail={
                "agencies": [row.agency_id for row in rows],
                "due": rows[0].due_at.isoformat(),
            },
        )
        for rows in by_hearing.values()
    )


def _agencies(count: int) -> str:
    return "one agency" if count == 1 else f"{count} agencies"


def _tell(
    asked: Sequence[ResearchRequest],
    meeting: Meeting,
    who: Answering,
    actor: User,
    at: datetime,
) -> None:
    """Whoever answers for an agency and may know of the case: one word to each of them."""
    told = {
        person.pk: person
        for row in asked
        for person in who.people.get(row.team_id, ())
        if person != actor and who.may_know(person.pk, row.hearing)
    }
    if not told:
        return
    there = local(asked[0].due_at)
    deadlines.services.notify(
        users=told.values(),
        level=Notification.Level.INFORMATION,
        headline=f"Research is asked of you by {there.day} {there:%b, %H:%M}",
        reference=meeting.reference,
        path=kinds.get(AGENDA).path(meeting.reference),
        victim_id=None,
        at=at,
    )
