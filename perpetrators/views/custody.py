"""In and out: the custody officer's home."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from core import clock
from perpetrators.pages import in_and_out
from perpetrators.permissions import can_record_custody, can_view_custody


@require_safe
def custody(request: HttpRequest) -> HttpResponse:
    """Alarms, releases and who must be told first, who is held, who is on bail."""
    at, reader = clock.now(), reader_of(request)
    if not can_view_custody(reader):
        raise PermissionDenied("Custody is for roles that police.")
    show = in_and_out.show_of(request.GET.get("show", ""))
    context = {
        "board": in_and_out.board(reader, show=show, page=request.GET.get("page"), at=at),
        "lists": [(one.value, words) for one, words in in_and_out.LABELS.items()],
        "may_record": can_record_custody(reader),
        "now": at,
    }
    return render(request, "perpetrators/custody/in_and_out.html", context)
