"""Requests fall away: the agency must not know any more, or the case is not heard there."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from deadlines.models import Deadline
from marac.models import Hearing, Meeting, ResearchRequest
from marac.services.locking import locked_meeting
from marac.services.research.answering import answering
from marac.services.research.clocks import RESEARCH, due_for, move_clocks, stop_clocks

State = ResearchRequest.State


@transaction.atomic
def withdraw_from_agency(*, victim_id: int, agency_id: int, actor: User, at: datetime) -> int:
    """An agency must receive nothing about the victim any more: it is asked nothing, at once.

    What it said already stays with the conference. For the register, whose keeper was asked. Gives
    how many requests were withdrawn.
    """
    rows = _held(victim=victim_id, agency=agency_id)
    return _withdraw(rows, "Withdrawn", actor, at)


@transaction.atomic
def keep_from_person(*, victim_id: int, actor: User, at: datetime) -> None:
    """Somebody must not know of the victim: open requests go to who of their agency may."""
    for hearing in _asked_hearings(victim=victim_id):
        pass_to_who_may(hearing, actor, at)


def pass_to_who_may(hearing: Hearing, actor: User, at: datetime) -> None:
    """Who has the clocks of a hearing's requests follows from who may know of it now."""
    rows = list(ResearchRequest.objects.asked().filter(hearing=hearing).select_related("team"))
    who = answering(hearing.meeting, [hearing])
    for row in rows:
        holder = who.holder(row.team, hearing)
        Deadline.objects.open().of(row).filter(kind=RESEARCH).update(
            team=holder.team_id, owner=holder.owner_id
        )


@transaction.atomic
def withdraw_of_hearing(*, hearing_id: int, because: str, actor: User, at: datetime) -> int:
    """The case is not heard at that meeting: nobody is asked of it any more. How many were."""
    return _withdraw(_held(hearing=hearing_id), because, actor, at)


@transaction.atomic
def withdraw_of_meeting(*, meeting_id: int, because: str, actor: User, at: datetime) -> int:
    """The meeting does not take place. How many requests were withdrawn."""
    return _withdraw(_held(hearing__meeting=meeting_id), because, actor, at)


@transaction.atomic
def stop_asking(*, hearing_id: int, actor: User, at: datetime) -> None:
    """The case is heard: what is missing stays missing, and nobody is reminded of it any more."""
    stop_clocks(_held(hearing=hearing_id), "The case was heard", actor, at)


@transaction.atomic
def follow_move(*, meeting_id: int, actor: User, at: datetime) -> None:
    """The meeting has another time: so have the requests that nobody answered."""
    meeting = locked_meeting(meeting_id)
    rows = _held(hearing__meeting=meeting_id)
    due_at = due_for(meeting, at)
    for row in rows:
        row.due_at = due_at
    ResearchRequest.objects.bulk_update(rows, ["due_at"])
    move_clocks(rows, meeting, actor, at)


def _held(**of: int) -> list[ResearchRequest]:
    """Open requests, locked in order of their numbers."""
    rows = ResearchRequest.objects.asked().filter(**of).order_by("pk")
    return list(
        rows.select_for_update(of=("self",), no_key=True).select_related("hearing__case", "agency")
    )


def _asked_hearings(**of: int) -> list[Hearing]:
    rows = Hearing.objects.filter(
        **of, state__in=Hearing.OPEN, meeting__state__in=Meeting.OPEN, research__state=State.ASKED
    )
    return list(rows.distinct().select_related("meeting__conference", "case").order_by("pk"))


def _withdraw(rows: Sequence[ResearchRequest], because: str, actor: User, at: datetime) -> int:
    for row in rows:
        row.state = State.WITHDRAWN
        row.version += 1
    ResearchRequest.objects.bulk_update(rows, ["state", "version"])
    stop_clocks(rows, because, actor, at)
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb="research.withdrawn",
            headline=f"Research is no longer asked of {row.agency}"[:300],
            subject=row.hearing.case.reference,
            victim_id=row.victim_id,
            detail={"because": because},
        )
        for row in rows
    )
    return len(rows)
