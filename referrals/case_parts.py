"""Parts of the page of a case of the IDVA service, each written where its topic is."""

from core.panels import TAB, Parts
from referrals.models import IdvaCase

__all__ = [
    "CONTACTS_ORDER",
    "DUE_ORDER",
    "PARTS",
    "REFERRAL_ORDER",
    "TAB",
    "register",
    "shown_to",
]

#: Where the page's own cards stand, so that others can be put between them.
DUE_ORDER = 10
CONTACTS_ORDER = 30
REFERRAL_ORDER = 50

PARTS: Parts[IdvaCase] = Parts()
register, shown_to = PARTS.register, PARTS.shown_to
