"""Parts of the page of a case of the IDVA service, each written where its topic is."""

from core.panels import TAB, Parts
from referrals.models import IdvaCase

__all__ = ["PARTS", "TAB", "register", "shown_to"]

#: The templates read `panel`, `case`, `victim` and `now`.
PARTS: Parts[IdvaCase] = Parts()
register, shown_to = PARTS.register, PARTS.shown_to
