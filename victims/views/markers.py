"""Setting and ending markers from a victim's page."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from victims import permissions, services
from victims.forms import EndMarkerForm, MarkerForm
from victims.models import Address, Marker, Victim
from victims.views.common import note_reading, seen_by


def _opened(request: HttpRequest, reference: str, at: datetime) -> tuple[User, Victim]:
    """The reader and the victim, for those who set markers; that they looked is kept."""
    user = reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_set_marker(user):
        raise PermissionDenied("Your role does not set markers.")
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
    return user, victim


def _homes(victim: Victim) -> list[Address]:
    homes = Address.objects.filter(
        residences__person=victim.person_id, residences__until_at__isnull=True
    )
    return list(homes.order_by("pk"))


@require_http_methods(["GET", "HEAD", "POST"])
def set_marker(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    user, victim = _opened(request, reference, at)
    form = MarkerForm(request.POST or None, person=victim.person, homes=_homes(victim))
    given = {"victim": victim, "actor": user, "at": at}
    if request.method == "POST" and form.carries_out(services.set_marker, **given):
        messages.success(request, "The marker is set.")
        return redirect("victims:detail", reference=reference)
    context = {"victim": victim, "form": form}
    return render(request, "victims/marker.html", context, status=form.status)


@require_http_methods(["GET", "HEAD", "POST"])
def end_marker(request: HttpRequest, reference: str, marker_id: int) -> HttpResponse:
    at = clock.now()
    user, victim = _opened(request, reference, at)
    theirs = Marker.objects.concerning(
        address_ids=[home.pk for home in _homes(victim)], person_ids=[victim.person_id]
    )
    marker = get_object_or_404(theirs, pk=marker_id)
    form = EndMarkerForm(request.POST or None)
    given = {"marker_id": marker.pk, "victim": victim, "actor": user, "at": at}
    if request.method == "POST" and form.carries_out(services.end_marker, **given):
        messages.success(request, "The marker has ended.")
        return redirect("victims:detail", reference=reference)
    context = {"victim": victim, "form": form, "marker": marker}
    return render(request, "victims/end_marker.html", context, status=form.status)
