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
    """An agency is told of a referral."""

    referral_id: int
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
