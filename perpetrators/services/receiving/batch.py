"""Many messages at once, or one: the same way, in as few statements, and each of them once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from accounts.models import User
from core import policy
from perpetrators.messages import HERE, Message
from perpetrators.models import CustodyEvent
from perpetrators.permissions import can_record_custody, can_send_custody_events
from perpetrators.services.receiving.applying import apply
from perpetrators.services.receiving.deliveries import Delivery, Overtaken
from perpetrators.services.receiving.waiting import watch
from perpetrators.services.receiving.whom import Match, batch_under_way, whom

#: Messages in one transaction: the locks of more would be held for too long.
MOST_AT_ONCE = 1_000
#: Tries of a batch that another one overtook: the second finds what the other wrote.
TRIES = 5
#: What two batches under way at once may run into.
_RACES = frozenset({"each_message_once", "one_episode_per_custody_number"})


class Status(StrEnum):
    """What became of a message."""

    APPLIED = "applied"
    #: Kept, on the matching list: whom it is about is not known yet.
    UNMATCHED = "unmatched"
    #: It came before, word for word; nothing changed.
    REPEATED = "repeated"
    #: Its number came before with other content; nothing changed.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One message and what became of it, with words for whoever sent it."""

    message: Message
    status: Status
    words: str
    event: CustodyEvent | None = None


def receive(*, messages: Sequence[Message], actor: User, at: datetime) -> list[Outcome]:
    """Take messages in, all or none written; what became of each, in their order.

    In any order of delivery, repeated, late or two batches at once, what is on record ends the
    same. Raises PermissionDenied; ValueError for more than MOST_AT_ONCE.
    """
    _check_may_send(actor, messages)
    if len(messages) > MOST_AT_ONCE:
        raise ValueError(f"At most {MOST_AT_ONCE} messages at once.")
    for left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _receive(messages, actor, at)
        except Overtaken:
            if not left:
                raise
        except IntegrityError as error:
            if not left or _constraint(error) not in _RACES:
                raise
    raise AssertionError("every try ends above")


def _check_may_send(actor: User, messages: Sequence[Message]) -> None:
    by_hand = {one.system == HERE for one in messages}
    may = {True: can_record_custody, False: can_send_custody_events}
    if not all(may[is_ours](actor) for is_ours in by_hand):
        raise PermissionDenied("Only the custody system and custody officers send custody events.")


def _constraint(error: IntegrityError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def _receive(messages: Sequence[Message], actor: User, at: datetime) -> list[Outcome]:
    batch_under_way()
    first = {one.key: one for one in reversed(messages)}
    known = _known(first)
    fresh = [one for key, one in first.items() if key not in known]
    events = _take_in(fresh, actor, at)
    said = {key: row.fingerprint for key, row in known.items()}
    outcomes, new = [], set(events)
    for one in messages:
        if one.key in new:
            new.discard(one.key)
            said[one.key] = one.fingerprint
            outcomes.append(_new(one, events[one.key]))
        else:
            row = known.get(one.key) or events[one.key]
            outcomes.append(_again(one, row, is_same=said[one.key] == one.fingerprint))
    return outcomes


def _known(messages: dict[tuple[str, str], Message]) -> dict[tuple[str, str], CustodyEvent]:
    rows = CustodyEvent.objects.filter(
        system__in={system for system, _ in messages},
        message_id__in=[message_id for _, message_id in messages],
    )
    return {
        (row.system, row.message_id): row
        for row in rows
        if (row.system, row.message_id) in messages
    }


def _take_in(
    fresh: Sequence[Message], actor: User, at: datetime
) -> dict[tuple[str, str], CustodyEvent]:
    """Rows of messages that never came before, in the order of their keys: two batches with the
    same ones wait for each other and do not block each other for ever."""
    late = timedelta(minutes=policy.at(at).late_minutes)
    matches = whom(fresh)
    events = {
        one.key: _row(one, matches[one.key], late, actor, at)
        for one in sorted(fresh, key=lambda one: one.key)
    }
    apply(
        [
            Delivery(one, events[one.key], person_id)
            for one in fresh
            if (person_id := matches[one.key].person_id) is not None
        ],
        actor=actor,
        at=at,
    )
    waiting = [row for row in events.values() if row.state == CustodyEvent.State.UNMATCHED]
    CustodyEvent.objects.bulk_create(waiting)
    watch(waiting, actor=actor, at=at)
    return events


def _row(
    message: Message, match: Match, late: timedelta, actor: User, at: datetime
) -> CustodyEvent:
    return CustodyEvent(
        system=message.system,
        message_id=message.message_id,
        kind=message.kind,
        happened_at=message.happened_at,
        received_at=at,
        is_late=at - message.happened_at > late,
        state=CustodyEvent.State.UNMATCHED,
        content=message.content,
        fingerprint=message.fingerprint,
        sent_by=actor,
        matched_because=match.because[:300],
    )


def _new(message: Message, row: CustodyEvent) -> Outcome:
    if row.state == CustodyEvent.State.APPLIED:
        return Outcome(message, Status.APPLIED, "Recorded.", row)
    return Outcome(message, Status.UNMATCHED, "Kept: somebody is to say whom it is about.", row)


def _again(message: Message, row: CustodyEvent, *, is_same: bool) -> Outcome:
    if is_same:
        return Outcome(message, Status.REPEATED, "It came before; nothing changed.", row)
    return Outcome(
        message,
        Status.REFUSED,
        "A message of this number came before and said something else; nothing changed.",
        row,
    )
