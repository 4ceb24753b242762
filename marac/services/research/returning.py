"""An agency says what it knows of a case; that it knows nothing is an answer."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core.errors import DomainError, InvalidInput, Stale
from core.text import LONGEST_NARRATIVE, clean
from marac.models import Invitation, ResearchRequest
from marac.permissions import can_answer_for, speaks_at
from marac.services.agenda.guards import require_open_to
from marac.services.locking import locked_hearing
from marac.services.research.clocks import RESEARCH

State = ResearchRequest.State


@transaction.atomic
def return_research(
    *,
    research_id: int,
    words: str = "",
    nothing_known: bool = False,
    version: int,
    actor: User,
    at: datetime,
) -> ResearchRequest:
    """Say what the agency knows of a case, or that it knows nothing, until the case is heard.

    The agency may say it anew while the case waits; the same again changes nothing. Raises
    PermissionDenied for whoever does not speak for the agency at that meeting; Stale where somebody
    of it answered since `version`; InvalidInput at `words` (to 100,000 characters; needed unless
    nothing is known, and then not wanted); DomainError where it is not asked any more.
    """
    row = _locked(research_id)
    _require_speaker(actor, row)
    words = clean(words, field="words", longest=LONGEST_NARRATIVE, required=not nothing_known)
    if nothing_known and words:
        raise InvalidInput("You say that nothing is known, and what is. Say one.", field="words")
    state = State.NOTHING_KNOWN if nothing_known else State.RETURNED
    if (row.state, row.words) == (state, words):
        return row
    _require_open(row)
    if row.version != version:
        raise _stale(row, state, words)
    before = {"state": row.state, "words": row.words}
    row.state, row.words = state, words
    row.returned_at, row.returned_by = at, actor
    row.for_apologies = _sent_apologies(row)
    row.version += 1
    row.save(
        update_fields=["state", "words", "returned_at", "returned_by", "for_apologies", "version"]
    )
    deadlines.services.meet(kind=RESEARCH, subject=row, actor=actor, at=at)
    _record(row, before, actor, at)
    return row


def _locked(research_id: int) -> ResearchRequest:
    keys = ResearchRequest.objects.values_list("hearing_id", flat=True)
    hearing = locked_hearing(keys.get(pk=research_id))
    rows = ResearchRequest.objects.select_related("agency", "returned_by")
    row: ResearchRequest = rows.select_for_update(of=("self",), no_key=True).get(pk=research_id)
    row.hearing = hearing
    return row


def _require_speaker(actor: User, row: ResearchRequest) -> None:
    require_open_to(actor, row.hearing)
    speaks = can_answer_for(actor, row.agency_id) and speaks_at(actor, row.hearing.meeting)
    if not speaks:
        raise PermissionDenied(f"Whoever speaks for {row.agency} at the meeting answers this.")


def _require_open(row: ResearchRequest) -> None:
    if row.state == State.WITHDRAWN:
        raise DomainError("Your agency is not asked this any more.")
    if not row.hearing.is_open or not row.hearing.meeting.is_open:
        state = row.hearing.get_state_display().lower()
        raise DomainError(f"{row.hearing.case}: {state}. Tell the coordinator what you know.")


def _sent_apologies(row: ResearchRequest) -> bool:
    """Nobody of the agency comes: what it says is read out."""
    rows = Invitation.objects.filter(meeting=row.hearing.meeting_id, agency=row.agency_id)
    return rows.filter(state=Invitation.State.APOLOGIES).exists()


def _stale(row: ResearchRequest, state: str, words: str) -> Stale:
    return Stale(
        f"{row.returned_by or 'Somebody'} changed this after you opened it. Look at both, then "
        "send yours again.",
        theirs={"answer": row.get_state_display(), "words": row.words},
        yours={"answer": State(state).label, "words": words},
        version=row.version,
    )


def _record(row: ResearchRequest, before: dict[str, str], actor: User, at: datetime) -> None:
    """What was said stays out of the victim's timeline: it is for whoever hears the case."""
    known = "nothing known" if row.state == State.NOTHING_KNOWN else "returned"
    audit.record(
        actor=actor,
        at=at,
        verb="research.returned",
        headline=f"Research of {row.agency}: {known}"[:300],
        subject=row.hearing.case.reference,
        victim_id=row.victim_id,
        detail={"before": before["state"], "after": row.state, "again": bool(before["words"])},
    )
