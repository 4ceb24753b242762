"""Parts of the page of a person complained of: custody, bail, orders, plan."""

from core.panels import TAB, Parts
from victims.models import Person

__all__ = ["PARTS", "TAB", "register", "shown_to"]

PARTS: Parts[Person] = Parts()
register, shown_to = PARTS.register, PARTS.shown_to
