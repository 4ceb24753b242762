"""What must be done by when for a victim, by topic."""

from victims.deadlines import handovers, plans, updates

__all__ = ["handovers", "plans", "updates"]
