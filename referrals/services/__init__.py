"""Every write of this app: one verb function for each transition."""

from referrals.services.claiming import claim, claim_next, hand_over, release
from referrals.services.opening import follow_crime, follow_grade, unit_for
from referrals.services.tallies import rebuild_tallies
from referrals.services.working import complete, share

__all__ = [
    "claim",
    "claim_next",
    "complete",
    "follow_crime",
    "follow_grade",
    "hand_over",
    "rebuild_tallies",
    "release",
    "share",
    "unit_for",
]
