"""A superintendent authorises a notice, or does not."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import AlreadyTaken, DomainError
from core.text import clean
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from perpetrators.deadlines.orders import NOTICE_DECISION
from perpetrators.models import ProtectionNotice
from perpetrators.permissions import can_authorise_notice
from perpetrators.services.orders.rows import (
    LONGEST_WORDS,
    lock_notice,
    needs_adult,
    record,
    save,
)

State = ProtectionNotice.State


@transaction.atomic
def decide_notice(
    *, notice_id: int, authorise: bool, words: str, actor: User, at: datetime
) -> ProtectionNotice:
    """Authorise a notice or refuse it, with words (Domestic Abuse Act 2021, section 22).

    Never by who asked. Whoever asked is told. The same decision again by the same person changes
    nothing. Raises PermissionDenied, InvalidInput at `words`, AlreadyTaken where somebody else
    decided, DomainError where it is not to be decided, or the recipient proved to be too young.
    """
    notice = lock_notice(notice_id)
    if not can_authorise_notice(actor):
        raise PermissionDenied("Only a superintendent decides on a protection notice.")
    if notice.asked_by_id == actor.pk:
        raise PermissionDenied("Another superintendent decides on what you asked for.")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if notice.decided_by is not None:
        if _is_same(notice, authorise, words, actor):
            return notice
        said = "refused it" if notice.state == State.REFUSED else "authorised it"
        raise AlreadyTaken(f"{notice.decided_by} {said} already.")
    if notice.state != State.ASKED:
        raise DomainError(f"This notice is {notice.get_state_display().lower()}.")
    if authorise:
        needs_adult(notice.person, "as said when it was asked for", at)
    notice.state = State.AUTHORISED if authorise else State.REFUSED
    notice.decided_by, notice.decided_at, notice.decision_words = actor, at, words
    save(notice, "state", "decided_by", "decided_at", "decision_words")
    verb, said = ("authorised", "authorised") if authorise else ("refused", "not authorised")
    headline = f"Protection notice {said}: {notice.reference}"
    record(notice, verb, headline, actor=actor, at=at, is_grave=True, words=words)
    deadlines.meet(kind=NOTICE_DECISION, subject=notice, actor=actor, at=at)
    deadlines.notify(
        users=[notice.asked_by],
        level=Notification.Level.WARNING,
        headline=headline,
        reference=notice.reference,
        path=kinds.get(NOTICE_DECISION).path(notice.reference),
        victim_id=notice.victim_id,
        at=at,
    )
    return notice


def _is_same(notice: ProtectionNotice, authorise: bool, words: str, actor: User) -> bool:
    was_authorised = notice.state != State.REFUSED
    return (was_authorised, notice.decision_words, notice.decided_by_id) == (
        authorise,
        words,
        actor.pk,
    )
