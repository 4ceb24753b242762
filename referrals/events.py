"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class ReferralOpened:
    """A referral lands in the MARU queue."""

    referral_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class AgencyReferralIdentified:
    """A worker says whom an agency's referral is about, or takes that back.

    `before_id` is the victim's record it was about until then, which may be the same.
    """

    referral_id: int
    before_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ReferralClaimed:
    """A MARU worker claims a referral or is handed it."""

    referral_id: int
    victim_id: int
    worker: User
    at: datetime


@dataclass(frozen=True)
class ReferralReleased:
    """A referral goes back to nobody."""

    referral_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class InformationShared:
    """An agency is told something about a victim, of a referral or without one."""

    sharing_id: int
    referral_id: int | None
    victim_id: int
    agency_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ReferralCompleted:
    """A referral is processed."""

    referral_id: int
    victim_id: int
    in_time: bool
    actor: User
    at: datetime


@dataclass(frozen=True)
class SharingWithdrawn:
    """What an agency was told is withdrawn: it sees nothing of it any more."""

    sharing_id: int
    victim_id: int
    agency_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class SharingAnswered:
    """An agency says what it does with what it was told."""

    sharing_id: int
    victim_id: int
    agency_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class AdviserAsked:
    """A victim is referred to the IDVA service."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class AdviserAllocated:
    """An adviser has a case of the IDVA service."""

    case_id: int
    victim_id: int
    adviser: User
    actor: User
    at: datetime


@dataclass(frozen=True)
class AdviserRefused:
    """The IDVA service does not accept a referral."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class IdvaCaseClosed:
    """A case of the IDVA service is closed."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime
