"""Grading an incident again, after it was logged."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import reader_of
from core import clock
from incidents.forms.regrading import RegradeForm
from incidents.models import Incident
from incidents.permissions import may_log_calls
from incidents.services.regrading import regrade as regrade_incident
from incidents.services.regrading import suggestion_for
from incidents.versions import side_by_side
from incidents.views.incident import copy_key, note_reading, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
def regrade(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what would be suggested now, and take the grade that is chosen."""
    at, handler = clock.now(), reader_of(request)
    incident = seen_by(request, reference)
    if not may_log_calls(handler):
        raise PermissionDenied("Only the control room grades incidents.")
    if request.method != "POST":
        note_reading(request, incident, at)
        form = RegradeForm.begun(incident, dropped="dropped" in request.GET)
        return _page(request, incident, form, at)
    form = RegradeForm(request.POST)
    if form.carries_out(regrade_incident, incident_id=incident.pk, actor=handler, at=at):
        key = copy_key("regrade", handler, incident)
        messages.success(request, f"{reference} is graded again.", extra_tags=key)
        return redirect("incidents:detail", reference=reference)
    return _page(request, incident, form, at)


def _page(
    request: HttpRequest,
    incident: Incident,
    form: RegradeForm,
    at: datetime,
) -> HttpResponse:
    # What would be suggested if the call dropped as the form says; nothing is saved.
    incident.refresh_from_db()
    recorded = incident.call_dropped
    incident.call_dropped = form.says_dropped
    suggestion = suggestion_for(incident, at=at, reader=reader_of(request))
    incident.call_dropped = recorded
    context = {
        "incident": incident,
        "form": form,
        "suggestion": suggestion,
        "now": at,
        "stale": form.stale,
        "versions": side_by_side(form.stale) if form.stale else [],
        "autosave_key": copy_key("regrade", reader_of(request), incident),
    }
    return render(request, "incidents/regrade.html", context, status=form.status)
