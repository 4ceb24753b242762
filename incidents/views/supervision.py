"""A supervisor's check of one incident, and the list of what nobody checked."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from incidents.beside import beside
from incidents.forms.supervision import CheckForm
from incidents.models import Incident
from incidents.pages import supervision_export
from incidents.pages.supervision import AGES, Filters, checks_of, of_filters, rows_of
from incidents.pages.supervision import unsupervised as unsupervised_page
from incidents.permissions import may_see_supervision, may_supervise
from incidents.services import supervision as services
from incidents.views.incident import copy_key, note_reading, seen_by


def _reader(request: HttpRequest) -> User:
    """Who asks, if supervision is theirs to see; 403 otherwise."""
    reader = reader_of(request)
    if not may_see_supervision(reader):
        raise PermissionDenied("Supervision is for supervisors and the ranks above them.")
    return reader


@require_safe
def unsupervised(request: HttpRequest) -> HttpResponse:
    """What nobody checked: the reader's own area first."""
    at, reader = clock.now(), _reader(request)
    found = unsupervised_page(reader, request.GET.dict(), at)
    context = {"found": found, "ages": AGES, "now": at}
    return render(request, "incidents/supervision/list.html", context)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The filtered list as CSV, and on record who took it."""
    at, reader = clock.now(), _reader(request)
    filters = Filters.of(request.GET.dict(), reader)
    rows = rows_of(list(of_filters(reader, filters, at)))
    audit.record(
        actor=reader,
        at=at,
        verb="supervision.exported",
        subject="supervision",
        is_grave=True,
        headline=f"List of incidents not supervised exported: {len(rows)} rows",
        detail={
            "filters": filters.query(),
            "references": [row.incident.reference for row in rows],
        },
    )
    lines = supervision_export.lines(rows, at)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="unsupervised-{at:%Y%m%d-%H%M}.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def supervise(request: HttpRequest, reference: str) -> HttpResponse:
    """One incident with what was done, and the checks; a supervisor adds one."""
    at, incident = clock.now(), seen_by(request, reference)
    reader = _reader(request)
    if request.method != "POST":
        note_reading(request, incident, at)
        return _page(request, incident, at)
    if not may_supervise(reader):
        raise PermissionDenied("Only a supervisor checks an incident.")
    form = CheckForm(request.POST, incident=incident)
    if form.carries_out(services.check_incident, incident_id=incident.pk, actor=reader, at=at):
        key = copy_key("check", reader, incident)
        messages.success(request, f"{reference} is checked.", extra_tags=key)
        return redirect("incidents:supervision")
    return _page(request, incident, at, form=form, status=form.status)


def _page(
    request: HttpRequest,
    incident: Incident,
    at: datetime,
    *,
    form: CheckForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reader, checks = reader_of(request), checks_of(incident)
    is_own = may_supervise(reader) and services.was_there(incident, reader)
    may_check = may_supervise(reader) and not is_own and incident.state in services.MAY_BE_CHECKED
    if form is None and may_check:
        newest = checks[0].check.pk if checks else 0
        form = CheckForm(incident=incident, initial={"seen": newest})
    context = {
        "incident": incident,
        "beside": beside(incident, reader, at),
        "checks": checks,
        "form": form,
        "is_own": is_own,
        "autosave_key": copy_key("check", reader, incident),
        "now": at,
    }
    return render(request, "incidents/supervision/check.html", context, status=status)
