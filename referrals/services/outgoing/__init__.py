"""Telling agencies that something waits for them: owed in the transaction, sent by workers."""

from referrals.services.outgoing.owing import owe

__all__ = ["owe"]
