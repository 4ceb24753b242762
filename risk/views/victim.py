"""All assessments of one victim, and how the grade came to be."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from core import clock
from risk import overview
from risk.models import Assessment
from victims import panels
from victims.permissions import can_see_who_looked
from victims.views.common import note_reading, seen_by

ON_A_PAGE = 25


@require_safe
def of_victim(request: HttpRequest, reference: str) -> HttpResponse:
    at, reader = clock.now(), reader_of(request)
    victim = seen_by(reader, reference)
    note_reading(reader, request.path, victim, at)
    rows = Assessment.objects.filter(victim=victim).with_scoring()
    rows = rows.select_related("officer", "incident")
    shown = Paginator(rows.order_by("-started_at", "-pk"), ON_A_PAGE)
    tabs = panels.shown_to(reader, victim, at, slots=["tab"])
    for tab in tabs["tab"]:
        tab.context["current"] = tab.context.get("url") == request.path
    context = overview.of_victim(victim, reader, at) | {
        "victim": victim,
        "page": shown.get_page(request.GET.get("page")),
        "now": at,
        "panels": tabs,
        "may_see_who_looked": can_see_who_looked(reader),
    }
    return render(request, "risk/of_victim.html", context)
