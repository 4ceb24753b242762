"""How the walk asks: as somebody signed in, one request at a time, whose writes are undone."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings

from accounts.middleware import LAST_SEEN
from accounts.models import User
from core import clock
from tests.personas import person


def signed_in(username: str) -> Client:
    client = Client(raise_request_exception=True)
    user = User.objects.filter(username=username).first() or person(username)
    client.force_login(user, backend="accounts.backends.RoleBackend")
    # Or each request, being undone, would be the session's first and write that it was.
    session = client.session
    session[LAST_SEEN] = clock.now().timestamp()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def ask(client: Client, method: str, address: str) -> Any:
    """The answer to a request whose writes are undone."""
    with transaction.atomic():
        options: dict[str, Any] = {}
        if address.startswith("/api/") and method != "get":
            options = {"data": "{}", "content_type": "application/json"}
        response = getattr(client, method)(address, **options)
        transaction.set_rollback(True)
    return response


def answer(client: Client, method: str, address: str) -> int:
    """The status of a request whose writes are undone."""
    return int(ask(client, method, address).status_code)


def words_of(response: Any) -> bytes:
    """Everything that was answered, as a page or as a file."""
    return b"".join(response) if response.streaming else bytes(response.content)


@contextmanager
def asking_plainly() -> Iterator[None]:
    """What a walk asks thousands of times and does not look at costs little.

    Sessions are kept in the cookie, refusals are a status without a page, and nothing is logged
    of them. That refusals are pages is a test of its own.
    """
    urls = import_module(settings.ROOT_URLCONF)
    in_cookies = "django.contrib.sessions.backends.signed_cookies"
    with pytest.MonkeyPatch.context() as patch, override_settings(SESSION_ENGINE=in_cookies):
        for status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            patch.setattr(urls, f"handler{status}", _only(status), raising=False)
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        yield


def _only(status: HTTPStatus) -> Any:
    def refuse(request: HttpRequest, exception: Exception) -> HttpResponse:
        return HttpResponse(status=status)

    return refuse
