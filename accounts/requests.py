"""Who asks."""

from django.http import HttpRequest

from accounts.models import User


def reader_of(request: HttpRequest) -> User:
    """Whoever is signed in; the middleware lets nobody else come to a page."""
    assert isinstance(request.user, User)
    return request.user
