"""What every page shows: navigation, the bell, and whether the deadlines are being watched."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.http import HttpRequest

from config.navigation import navigation
from core import clock
from deadlines.bell import ring


def every_page(request: HttpRequest) -> dict[str, Callable[[], Any]]:
    """Nothing for somebody who is not signed in: their pages say nothing of the service's state.

    Each value is asked for by the template that shows it and not before, so that a fragment
    without the page around it costs none of the questions.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    bell = cache(lambda: ring(user, clock.now()))
    return {
        "navigation": cache(lambda: navigation(user, request.path)),
        "role_label": lambda: ", ".join(sorted(user.role_names)),
        "waiting_count": lambda: bell().unseen,
        "sweep_is_late": lambda: bell().watched.is_late,
        "sweep_last_finished": lambda: bell().watched.last_finished,
    }
