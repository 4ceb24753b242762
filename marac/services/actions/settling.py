"""What became of an action: done, not done, overtaken by events; and open again, with a reason."""

from datetime import date, datetime

from django.db import transaction

import deadlines.services
from accounts.models import User
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from marac.deadlines.actions import ACTION, end_of
from marac.events import ActionSettled
from marac.models import MaracAction
from marac.near import people_near
from marac.services.actions.rows import (
    LONGEST_EVIDENCE,
    LONGEST_REASON,
    checked_day,
    locked_action,
    record,
    require_may,
    require_version,
    settled_words,
    tell,
    tell_doers,
    watch,
)

State = MaracAction.State
SETTLED = (State.DONE, State.NOT_DONE, State.OVERTAKEN)


@transaction.atomic
def settle_action(
    *, action_id: int, state: str, evidence: str, version: int, actor: User, at: datetime
) -> MaracAction:
    """Say what became of an action: what shows it was done, why it was not, what overtook it.

    The agency's own people may, and whoever keeps the conference. Sent twice it is settled once.
    Raises PermissionDenied, InvalidInput at "state" or "evidence" (to 4,000 characters),
    AlreadyTaken where somebody settled it otherwise, Stale where it changed since it was read.
    """
    if state not in SETTLED:
        raise InvalidInput("Say whether it was done.", field="state")
    evidence = clean(evidence, field="evidence", longest=LONGEST_EVIDENCE, required=True)
    action = locked_action(action_id)
    require_may(actor, action)
    if action.state != State.OPEN:
        if (action.state, action.evidence, action.settled_by_id) == (state, evidence, actor.pk):
            return action
        raise AlreadyTaken(
            f"This action is settled already: {settled_words(action)}. What you typed is kept "
            "here; to change what is on record, open the action again first.",
        )
    require_version(action, version, {"state": State(state).label, "evidence": evidence})
    action.state, action.evidence = state, evidence
    action.settled_at, action.settled_by = at, actor
    action.version += 1
    action.save(update_fields=["state", "evidence", "settled_at", "settled_by", "version"])
    deadlines.services.meet(kind=ACTION, subject=action, actor=actor, at=at)
    headline = f"Action of {action.agency} {action.get_state_display().lower()}: {action.reference}"
    not_done = state == State.NOT_DONE
    record(action, state, headline, actor=actor, at=at, is_grave=not_done, evidence=evidence)
    if not_done:
        _tell_keepers(action, actor, at)
    events.announce(ActionSettled(action.pk, action.victim_id, actor, at))
    return action


@transaction.atomic
def reopen_action(
    *,
    action_id: int,
    reason: str,
    due_on: date | None = None,
    version: int,
    actor: User,
    at: datetime,
) -> MaracAction:
    """A settled action is to be done after all, for a reason; what was said of it stays on record.

    `due_on` is its new last day; needed where the old one is past. Raises PermissionDenied,
    InvalidInput at "reason" (to 1,000 characters) or "due_on", DomainError where it is open or its
    case is closed, Stale.
    """
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    action = locked_action(action_id)
    require_may(actor, action)
    if action.state == State.OPEN:
        raise DomainError("This action is open.")
    if not action.case.is_open:
        raise DomainError("The case is closed: it is heard again, or nothing is to be done.")
    require_version(action, version, {"state": State.OPEN.label, "reason": reason})
    day = checked_day(due_on or action.due_on, at)
    before = {"state": action.state, "evidence": action.evidence, "by": str(action.settled_by)}
    action.state, action.evidence = State.OPEN, ""
    action.settled_at = action.settled_by = None
    action.due_on, action.due_at = day, end_of(day)
    action.version += 1
    action.save(
        update_fields=[
            "state",
            "evidence",
            "settled_at",
            "settled_by",
            "due_on",
            "due_at",
            "version",
        ]
    )
    watch(action, actor=actor, at=at)
    headline = f"Action of {action.agency} open again: {action.reference}"
    record(action, "reopened", headline, actor=actor, at=at, reason=reason, before=before)
    tell_doers(action, f"An action is open again, by {day.day} {day:%b}", actor=actor, at=at)
    return action


def _tell_keepers(action: MaracAction, actor: User, at: datetime) -> None:
    """What was agreed does not happen: the chair and the coordinator think again."""
    conference = action.hearing.meeting.conference
    near = people_near([action.case_id])[action.case_id]
    people = {conference.chair_id, conference.coordinator_id} - near - {actor.pk}
    tell(action, people, f"An action was not done by {action.agency}"[:200], at=at)
