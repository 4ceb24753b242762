"""Telling agencies that something waits for them: owed in the transaction, sent by workers."""

from referrals.services.outgoing.deciding import drop, try_again
from referrals.services.outgoing.owing import owe

__all__ = ["drop", "owe", "try_again"]
