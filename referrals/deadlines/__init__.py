"""What must be done by when in this app, by topic."""

from referrals.deadlines import advising, case_reviews, children, opinions, referrals, schools

__all__ = ["advising", "case_reviews", "children", "opinions", "referrals", "schools"]
