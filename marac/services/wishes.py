"""The victim's voice at a meeting: what they want before it, what they were told after it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from marac.deadlines.wishes import TOLD, WISHES, terms_of
from marac.models import Hearing, Meeting
from marac.services.locking import locked_hearing
from marac.wishes import is_asked_of, may_report, open_hearings, who_reports

LONGEST_WORDS = 10_000
LONGEST_REASON = 1_000


@transaction.atomic
def report_wishes(
    *,
    hearing_id: int,
    wanted: str = "",
    not_asked_because: str = "",
    actor: User,
    at: datetime,
) -> Hearing:
    """Say what the victim wants of the meeting, or why nobody could ask; the one or the other.

    May be said anew until the case is concluded: the last word counts, the earlier ones stand in
    the row's history and the audit. Raises PermissionDenied; InvalidInput at `wanted` (to 10,000
    characters) or `not_asked_because` (to 1,000); DomainError once the meeting is done with it.
    """
    wanted = clean(wanted, field="wanted", longest=LONGEST_WORDS)
    why = clean(not_asked_because, field="not_asked_because", longest=LONGEST_REASON)
    hearing = locked_hearing(hearing_id)
    _require_reporter(hearing, actor, at)
    if not wanted and not why:
        raise InvalidInput("Say what they want, or why nobody could ask.", field="wanted")
    if wanted and why:
        words = "Leave this empty: you say above what they want."
        raise InvalidInput(words, field="not_asked_because")
    if (hearing.wanted, hearing.not_asked_because, hearing.wanted_by_id) == (wanted, why, actor.pk):
        return hearing
    if not hearing.is_open:
        raise DomainError(
            f"The meeting is done with this case: {hearing.get_state_display().lower()}."
        )
    hearing.wanted, hearing.not_asked_because = wanted, why
    hearing.wanted_at, hearing.wanted_by = at, actor
    hearing.save(update_fields=["wanted", "not_asked_because", "wanted_at", "wanted_by"])
    deadlines.services.meet(kind=WISHES, subject=hearing, actor=actor, at=at)
    headline = "What the victim wants of the meeting reported"
    if why:
        headline = "The victim was not asked before the meeting"
    _record(hearing, "wishes", headline, {"wanted": wanted, "not_asked_because": why}, actor, at)
    return hearing


@transaction.atomic
def report_told(*, hearing_id: int, words: str, actor: User, at: datetime) -> Hearing:
    """Say what the victim was told of the meeting (needed, to 10,000 characters).

    The same said twice is said once. Raises PermissionDenied, InvalidInput at `words`, DomainError
    for a case that was not heard, AlreadyTaken where somebody else said it.
    """
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    hearing = locked_hearing(hearing_id)
    _require_reporter(hearing, actor, at)
    if hearing.state != Hearing.State.CONCLUDED:
        raise DomainError("Nothing is decided yet: this case was not heard.")
    if hearing.told_at is not None:
        if (hearing.told, hearing.told_by_id) == (words, actor.pk):
            return hearing
        raise AlreadyTaken(f"{hearing.told_by} has told them already.")
    hearing.told, hearing.told_at, hearing.told_by = words, at, actor
    hearing.save(update_fields=["told", "told_at", "told_by"])
    deadlines.services.meet(kind=TOLD, subject=hearing, actor=actor, at=at)
    _record(hearing, "told", "Told what the conference decided", {"words": words}, actor, at)
    return hearing


def owe_wishes(*, hearing_id: int, actor: User, at: datetime) -> None:
    """A case is on an agenda: what the victim wants is owed before, but not before a weekly call.

    Called where the case is listed, which asked whether its actor may.
    """
    hearing = _with_meeting(hearing_id)
    if not is_asked_of(hearing.meeting) or not still_open(hearing):
        return
    team, owner = who_reports(hearing)
    starts_at = hearing.meeting.starts_at
    deadlines.services.start(
        kind=WISHES,
        subject=hearing,
        reference=hearing.case.reference,
        victim_id=hearing.victim_id,
        team=team,
        owner=owner,
        started_at=starts_at,
        terms=terms_of(starts_at, policy.at(at), at),
        actor=actor,
        at=at,
    )


def owe_telling(*, hearing_id: int, actor: User, at: datetime) -> None:
    """A case is heard: nobody asks any more what the victim wants; they are to be told."""
    hearing = _with_meeting(hearing_id)
    let_wishes_go(hearing_id=hearing_id, because="The case was heard", actor=actor, at=at)
    team, owner = who_reports(hearing)
    deadlines.services.start(
        kind=TOLD,
        subject=hearing,
        reference=hearing.case.reference,
        victim_id=hearing.victim_id,
        team=team,
        owner=owner,
        started_at=hearing.ended_at or at,
        actor=actor,
        at=at,
    )


def let_wishes_go(*, hearing_id: int, because: str, actor: User, at: datetime) -> None:
    """Nobody is asked any more: the case is off the agenda, or heard."""
    hearing = Hearing.objects.get(pk=hearing_id)
    deadlines.services.cancel(kind=WISHES, subject=hearing, reason=because, actor=actor, at=at)


def follow_meeting(*, meeting_id: int, actor: User, at: datetime) -> None:
    """A meeting has another day: what victims want is owed before that one."""
    meeting = Meeting.objects.get(pk=meeting_id)
    terms = terms_of(meeting.starts_at, policy.at(at), at)
    for hearing in Hearing.objects.filter(meeting=meeting, state=Hearing.State.WAITING):
        deadlines.services.reschedule(
            kind=WISHES,
            subject=hearing,
            started_at=meeting.starts_at,
            terms=terms,
            actor=actor,
            at=at,
        )


def follow_adviser(*, victim_id: int, actor: User, at: datetime) -> None:
    """A victim has another adviser, or none any more: whoever it is now reports and tells."""
    for hearing in open_hearings(victim_id):
        team, owner = who_reports(hearing)
        for kind in (WISHES, TOLD):
            deadlines.services.assign(
                kind=kind, subject=hearing, owner=owner, team=team, actor=actor, at=at
            )


def still_open(hearing: Hearing) -> bool:
    """Whether nobody said yet what the victim wants."""
    return hearing.is_open and not hearing.wanted and not hearing.not_asked_because


def _with_meeting(hearing_id: int) -> Hearing:
    return Hearing.objects.select_related(
        "meeting__conference__team", "case__conference__coordinator", "case__conference__chair"
    ).get(pk=hearing_id)


def _require_reporter(hearing: Hearing, actor: User, at: datetime) -> None:
    if not may_report(actor, hearing, at):
        raise PermissionDenied("The victim's adviser and the conference's coordinator report this.")


def _record(
    hearing: Hearing,
    verb: str,
    headline: str,
    detail: dict[str, Any],
    actor: User,
    at: datetime,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_hearing.{verb}",
        headline=headline,
        subject=hearing.case.reference,
        victim_id=hearing.victim_id,
        detail={"meeting": hearing.meeting.reference, **detail},
    )
