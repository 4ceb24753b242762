"""Messages of custody, prisons and courts come in; whatever they cause happens with them."""

from perpetrators.services.receiving.batch import Outcome, Status, receive
from perpetrators.services.receiving.matching import confirm, set_aside

__all__ = ["Outcome", "Status", "confirm", "receive", "set_aside"]
