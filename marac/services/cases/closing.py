"""A case is over: its grade goes back to high where no conference has the victim any more."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import risk.services
from accounts.models import User
from core import events
from core.errors import DomainError, InvalidInput
from core.text import clean
from marac import near
from marac.events import MaracCaseClosed
from marac.models import Hearing, MaracAction, MaracCase
from marac.permissions import can_decide
from marac.services.cases.deciding import held, refuse_stale
from marac.services.cases.telling import record

State = MaracCase.State
Because = MaracCase.ClosedBecause
LONGEST_WORDS = 1_000
#: Said of people and not of what the conference did: what was agreed is none of its business.
_EXPLAINED = (Because.MOVED, Because.DIED, Because.ERROR)


@transaction.atomic
def close_case(
    *, case_id: int, because: str, words: str, version: int, actor: User, at: datetime
) -> MaracCase:
    """Close an accepted case; one that moves to another area is moved.

    `because` is a MaracCase.ClosedBecause. Raises PermissionDenied; Stale; InvalidInput at
    `because` or `words` (needed but where it was heard or lapsed, to 1,000 characters); DomainError
    where it is not accepted, is on an agenda still, was not heard, or has open actions.
    """
    case = held(case_id)
    if not can_decide(actor, case.conference):
        raise PermissionDenied("The coordinator or the chair closes a conference's case.")
    near.require_open_to(actor, case)
    if because not in Because.values:
        raise InvalidInput("Say why it is closed.", field="because")
    needed = because in _EXPLAINED
    words = clean(words, field="words", longest=LONGEST_WORDS, required=needed)
    _require_accepted(case)
    refuse_stale(case, version, {"because": because, "words": words})
    _require_over(case, because)
    case.state = State.MOVED if because == Because.MOVED else State.CLOSED
    case.closed_at, case.closed_by = at, actor
    case.closed_because, case.closed_words = because, words
    case.version += 1
    case.save(
        update_fields=[
            "state",
            "closed_at",
            "closed_by",
            "closed_because",
            "closed_words",
            "version",
        ]
    )
    label = case.get_closed_because_display().lower()
    detail = {"because": because, "words": words}
    record(case, "closed", f"Conference case closed: {label}", actor, at, detail, is_grave=True)
    _grade_follows(case, actor, at)
    events.announce(MaracCaseClosed(case.pk, case.victim_id, actor, at))
    return case


def _require_accepted(case: MaracCase) -> None:
    if case.state == State.PROPOSED:
        raise DomainError(f"{case.reference} waits for an answer. Answer it first.")
    if case.state != State.ACCEPTED:
        raise DomainError(f"{case.reference} is over: {case.get_state_display().lower()}.")


def _require_over(case: MaracCase, because: str) -> None:
    listed = Hearing.objects.filter(case=case, state__in=Hearing.OPEN)
    meeting = listed.values_list("meeting__reference", flat=True).first()
    if meeting is not None:
        raise DomainError(f"It is on the agenda of {meeting}. Take it off, or hear it, first.")
    if because not in (Because.DONE, Because.LAPSED):
        return
    if not Hearing.objects.heard().filter(case=case).exists():
        raise DomainError("It was not heard yet. Say what else ends it.", field="because")
    actions = MaracAction.objects.open().filter(case=case).count()
    if actions:
        plural = "" if actions == 1 else "s"
        raise DomainError(f"{actions} action{plural} agreed for it wait still. Settle them first.")


def _grade_follows(case: MaracCase, actor: User, at: datetime) -> None:
    """Another open case of the victim keeps the grade."""
    others = MaracCase.objects.filter(victim=case.victim_id, state=State.ACCEPTED)
    if not others.exists():
        reason = f"the {case.conference} conference has closed {case.reference}"
        risk.services.grade_high_again(victim_id=case.victim_id, reason=reason, actor=actor, at=at)
