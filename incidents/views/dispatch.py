"""Who is on duty, and who is sent."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.dispatch import SendForm
from incidents.permissions import may_send_officers
from incidents.services import response as services
from incidents.views.incident import page, seen_by


@require_POST
def send(request: HttpRequest, reference: str) -> HttpResponse:
    at = clock.now()
    incident, actor = seen_by(request, reference), reader_of(request)
    if not may_send_officers(actor):
        raise PermissionDenied("Only the control room sends officers.")
    form = SendForm(request.POST, incident=incident, at=at)
    if form.is_valid():
        try:
            sent = services.send_officers(
                incident_id=incident.pk,
                officers=form.chosen(),
                actor=actor,
                at=at,
                fewer_reason=form.cleaned_data["fewer_reason"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"Sent: {', '.join(str(row.officer) for row in sent)}.")
            return redirect("incidents:detail", reference=reference)
    return page(request, incident, at, send_form=form, status=400)
