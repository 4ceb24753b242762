from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from config.navigation import home_of


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Everybody begins at what is waiting for them."""
    assert request.user.is_authenticated
    return redirect(home_of(request.user))
