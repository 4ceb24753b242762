"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class SafeContactChanged:
    """A victim's safe contact is recorded."""

    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class DutyPassed:
    """Somebody else answers for a duty of a victim.

    `duty` is a victims.models.Duty; `person` is who has it now, None while only the team has it.
    """

    victim_id: int
    duty: str
    person: User | None
    team_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CircumstanceRecorded:
    """Something changed in a victim's life: they moved, they separated."""

    circumstance_id: int
    victim_id: int
    kind: str
    happened_at: datetime
    actor: User
    at: datetime


@dataclass(frozen=True)
class VictimReached:
    """A victim was spoken with."""

    contact_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CaseClosed:
    """A victim's case is closed."""

    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CasesReopened:
    """Closed cases are open again."""

    victim_ids: tuple[int, ...]
    actor: User
    at: datetime


@dataclass(frozen=True)
class Withheld:
    """Nothing about a victim may reach a person or an agency any more.

    One of `person_id` and `agency_id` is given.
    """

    withholding_id: int
    victim_id: int
    person_id: int | None
    agency_id: int | None
    actor: User
    at: datetime
