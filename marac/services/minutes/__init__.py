"""Minutes are approved, sent to each agency, corrected by a further version, and opened."""

from marac.services.minutes.approving import approve_minutes
from marac.services.minutes.opening import Copy, open_minutes
from marac.services.minutes.owing import owe_minutes
from marac.services.minutes.sending import send_minutes

__all__ = ["Copy", "approve_minutes", "open_minutes", "owe_minutes", "send_minutes"]
