"""What conferences must do by when; one module for each topic."""

from marac.deadlines import actions, agenda, cases, flags, minutes, research, transfers, wishes

__all__ = ["actions", "agenda", "cases", "flags", "minutes", "research", "transfers", "wishes"]
