"""Messages of custody, prisons and courts come in; whatever they cause happens with them."""

from perpetrators.services.receiving.batch import MOST_AT_ONCE, Outcome, Status, receive
from perpetrators.services.receiving.candidates import candidates
from perpetrators.services.receiving.matching import confirm, set_aside, take_up
from perpetrators.services.receiving.taking_back import take_back

__all__ = [
    "MOST_AT_ONCE",
    "Outcome",
    "Status",
    "candidates",
    "confirm",
    "receive",
    "set_aside",
    "take_back",
    "take_up",
]
