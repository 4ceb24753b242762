"""What must be done by when for a victim, by topic."""

from victims.deadlines import handovers, updates

__all__ = ["handovers", "updates"]
