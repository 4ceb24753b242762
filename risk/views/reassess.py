"""A reassessment that is owed: for now where it leads is the victim's risk page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.requests import reader_of
from risk.models import Reassessment
from risk.views.victim import of_victim


@require_safe
def reassess(request: HttpRequest, reference: str) -> HttpResponse:
    """The victim's risk, for whoever may see the victim."""
    rows = Reassessment.objects.visible_to(reader_of(request)).select_related("victim")
    return of_victim(request, get_object_or_404(rows, reference=reference).victim.reference)
