"""What every page shows: navigation, the bell, and whether the deadlines are being watched."""

from typing import Any

from django.http import HttpRequest

from config.navigation import navigation
from core import clock
from deadlines.bell import ring


def every_page(request: HttpRequest) -> dict[str, Any]:
    """Nothing for somebody who is not signed in: their pages say nothing of the service's state."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    bell = ring(user, clock.now())
    return {
        "navigation": navigation(user, request.path),
        "role_label": ", ".join(sorted(user.role_names)),
        "waiting_count": bell.unseen,
        "sweep_is_late": bell.watched.is_late,
        "sweep_last_finished": bell.watched.last_finished,
    }
