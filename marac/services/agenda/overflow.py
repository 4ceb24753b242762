"""What a meeting has no room for goes to the next one, or to an emergency meeting, in one step."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac.models import Hearing, Meeting, ResearchRequest
from marac.services.agenda.guards import (
    hold_victims,
    listed,
    require_ahead,
    require_keeper,
    require_open_to,
)
from marac.services.agenda.listing import LONGEST, list_case, put_off
from marac.services.locking import locked_case, locked_hearing, locked_meeting
from marac.services.meetings import plan_emergency
from marac.services.research.clocks import stop_clocks

State = Hearing.State


@transaction.atomic
def pass_on_cases(
    *,
    meeting_id: int,
    hearing_ids: Collection[int],
    to_meeting_id: int | None = None,
    words: str,
    late_reason: str = "",
    over_capacity_reason: str = "",
    actor: User,
    at: datetime,
) -> list[Hearing]:
    """Put cases off from a meeting and list them for another, all of them or none.

    Without `to_meeting_id`: the next meeting of the conference of the same kind. What agencies
    returned goes with a case; what they did not is asked of them anew. `words` say why; the other
    reasons are for the other meeting, where it needs them. Gives the new hearings. Raises as
    `list_case`, and InvalidInput at `hearings` (none, or not of this meeting), `to` (none lies
    ahead, or it is the same) or `words` (to 1,000 characters).
    """
    require_keeper(actor, Meeting.objects.select_related("conference").get(pk=meeting_id))
    meeting, target = _both(meeting_id, to_meeting_id, hearing_ids)
    require_ahead(meeting)
    words = clean(words, field="words", longest=LONGEST, required=True)
    rows = listed(meeting).filter(pk__in=hearing_ids, state=State.WAITING)
    moved = list(rows.values_list("pk", flat=True))
    if not moved or len(moved) != len(set(hearing_ids)):
        raise InvalidInput("Choose cases that wait on this agenda.", field="hearings")
    was_out = meeting.agenda_out_at is not None
    new = []
    for pk in moved:
        hearing = locked_hearing(pk)
        require_open_to(actor, hearing)
        returned = _take_along(hearing, actor, at)
        off = State.DEFERRED if was_out else State.TAKEN_OFF
        put_off(hearing, off, f"To {target}. {words}"[:LONGEST], actor, at)
        there = list_case(
            meeting_id=target.pk,
            case_id=hearing.case_id,
            late_reason=late_reason,
            over_capacity_reason=over_capacity_reason,
            actor=actor,
            at=at,
        )
        _bring(returned, there, actor, at)
        new.append(there)
    return new


@transaction.atomic
def pass_on_to_emergency(
    *,
    meeting_id: int,
    hearing_ids: Collection[int],
    starts_at: datetime,
    place: str,
    words: str,
    over_capacity_reason: str = "",
    actor: User,
    at: datetime,
) -> list[Hearing]:
    """Call an emergency meeting and put cases off to it, in one step: all of it or nothing.

    Raises as `plan_emergency` and `pass_on_cases`.
    """
    conference_id = Meeting.objects.values_list("conference_id", flat=True).get(pk=meeting_id)
    meeting = plan_emergency(
        conference_id=conference_id, starts_at=starts_at, place=place, actor=actor, at=at
    )
    return pass_on_cases(
        meeting_id=meeting_id,
        hearing_ids=hearing_ids,
        to_meeting_id=meeting.pk,
        words=words,
        over_capacity_reason=over_capacity_reason,
        actor=actor,
        at=at,
    )


def next_meeting(meeting: Meeting) -> Meeting | None:
    """The meeting of the same kind and conference that follows and whose agenda is open. An
    emergency meeting is followed by the monthly one."""
    emergency = meeting.kind == Meeting.Kind.EMERGENCY
    return (
        Meeting.objects.ahead()
        .filter(
            conference=meeting.conference_id,
            kind=Meeting.Kind.MONTHLY if emergency else meeting.kind,
            starts_at__gt=meeting.starts_at,
        )
        .order_by("starts_at", "pk")
        .first()
    )


def _both(
    meeting_id: int, to_meeting_id: int | None, hearing_ids: Collection[int]
) -> tuple[Meeting, Meeting]:
    """The two meetings, their victims and cases held first, the earlier meeting before the later:
    two who pass on at once wait for one another in one order."""
    keys = Hearing.objects.filter(pk__in=hearing_ids).values_list("victim_id", "case_id")
    pairs = list(keys)
    hold_victims([victim for victim, _ in pairs])
    for case_id in sorted({case for _, case in pairs}):
        locked_case(case_id)
    if to_meeting_id is None:
        found = next_meeting(Meeting.objects.get(pk=meeting_id))
        if found is None:
            raise InvalidInput("No further meeting is planned. Plan one first.", field="to")
        to_meeting_id = found.pk
    if to_meeting_id == meeting_id:
        raise InvalidInput("Choose another meeting.", field="to")
    held = {pk: locked_meeting(pk) for pk in sorted({meeting_id, to_meeting_id})}
    target = held[to_meeting_id]
    if target.state not in Meeting.AHEAD:
        raise DomainError(f"{target}: {target.get_state_display().lower()}. Choose another.")
    return held[meeting_id], target


def _take_along(hearing: Hearing, actor: User, at: datetime) -> list[ResearchRequest]:
    """What agencies returned already; read before the rest is withdrawn."""
    answered = (ResearchRequest.State.RETURNED, ResearchRequest.State.NOTHING_KNOWN)
    return list(ResearchRequest.objects.filter(hearing=hearing, state__in=answered))


def _bring(returned: list[ResearchRequest], there: Hearing, actor: User, at: datetime) -> None:
    """Agencies that answered are not asked anew: their answers stand in the new hearing."""
    agencies = [row.agency_id for row in returned]
    asked = ResearchRequest.objects.filter(hearing=there, agency__in=agencies)
    twice = list(asked.select_for_update(of=("self",), no_key=True))
    stop_clocks(twice, "Answered before", actor, at)
    ResearchRequest.objects.filter(pk__in=[row.pk for row in twice]).delete()
    for row in returned:
        row.hearing = there
    ResearchRequest.objects.bulk_update(returned, ["hearing"])
