"""An assessment is begun by hand, from the page of an incident."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.models import Incident
from risk import services
from risk.permissions import can_open
from victims.models import Victim


@require_POST
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin it for the victim and with the questions named, or open the one that there is."""
    reader = reader_of(request)
    incident = get_object_or_404(Incident.objects.visible_to(reader), reference=reference)
    if not can_open(reader):
        raise PermissionDenied("Only officers who assess risk may begin an assessment.")
    seen = Victim.objects.visible_to(reader)
    victim = seen.filter(reference=request.POST.get("victim", "")).first()
    if victim is None:
        messages.error(request, "Choose a victim of this incident.")
        return redirect("incidents:detail", reference=reference)
    try:
        begun = services.open_assessment(
            incident_id=incident.pk,
            victim_id=victim.pk,
            instrument=request.POST.get("instrument", "")[:30],
            actor=reader,
            at=clock.now(),
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("incidents:detail", reference=reference)
    return redirect("risk:assess", reference=begun.reference)
