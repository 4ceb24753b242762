"""What is written down of each step of a case, and who is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import deadlines.services
from accounts.models import User
from audit import services as audit
from deadlines import kinds
from deadlines.models import Notification
from marac.models import MaracCase

DECIDE = "marac_decide"


def record(
    case: MaracCase,
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
        verb=f"marac_case.{verb}",
        headline=headline[:300],
        subject=case.reference,
        victim_id=case.victim_id,
        detail=detail or {},
        is_grave=is_grave,
    )


def tell(
    case: MaracCase,
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
        path=kinds.get(DECIDE).path(case.reference),
        victim_id=case.victim_id,
        at=at,
    )
