"""What must be done by when for a victim, by topic."""

from victims.deadlines import handovers, markers, plans, updates

__all__ = ["handovers", "markers", "plans", "updates"]
