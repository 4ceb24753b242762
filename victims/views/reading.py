"""Looking at a victim: at a glance, everything in order of time, and who looked."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from audit.models import RecordRead
from core import clock
from victims import panels, permissions
from victims import timeline as timelines
from victims.at_a_glance import glance
from victims.responsible import answering
from victims.views.common import note_reading, seen_by

LATEST = 8
PER_PAGE = 50


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    events = timelines.events_of(victim, user)
    shown = panels.shown_to(user, victim, at)
    context = {
        "victim": victim,
        "now": at,
        "glance": glance(victim, at),
        "responsible": answering(victim, user, at),
        "may_close_case": permissions.can_close_case(user),
        "panels": shown,
        "entries": [
            timelines.entry(event, of=victim)
            for event in events.exclude(verb__in=timelines.QUIET)[:LATEST]
        ],
        "entry_count": events.count(),
        "may_record_safe_contact": permissions.can_record_safe_contact(user),
        "may_set_marker": permissions.can_set_marker(user),
        "may_see_who_looked": permissions.can_see_who_looked(user),
    }
    return render(request, "victims/detail.html", context)


@require_safe
def timeline(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    page = Paginator(timelines.events_of(victim, user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "victim": victim,
        "now": at,
        "page": page,
        "entries": [timelines.entry(event, of=victim) for event in page],
        "panels": panels.shown_to(user, victim, at, slots=["tab"]),
        "may_see_who_looked": permissions.can_see_who_looked(user),
    }
    return render(request, "victims/timeline.html", context)


@require_safe
def who_looked(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_see_who_looked(user):
        raise PermissionDenied("Only those who audit see who looked.")
    note_reading(user, request.path, victim, at)
    reads = RecordRead.objects.visible_to(user).filter(victim_id=victim.pk).order_by("-at", "-pk")
    context = {
        "victim": victim,
        "now": at,
        "may_see_who_looked": True,
        "panels": panels.shown_to(user, victim, at, slots=["tab"]),
        "page": Paginator(reads, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "victims/who_looked.html", context)
