"""The clock of an agenda: it is out so long before its meeting."""

from datetime import datetime

import deadlines.services
from accounts.models import User
from core import policy
from core.clock import local
from deadlines import bulk
from deadlines.bulk import Run
from marac.models import Meeting

AGENDA = "marac_agenda"


def watch_agenda(*, meeting_id: int, actor: User, at: datetime) -> None:
    """From the planning of a meeting on, its coordinator owes its agenda; once, however often."""
    meeting = _meeting(meeting_id)
    if meeting.state != Meeting.State.PLANNED:
        return
    bulk.start_many(kind=AGENDA, runs=[_run(meeting, at)], actor=actor, at=at, rules=policy.at(at))


def follow_move(*, meeting_id: int, actor: User, at: datetime) -> None:
    """The meeting has another time: so has its agenda."""
    run = _run(_meeting(meeting_id), at)
    bulk.move_many(kind=AGENDA, runs=[run], actor=actor, at=at, rules=policy.at(at))


def let_agenda_go(*, meeting_id: int, because: str, actor: User, at: datetime) -> None:
    """Nobody owes the agenda any more."""
    deadlines.services.cancel(
        kind=AGENDA, subject=_meeting(meeting_id), reason=because, actor=actor, at=at
    )


def agenda_is_out(meeting: Meeting, actor: User, at: datetime) -> None:
    deadlines.services.meet(kind=AGENDA, subject=meeting, actor=actor, at=at)


def _meeting(meeting_id: int) -> Meeting:
    return Meeting.objects.select_related("conference").get(pk=meeting_id)


def _run(meeting: Meeting, at: datetime) -> Run:
    """An emergency meeting owes it by its start: it goes out with the first case that is listed."""
    emergency = meeting.kind == Meeting.Kind.EMERGENCY
    due_at = max(meeting.agenda_due_at, meeting.starts_at) if emergency else meeting.agenda_due_at
    return Run(
        subject_id=meeting.pk,
        reference=meeting.reference,
        victim_id=None,
        team_id=meeting.conference.team_id,
        owner_id=meeting.coordinator_id,
        started_at=at,
        due_at=due_at,
        basis=_basis(meeting),
    )


def _basis(meeting: Meeting) -> str:
    rules, there = policy.at(meeting.starts_at), local(meeting.starts_at)
    days = {
        Meeting.Kind.MONTHLY: rules.marac_agenda_days,
        Meeting.Kind.WEEKLY: rules.marac_weekly_agenda_days,
    }.get(Meeting.Kind(meeting.kind))
    day = "day" if days == 1 else "days"
    lead = "By the start of" if days is None else f"{days} working {day} before"
    return f"{lead} the meeting, {there.day} {there:%b %Y %H:%M} (force policy)"
