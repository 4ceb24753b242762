"""What is written down of each step of a case about a victim, and who is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import deadlines.services
from accounts.models import User
from audit import services as audit
from deadlines import kinds
from deadlines.models import Notification


class Case(Protocol):
    """A case of whatever sort, known by its reference."""

    reference: Any
    victim_id: Any


@dataclass(frozen=True)
class Saying:
    """How one sort of case is spoken of: the beginning of its verbs, the kind whose page it is."""

    verbs: str
    kind: str

    def record(
        self,
        case: Case,
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
            verb=f"{self.verbs}.{verb}",
            headline=headline[:300],
            subject=case.reference,
            victim_id=case.victim_id,
            detail=detail or {},
            is_grave=is_grave,
        )

    def tell(
        self,
        case: Case,
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
            path=kinds.get(self.kind).path(case.reference),
            victim_id=case.victim_id,
            at=at,
        )
