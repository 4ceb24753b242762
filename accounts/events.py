"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class PlaceChanged:
    """Somebody is of another team, has other roles, or has left or come back."""

    person: User
    actor: User
    at: datetime
