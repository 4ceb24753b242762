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
    """A MARU worker claims a referral."""

    referral_id: int
    victim_id: int
    worker: User
    at: datetime


@dataclass(frozen=True)
class ReferralCompleted:
    """A referral is processed."""

    referral_id: int
    victim_id: int
    actor: User
    at: datetime
