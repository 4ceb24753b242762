"""The pages of a victim."""

from victims.views.markers import end_marker, set_marker
from victims.views.reading import detail, timeline, who_looked
from victims.views.safe_contact import safe_contact

__all__ = ["detail", "end_marker", "safe_contact", "set_marker", "timeline", "who_looked"]
