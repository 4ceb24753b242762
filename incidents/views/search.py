"""The search box of every page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from core import clock
from incidents.pages.find import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    found = find(request.GET.get("q", ""), reader_of(request))
    if found.path:
        return redirect(found.path)
    return render(request, "incidents/search.html", {"found": found, "now": clock.now()})
