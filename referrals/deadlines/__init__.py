"""What must be done by when in this app, by topic."""

from referrals.deadlines import referrals

__all__ = ["referrals"]
