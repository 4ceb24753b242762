"""What a court made of a notice, or that none heard it in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from accounts.models import User
from core import policy
from core.errors import DomainError, InvalidInput
from core.text import clean
from deadlines import kinds
from deadlines import services as deadlines
from perpetrators.deadlines.orders import NOTICE_TO_COURT
from perpetrators.models import Order, ProtectionNotice
from perpetrators.services.orders.conditions import Condition
from perpetrators.services.orders.recording import make_order
from perpetrators.services.orders.rows import (
    LONGEST_COURT,
    LONGEST_WORDS,
    in_our_time,
    lock_notice,
    needs_asker,
    needs_state,
    needs_version,
    not_ahead,
    not_before,
    record,
    save,
    when,
)
from perpetrators.services.orders.telling import news_of

State = ProtectionNotice.State

ORDER_MADE, ORDER_REFUSED, ADJOURNED = "order_made", "order_refused", "adjourned"
OUTCOMES = {
    ORDER_MADE: "Order made",
    ORDER_REFUSED: "No order made",
    ADJOURNED: "Put off to another day",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """What came of a hearing. An order has its last day and conditions (the notice's where none
    are given); one put off has its next instant, and the notice stays in force until then."""

    outcome: str
    heard_at: datetime
    court: str
    words: str = ""
    until: date | None = None
    conditions: Sequence[Condition] = ()
    next_at: datetime | None = None


@transaction.atomic
def record_hearing(
    *, notice_id: int, hearing: Hearing, version: int, actor: User, at: datetime
) -> ProtectionNotice:
    """The court heard it: an order is made or not, or it is put off.

    The court's clock stops at the instant of the hearing, however late that is recorded. The same
    again changes nothing. Raises PermissionDenied, InvalidInput at `outcome`, `heard_at`, `court`,
    `words`, `until`, `conditions` or `next_at`, DomainError, and Stale.
    """
    notice = lock_notice(notice_id)
    needs_asker(actor)
    if hearing.outcome not in OUTCOMES:
        raise InvalidInput("Choose what came of it.", field="outcome")
    if _is_recorded(notice, hearing):
        return notice
    needs_state(notice, State.SERVED, "Only a notice that is served is heard.")
    in_our_time(hearing.heard_at, field="heard_at")
    needs_version(notice, version, heard_at=("", when(hearing.heard_at)))
    court = clean(hearing.court, field="court", longest=LONGEST_COURT, required=True)
    is_plain = hearing.outcome == ORDER_MADE
    words = clean(hearing.words, field="words", longest=LONGEST_WORDS, required=not is_plain)
    assert notice.served_at is not None
    not_ahead(hearing.heard_at, at, field="heard_at")
    said = "This is before it was served"
    not_before(hearing.heard_at, notice.served_at, field="heard_at", words=said)
    notice.heard_at, notice.court, notice.outcome_words = hearing.heard_at, court, words
    deadlines.meet(kind=NOTICE_TO_COURT, subject=notice, actor=actor, at=hearing.heard_at)
    match hearing.outcome:
        case "order_made":
            _make(notice, hearing, actor, at)
        case "order_refused":
            _refuse(notice, actor, at)
        case _:
            _put_off(notice, hearing.next_at, actor, at)
    return notice


@transaction.atomic
def lapse_notice(*, notice_id: int, words: str, actor: User, at: datetime) -> ProtectionNotice:
    """No court heard the notice in its time: it binds nobody any more, and the victim is told.

    The same again changes nothing. Raises PermissionDenied, InvalidInput at `words`, DomainError
    while the court's time still runs or where it was heard.
    """
    notice = lock_notice(notice_id)
    needs_asker(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if notice.state == State.LAPSED:
        return notice
    needs_state(notice, State.SERVED, "Only a notice that is served can lapse.")
    due_at = court_due(notice)
    if notice.heard_at is None and at < due_at:
        raise DomainError(f"The court has time until {when(due_at)}: it has not lapsed yet.")
    if notice.heard_at is not None and (notice.hearing_at is None or at < notice.hearing_at):
        raise DomainError("The court put it off to another day: it has not lapsed.")
    notice.state, notice.outcome_words = State.LAPSED, words
    save(notice, "state", "outcome_words")
    reason = "No court heard the notice in its time."
    deadlines.cancel(kind=NOTICE_TO_COURT, subject=notice, actor=actor, at=at, reason=reason)
    headline = f"Protection notice lapsed without a hearing: {notice.reference}"
    record(notice, "lapsed", headline, actor=actor, at=at, is_grave=True, words=words)
    said = f"The protection notice against {notice.person} ended without a hearing, {when(at)}"
    news_of(notice, said, at, actor=actor, at=at)
    return notice


def court_due(notice: ProtectionNotice) -> datetime:
    """By when a court must have heard it: the force's hours that count, from service."""
    assert notice.served_at is not None
    return kinds.get(NOTICE_TO_COURT).due(notice.served_at, policy.at(notice.served_at))


def _is_recorded(notice: ProtectionNotice, hearing: Hearing) -> bool:
    """Pressed twice: the same hearing with the same outcome is on record."""
    if notice.heard_at != hearing.heard_at:
        return False
    if hearing.outcome == ADJOURNED:
        return notice.state == State.SERVED and notice.hearing_at == hearing.next_at
    return notice.state == hearing.outcome


def _make(notice: ProtectionNotice, hearing: Hearing, actor: User, at: datetime) -> None:
    notice.state = State.ORDER_MADE
    save(notice, "state", "heard_at", "court", "outcome_words")
    headline = f"Court made an order on {notice.reference}"
    record(notice, "order_made", headline, actor=actor, at=at, is_grave=True)
    own = [Condition(row["kind"], row["words"]) for row in notice.conditions]
    make_order(
        victim=notice.victim,
        person=notice.person,
        notice=notice,
        kind=Order.Kind.PROTECTION,
        court=notice.court,
        made_at=hearing.heard_at,
        until=hearing.until,
        conditions=hearing.conditions or own,
        actor=actor,
        at=at,
    )


def _refuse(notice: ProtectionNotice, actor: User, at: datetime) -> None:
    assert notice.heard_at is not None
    notice.state = State.ORDER_REFUSED
    save(notice, "state", "heard_at", "court", "outcome_words")
    headline = f"Court made no order on {notice.reference}: the notice is over"
    words = notice.outcome_words
    record(notice, "order_refused", headline, actor=actor, at=at, is_grave=True, words=words)
    said = (
        f"The court made no order against {notice.person} on {when(notice.heard_at)}; "
        "the protection notice is over"
    )
    news_of(notice, said, notice.heard_at, actor=actor, at=at)


def _put_off(notice: ProtectionNotice, next_at: datetime | None, actor: User, at: datetime) -> None:
    assert notice.heard_at is not None
    if next_at is None:
        raise InvalidInput("Say when the court hears it again.", field="next_at")
    in_our_time(next_at, field="next_at")
    if next_at <= notice.heard_at:
        raise InvalidInput("This is not after the hearing that put it off.", field="next_at")
    notice.hearing_at = next_at
    save(notice, "heard_at", "hearing_at", "court", "outcome_words")
    headline = f"Hearing of {notice.reference} put off to {when(next_at)}"
    words = notice.outcome_words
    record(notice, "put_off", headline, actor=actor, at=at, words=words)
