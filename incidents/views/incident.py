"""The page of one incident: the whole log, and what the control room and officers add to it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from incidents.forms.crimes import CrimeForm
from incidents.forms.dispatch import SendForm
from incidents.models import Incident
from incidents.pages.whole_log import whole_log
from incidents.permissions import may_record_crime, may_send_officers


def seen_by(request: HttpRequest, reference: str) -> Incident:
    """The incident of this reference, or 404 for whoever may not see it."""
    incidents = Incident.objects.visible_to(reader_of(request)).select_related("address", "area")
    return get_object_or_404(incidents, reference=reference)


def note_reading(request: HttpRequest, incident: Incident, at: datetime) -> None:
    """Every opening of an incident is kept: who, when, by which page."""
    audit.record_read(
        user=reader_of(request),
        at=at,
        path=request.path,
        subject=incident.reference,
        incident_id=incident.pk,
    )


def autosave_key(officer: User, incident: Incident) -> str:
    """Names the person and the record, so that a shared computer shows nobody another's words."""
    return f"first-response:{officer.pk}:{incident.reference}"


def copy_key(page: str, writer: User, incident: Incident) -> str:
    """The same for a form that has no draft on the server; `page` says which form of the record."""
    return f"{page}:{writer.pk}:{incident.reference}"


@require_safe
def detail(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    incident = seen_by(request, reference)
    note_reading(request, incident, at)
    return page(request, incident, at)


def page(
    request: HttpRequest,
    incident: Incident,
    at: datetime,
    *,
    send_form: SendForm | None = None,
    crime_form: CrimeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The incident with the forms that this person may use; a refused form keeps what was typed."""
    user = reader_of(request)
    if send_form is None and may_send_officers(user) and incident.state != Incident.State.CLOSED:
        send_form = SendForm(incident=incident, at=at)
    if crime_form is None and may_record_crime(user):
        crime_form = CrimeForm(incident=incident)
    context = {
        "log": whole_log(incident, user, at),
        "now": at,
        "incident": incident,
        "send_form": send_form,
        "crime_form": crime_form,
        "forms": [form for form in (send_form, crime_form) if form is not None],
        "clear_copy": autosave_key(user, incident) if "recorded" in request.GET else "",
    }
    return render(request, "incidents/detail.html", context, status=status)
