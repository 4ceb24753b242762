"""What the audit says of a duty at each step."""

from datetime import datetime
from typing import Any

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core.clock import local
from deadlines.models import Deadline


def entry(
    row: Deadline,
    actor: User,
    at: datetime,
    verb: str,
    headline: str,
    detail: dict[str, Any] | None = None,
    *,
    is_grave: bool = False,
) -> AuditEvent:
    """One entry, not saved: the duty with its due time and basis beside what `detail` adds."""
    return audit.event(
        actor=actor,
        at=at,
        verb=f"deadline.{verb}",
        headline=headline,
        subject=row.subject_reference,
        victim_id=row.victim_id,
        is_grave=is_grave,
        detail={
            "kind": row.kind,
            "due": row.due_at.isoformat(),
            "basis": row.basis,
            **(detail or {}),
        },
    )


def when(instant: datetime) -> str:
    """As a headline says it: "3 Mar 2026, 14:05" on the wall clock."""
    there = local(instant)
    return f"{there.day} {there:%b %Y, %H:%M}"
