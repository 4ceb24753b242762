"""Who is at the keyboard: nothing is shown to nobody, and an idle session ends."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from core import clock

Response = Callable[[HttpRequest], HttpResponse]

#: Open to everybody: signing in, static files, health, the API, which answers 401 by itself, and
#: links that victims were given (referrals.views.voice_link) and the feeds of calendars
#: (marac.views.calendar), which open by their secret alone.
OPEN_PREFIXES = ("/account/", "/static/", "/health/", "/api/", "/v/", "/marac/calendar/feed/")
LAST_SEEN = "last_seen"
#: Seconds between two writes of the session row, so that reading a page is not a write.
SEEN_STEP = 60
#: What a board says that refreshes itself while nobody touches it: that is no sign of a person.
ALONE = "alone"


class IdleTimeout:
    """End a session that made no request for `IDLE_TIMEOUT_SECONDS`; drafts stay on the server."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and LAST_SEEN in request.session:
            idle = clock.now().timestamp() - request.session[LAST_SEEN]
            if idle > settings.IDLE_TIMEOUT_SECONDS:
                logout(request)
            elif idle > SEEN_STEP and request.headers.get("X-Refresh") != ALONE:
                request.session[LAST_SEEN] = clock.now().timestamp()
        elif request.user.is_authenticated:
            request.session[LAST_SEEN] = clock.now().timestamp()
        return self.get_response(request)


class SignInRequired:
    """Every page but the open ones needs a session; background requests get 401, not a page."""

    def __init__(self, get_response: Response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or request.path.startswith(OPEN_PREFIXES):
            return self.get_response(request)
        sign_in = reverse(settings.LOGIN_URL)
        if request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse(
                {"detail": "Your session has ended. Sign in again.", "sign_in": sign_in}, status=401
            )
        target = f"{sign_in}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            response = HttpResponse(status=401)
            response["HX-Redirect"] = sign_in
            return response
        return redirect(target)
