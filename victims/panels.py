"""Parts that this app and higher ones add to the page of a victim."""

from core.panels import TAB, Parts, Shown
from victims.models import Victim

__all__ = ["DUE_ORDER", "PARTS", "TAB", "TIMELINE_ORDER", "Shown", "register", "shown_to"]

#: Where this app's own cards stand, so that others can be put between them.
DUE_ORDER = 10
TIMELINE_ORDER = 50

PARTS: Parts[Victim] = Parts()
register, shown_to = PARTS.register, PARTS.shown_to
