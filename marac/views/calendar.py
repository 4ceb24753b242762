"""The calendar: how to get it, and the feed itself behind its secret address."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import reader_of
from core import clock
from marac import calendar
from marac.models import CalendarLink
from marac.permissions import can_attend, can_view_conferences
from marac.services.meetings import links


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Whether there is a link; by POST a new one, shown once, or none any more."""
    at, reader = clock.now(), reader_of(request)
    if not (can_attend(reader) or can_view_conferences(reader)):
        raise PermissionDenied("Your role does not come to conferences.")
    address = ""
    if request.method == "POST" and request.POST.get("end"):
        links.end_calendar_link(actor=reader, at=at)
        messages.success(request, "The link opens nothing any more.")
    elif request.method == "POST":
        secret = links.make_calendar_link(actor=reader, at=at)
        address = settings.PUBLIC_URL + reverse("marac:calendar_feed", args=[secret])
    link = CalendarLink.objects.filter(person=reader).first()
    response = render(request, "marac/meetings/calendar.html", {"link": link, "address": address})
    if address:
        response["Cache-Control"] = "no-store"
    return response


@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The feed, for a calendar that cannot sign in; nothing is said of an address that is none."""
    at = clock.now()
    person = links.whose_calendar(secret, at)
    if person is None:
        return HttpResponse("Not found.", status=404, content_type="text/plain; charset=utf-8")
    said = calendar.feed(calendar.meetings_of(person, at), at)
    response = HttpResponse(said, content_type=calendar.CONTENT_TYPE)
    response["Content-Disposition"] = 'inline; filename="conferences.ics"'
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Referrer-Policy"] = "no-referrer"
    return response
