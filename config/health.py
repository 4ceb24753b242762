"""Whether the service can do its work: the database, the wake-up calls, and the watched clocks.

Open to load balancers and monitors without signing in, so it says nothing about anybody.
django-health-check runs its checks in threads with connections of their own; one plain view on the
request's own connection is less, and answers when the pool of threads would not.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from core import clock
from deadlines import heartbeat
from deadlines.models import Deadline
from referrals.models import Outgoing
from victims import unanswered

#: Seconds that Redis may take to answer before it counts as down.
PATIENCE = 2

Answer = tuple[bool, dict[str, Any]]


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Every part with what is wrong with it; 503 when any part fails.

    This is for whoever watches the service. What decides whether a web process gets requests must
    ask `/health/live/`: pages work, and say so, while nobody sweeps.
    """
    at = clock.now()
    parts: dict[str, Any] = {}
    healthy = True
    for name, check in CHECKS.items():
        good, detail = check(at)
        healthy = healthy and good
        parts[name] = {"status": "ok" if good else "failing", **detail}
    return JsonResponse(
        {"status": "ok" if healthy else "failing", **parts}, status=200 if healthy else 503
    )


def _database(at: datetime) -> Answer:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False, {}
    return True, {}


def _redis(at: datetime) -> Answer:
    try:
        with current_app.connection_for_read(connect_timeout=PATIENCE) as broker:
            broker.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (OperationalError, OSError):
        return False, {}
    return True, {}


def _sweep(at: datetime) -> Answer:
    try:
        late, finished = heartbeat.state(at)
    except DatabaseError:
        return False, {}
    age = None if finished is None else int((at - finished).total_seconds())
    return not late, {"last_finished": finished, "seconds_ago": age}


def _set_aside(at: datetime) -> Answer:
    try:
        count = Deadline.objects.open().filter(set_aside_at__isnull=False).count()
    except DatabaseError:
        return False, {}
    return count == 0, {"deadlines": count}


def _responsibility(at: datetime) -> Answer:
    """Failing where nobody at all is named; what only must be passed on is a note."""
    try:
        found = unanswered.tally(at)
    except DatabaseError:
        return False, {}
    return found.with_nobody == 0, {
        "to_pass_on": found.to_pass_on,
        "with_nobody": found.with_nobody,
    }


def _undelivered(at: datetime) -> Answer:
    """A note, not a failure: people decide on messages to agencies that were given up."""
    try:
        return True, {"given_up": Outgoing.objects.dead().count()}
    except DatabaseError:
        return False, {}


CHECKS: dict[str, Callable[[datetime], Answer]] = {
    "database": _database,
    "redis": _redis,
    "sweep": _sweep,
    "set_aside": _set_aside,
    "responsibility": _responsibility,
    "undelivered": _undelivered,
}

urlpatterns: list[URLPattern] = [
    path("health/", health, name="health"),
    path("health/live/", live, name="health-live"),
]
