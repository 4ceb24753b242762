"""What is missing is asked for again: many requests in one go, one word to each agency."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core.clock import local
from core.errors import DomainError
from deadlines import kinds
from deadlines.models import Notification
from marac.models import Hearing, Meeting, ResearchRequest
from marac.near import people_near
from marac.services.agenda.watching import AGENDA
from marac.services.research.answering import answering

#: Whoever was asked within so many minutes is not asked again.
PAUSE_MINUTES = 10


@transaction.atomic
def chase_research(*, research_ids: Collection[int], actor: User, at: datetime) -> int:
    """Ask again for what agencies have not returned; how many requests that were.

    What was answered or withdrawn in the meantime is left out, and what was chased within ten
    minutes, so that nobody is told twice. Each person is told once for a meeting. Raises
    PermissionDenied; DomainError where the meetings are over.
    """
    rows = _missing(research_ids)
    _require_keeper(actor, rows)
    rows = [row for row in rows if not _just_chased(row, at)]
    for row in rows:
        row.chased_at, row.chased = at, row.chased + 1
    ResearchRequest.objects.bulk_update(rows, ["chased_at", "chased"])
    by_meeting: dict[Meeting, list[ResearchRequest]] = {}
    for row in rows:
        by_meeting.setdefault(row.hearing.meeting, []).append(row)
    for meeting, missing in by_meeting.items():
        _tell(meeting, missing, actor, at)
    return len(rows)


def _missing(research_ids: Collection[int]) -> list[ResearchRequest]:
    rows = ResearchRequest.objects.asked().filter(pk__in=list(research_ids)).order_by("pk")
    return list(
        rows.select_for_update(of=("self",), no_key=True).select_related(
            "hearing__case", "hearing__meeting__conference", "agency", "team"
        )
    )


def _require_keeper(actor: User, rows: list[ResearchRequest]) -> None:
    if not actor.is_active or not actor.has_perm("marac.keep_conferences"):
        raise PermissionDenied("A coordinator chases research.")
    near = people_near(row.hearing.case_id for row in rows).values()
    withheld = any(row.victim_id in actor.withheld_victims for row in rows)
    if withheld or any(actor.pk in people for people in near):
        raise PermissionDenied("Somebody else does this for one of these cases.")
    for row in rows:
        if not row.hearing.is_open or not row.hearing.meeting.is_open:
            raise DomainError(f"{row.hearing.case} was heard: nothing is asked of it any more.")


def _just_chased(row: ResearchRequest, at: datetime) -> bool:
    if row.chased_at is None:
        return False
    return (at - row.chased_at).total_seconds() < PAUSE_MINUTES * 60


def _tell(meeting: Meeting, missing: list[ResearchRequest], actor: User, at: datetime) -> None:
    hearings: dict[int, Hearing] = {row.hearing_id: row.hearing for row in missing}
    who = answering(meeting, hearings.values())
    told = {
        person.pk: person
        for row in missing
        for person in who.people.get(row.team_id, ())
        if who.may_know(person.pk, row.hearing)
    }
    there = local(meeting.starts_at)
    deadlines.services.notify(
        users=told.values(),
        level=Notification.Level.WARNING,
        headline=f"Research is missing for the meeting of {there.day} {there:%b, %H:%M}",
        reference=meeting.reference,
        path=kinds.get(AGENDA).path(meeting.reference),
        victim_id=None,
        at=at,
    )
    audit.record(
        actor=actor,
        at=at,
        verb="research.chased",
        headline=f"Research chased for {meeting.reference}",
        subject=meeting.reference,
        detail={"requests": [[str(row.agency), row.hearing.case.reference] for row in missing]},
    )
