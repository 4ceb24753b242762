"""What the IDVA service writes down of each step, and whom it tells."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import deadlines.services
from accounts.models import User
from audit import services as audit
from deadlines import kinds
from deadlines.models import Notification
from referrals.models import IdvaCase

ANSWER = "idva_answer"
FIRST_CONTACT = "idva_first_contact"


def record(
    case: IdvaCase,
    verb: str,
    headline: str,
    actor: User,
    at: datetime,
    detail: dict[str, Any] | None = None,
    *,
    is_grave: bool = False,
) -> None:
    """On the victim's timeline: whoever sees the victim reads it."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"idva_case.{verb}",
        headline=headline[:300],
        subject=case.reference,
        victim_id=case.victim_id,
        detail=detail or {},
        is_grave=is_grave,
    )


def tell(
    case: IdvaCase,
    users: Iterable[User],
    headline: str,
    actor: User,
    at: datetime,
    level: str = Notification.Level.INFORMATION,
) -> None:
    """Tell everybody concerned but whoever does it."""
    deadlines.services.notify(
        users=[user for user in users if user != actor],
        level=level,
        headline=headline,
        reference=case.reference,
        path=kinds.get(ANSWER).path(case.reference),
        victim_id=case.victim_id,
        at=at,
    )
