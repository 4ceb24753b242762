from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from config.navigation import home_of


def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins at what is waiting for them."""
    assert request.user.is_authenticated
    return redirect(home_of(request.user))
