"""What partner agencies are told of a victim: shared, opened, answered, withdrawn, ended."""

from referrals.services.sharing.answering import answer_sharing, open_sharing
from referrals.services.sharing.ending import end_sharings_over, withdraw_from, withdraw_sharing
from referrals.services.sharing.giving import share

__all__ = [
    "answer_sharing",
    "end_sharings_over",
    "open_sharing",
    "share",
    "withdraw_from",
    "withdraw_sharing",
]
