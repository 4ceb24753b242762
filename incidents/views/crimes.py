"""Crimes of an incident, what became of them, and repeated incidents without one."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.crimes import CrimeForm
from incidents.permissions import may_record_crime
from incidents.services import response as services
from incidents.views.incident import page, seen_by


@require_POST
def crime(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    incident, actor = seen_by(request, reference), reader_of(request)
    if not may_record_crime(actor):
        raise PermissionDenied("Only who was there, or the control room, records a crime.")
    form = CrimeForm(request.POST, incident=incident)
    if form.is_valid():
        try:
            recorded = services.record_crime(
                incident_id=incident.pk, actor=actor, at=at, **form.details()
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Crime {recorded.number} is recorded.")
            return redirect("incidents:detail", reference=reference)
    return page(request, incident, at, crime_form=form, status=400)
