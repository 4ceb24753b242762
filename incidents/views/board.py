"""The board of incidents."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from core import clock
from incidents.models import ResponseGrade
from incidents.pages.board import STATES, board
from incidents.permissions import may_log_calls, may_see_list


@require_safe
def incident_list(request: HttpRequest) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    if not may_see_list(reader):
        raise PermissionDenied("The list of incidents is for the police.")
    context = {
        "board": board(reader, request.GET.dict(), at),
        "states": STATES,
        "grades": ResponseGrade.choices,
        "may_log": may_log_calls(reader),
        "now": at,
    }
    # A board that refreshes itself asks for its rows alone.
    name = "_board" if request.headers.get("HX-Request") else "list"
    return render(request, f"incidents/{name}.html", context)
