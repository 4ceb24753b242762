"""The clock of each request: returned so long before the meeting, reminders on the way."""

from collections.abc import Iterable
from datetime import datetime

from accounts.models import User
from core import policy
from core.clock import local
from core.working_time import working_days_before
from deadlines import bulk
from deadlines.bulk import Run
from marac.models import Meeting, ResearchRequest
from marac.services.research.answering import Answering, Holder

RESEARCH = "marac_research"


def due_for(meeting: Meeting, at: datetime) -> datetime:
    """By when an agency that is asked at `at` answers: the policy's working days before a monthly
    meeting, while that lies ahead; else the start of the meeting."""
    if meeting.kind == Meeting.Kind.MONTHLY:
        rules = policy.at(meeting.starts_at)
        due_at = working_days_before(
            meeting.starts_at, rules.marac_research_days, calendar=rules.calendar
        )
        if due_at > at:
            return due_at
    return max(meeting.starts_at, at)


def start_clocks(
    rows: Iterable[ResearchRequest], meeting: Meeting, who: Answering, actor: User, at: datetime
) -> None:
    """Watch requests just made; each row has its hearing with its case."""
    basis = _basis(meeting)
    runs = [_run(row, meeting, who.holder(row.team, row.hearing), basis, at) for row in rows]
    bulk.start_many(kind=RESEARCH, runs=runs, actor=actor, at=at, rules=policy.at(at))


def move_clocks(
    rows: Iterable[ResearchRequest], meeting: Meeting, actor: User, at: datetime
) -> None:
    """The meeting has another time: so have the open requests. Who has each stays."""
    basis = _basis(meeting)
    runs = [_run(row, meeting, Holder(row.team_id, None), basis, at) for row in rows]
    bulk.move_many(kind=RESEARCH, runs=runs, actor=actor, at=at, rules=policy.at(at))


def stop_clocks(rows: Iterable[ResearchRequest], because: str, actor: User, at: datetime) -> None:
    """Nobody is reminded of these requests any more."""
    bulk.cancel_many(
        kind=RESEARCH, subject_ids=[row.pk for row in rows], reason=because, actor=actor, at=at
    )


def _run(
    row: ResearchRequest, meeting: Meeting, holder: Holder, basis: tuple[str, str], at: datetime
) -> Run:
    """Without the victim: an agency that is asked has no other way to their record."""
    return Run(
        subject_id=row.pk,
        reference=row.hearing.case.reference,
        victim_id=None,
        team_id=holder.team_id,
        owner_id=holder.owner_id,
        started_at=at,
        due_at=row.due_at,
        basis=basis[row.due_at >= meeting.starts_at],
    )


def _basis(meeting: Meeting) -> tuple[str, str]:
    """The rule in words: for what is due before the meeting, and for what is due by its start."""
    there, days = local(meeting.starts_at), policy.at(meeting.starts_at).marac_research_days
    ends = f"the meeting, {there.day} {there:%b %Y %H:%M} (force policy)"
    return f"{days} working days before {ends}", f"By the start of {ends}"
