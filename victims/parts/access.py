"""On a victim's page: opened in an emergency, who sees it besides, from whom it is withheld."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from victims import panels, permissions
from victims.models import Victim, VictimAccess


def emergency(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """What stands above a record that the reader opened in an emergency; others ask nothing."""
    if not permissions.can_break_glass(user):
        return None
    row = VictimAccess.objects.filter(
        victim=victim,
        person=user,
        why=VictimAccess.Why.BREAK_GLASS,
        ended_at__isnull=True,
        until_at__gt=at,
    ).first()
    return {"use": row, "reference": row.called} if row else None


def withheld(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """For those who keep the register: from how many it is withheld. One query."""
    if not permissions.can_keep_withholdings(user):
        return None
    return {"count": victim.withholdings.filter(ended_at__isnull=True).count()}


def tab(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    if not permissions.can_see_access(user, victim):
        return None
    return {"label": "Access", "url": reverse("victims:access", args=[victim.reference])}


panels.register("banner", 5, "victims/access/banner.html", emergency)
panels.register("aside", 60, "victims/withholding/part.html", withheld)
panels.register("tab", 70, panels.TAB, tab)
