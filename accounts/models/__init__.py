"""Who works here and with us, and what must never reach whom."""

from accounts.models.people import Absence, Agency, Area, Team, User
from accounts.models.withholding import Withholding

__all__ = ["Absence", "Agency", "Area", "Team", "User", "Withholding"]
