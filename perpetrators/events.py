"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class CustodyEventApplied:
    """An event of custody, bail, court or prison is applied to a person's record."""

    custody_event_id: int
    episode_id: int
    person_id: int
    kind: str
    actor: User
    at: datetime


@dataclass(frozen=True)
class ReleaseOverdue:
    """An expected release is not recorded by its time."""

    release_id: int
    person_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class OrderMade:
    """An order is recorded for a victim."""

    order_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class OrderBreached:
    """A breach of an order or a notice is recorded."""

    breach_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class SerialPerpetratorRecognised:
    """Somebody turns out to have several unconnected victims."""

    person_id: int
    victim_ids: tuple[int, ...]
    actor: User
    at: datetime
