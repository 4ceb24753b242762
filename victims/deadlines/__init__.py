"""What must be done by when for a victim, by topic."""

from victims.deadlines import glass, handovers, markers, plans, updates

__all__ = ["glass", "handovers", "markers", "plans", "updates"]
