"""What must be done by when in this app, by topic."""

from referrals.deadlines import (
    advising,
    case_reviews,
    children,
    opinions,
    referrals,
    schools,
    voice,
)

__all__ = ["advising", "case_reviews", "children", "opinions", "referrals", "schools", "voice"]
