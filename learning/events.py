"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class NoticePublished:
    """A notice is put to staff."""

    notice_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class NoticeWithdrawn:
    """A notice is taken back."""

    notice_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class NoticePassed:
    """Somebody shows that they understood a notice."""

    notice_id: int
    user: User
    at: datetime
