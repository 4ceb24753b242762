"""What must be done by when in this app, by topic."""

from referrals.deadlines import advising, referrals

__all__ = ["advising", "referrals"]
