"""A notice is served, which starts the court's clock, and the court says when it hears it."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import InvalidInput
from core.text import clean
from deadlines import services as deadlines
from perpetrators.deadlines.orders import NOTICE_TO_COURT
from perpetrators.models import ProtectionNotice
from perpetrators.services.orders.rows import (
    LONGEST_COURT,
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


@transaction.atomic
def serve_notice(
    *, notice_id: int, served_at: datetime, actor: User, at: datetime
) -> ProtectionNotice:
    """An authorised notice is given to whom it binds: in force from `served_at`.

    The court's clock runs from then (48 hours that stand still on Sundays, Christmas Day, Good
    Friday and bank holidays: Domestic Abuse Act 2021, section 29), and the victim is told. Served
    again changes nothing. Raises PermissionDenied, InvalidInput at `served_at`, DomainError.
    """
    notice = lock_notice(notice_id)
    needs_asker(actor)
    if notice.served_at == served_at:
        return notice
    needs_state(notice, State.AUTHORISED, "Only an authorised notice can be served.")
    assert notice.decided_at is not None
    not_ahead(served_at, at, field="served_at")
    said = "This is before it was authorised"
    not_before(served_at, notice.decided_at, field="served_at", words=said)
    notice.state, notice.served_at, notice.served_by = State.SERVED, served_at, actor
    save(notice, "state", "served_at", "served_by")
    headline = f"Protection notice served: {notice.reference}, {when(served_at)}"
    record(notice, "served", headline, actor=actor, at=at, is_grave=True)
    deadlines.start(
        kind=NOTICE_TO_COURT,
        subject=notice,
        reference=notice.reference,
        victim_id=notice.victim_id,
        team=notice.asked_by.team,
        owner=notice.asked_by,
        started_at=served_at,
        actor=actor,
        at=at,
    )
    words = f"A protection notice was served on {notice.person} on {when(served_at)}"
    news_of(notice, words, served_at, actor=actor, at=at)
    return notice


@transaction.atomic
def set_hearing(
    *,
    notice_id: int,
    hearing_at: datetime,
    court: str,
    version: int,
    actor: User,
    at: datetime,
) -> ProtectionNotice:
    """The court says when and where it hears the notice, or moves it.

    The clock goes on to run until it was heard, whatever is listed. The same again changes nothing.
    Raises PermissionDenied, InvalidInput at `hearing_at` or `court`, DomainError, and Stale.
    """
    notice = lock_notice(notice_id)
    needs_asker(actor)
    court = clean(court, field="court", longest=LONGEST_COURT, required=True)
    if (notice.hearing_at, notice.court) == (hearing_at, court):
        return notice
    needs_state(notice, State.SERVED, "Only a notice that is served has a hearing.")
    listed = when(notice.hearing_at) if notice.hearing_at else ""
    in_our_time(hearing_at, field="hearing_at")
    needs_version(
        notice, version, hearing_at=(listed, when(hearing_at)), court=(notice.court, court)
    )
    assert notice.served_at is not None
    if hearing_at <= notice.served_at:
        raise InvalidInput(
            f"This is before it was served, {when(notice.served_at)}.", field="hearing_at"
        )
    notice.hearing_at, notice.court = hearing_at, court
    save(notice, "hearing_at", "court")
    headline = f"Hearing of {notice.reference}: {when(hearing_at)}, {court}"
    record(notice, "hearing_set", headline, actor=actor, at=at, before=listed)
    return notice
