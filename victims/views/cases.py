"""Closing a victim's case and opening it again."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from victims import permissions, services
from victims.at_a_glance import due_for
from victims.forms.cases import CaseForm
from victims.models import Victim
from victims.views.common import note_reading, seen_by

DONE = {"close": "The case is closed.", "open": "The case is open again."}


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, reference: str) -> HttpResponse:
    """Close it, or open it again: whichever the page showed is what is done."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_close_case(user):
        raise PermissionDenied("Your role does not close cases.")
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        wanted = "close" if victim.closed_at is None else "open"
        return _page(request, victim, CaseForm(initial={"do": wanted}), at)
    form = CaseForm(request.POST)
    if form.is_valid():
        do = services.close_case if form.cleaned_data["do"] == "close" else services.open_again
        try:
            do(victim_id=victim.pk, reason=form.cleaned_data["reason"], actor=user, at=at)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, DONE[form.cleaned_data["do"]])
            return redirect("victims:detail", reference=reference)
    return _page(request, victim, form, at, status=400)


def _page(
    request: HttpRequest, victim: Victim, form: CaseForm, at: datetime, status: int = 200
) -> HttpResponse:
    context = {"victim": victim, "form": form, "now": at, "due": due_for(victim)}
    return render(request, "victims/duties/case.html", context, status=status)
