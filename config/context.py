"""What every page shows: navigation, the bell, and whether the deadlines are being watched."""

from typing import Any

from django.http import HttpRequest

from config.navigation import navigation


def every_page(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"navigation": navigation(user, request.path), "role_label": ", ".join(sorted(user.role_names))}
