"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class SafeContactChanged:
    """A victim's safe contact is recorded."""

    victim_id: int
    actor: User
    at: datetime
