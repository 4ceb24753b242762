"""Referring a victim's children to children's services."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import reader_of
from core import clock
from referrals import services
from referrals.forms.children import ReferChildrenForm
from referrals.models import ChildrenConcern, Sharing
from referrals.permissions import can_refer_children
from victims.models import Victim
from victims.views.common import note_reading, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: HttpRequest, victim: str) -> HttpResponse:
    """The form; refused, it shows again with all that was typed."""
    at, reader = clock.now(), reader_of(request)
    found = seen_by(reader, victim)
    if not can_refer_children(reader):
        raise PermissionDenied("Your role does not refer children.")
    form = ReferChildrenForm(request.POST or None, victim=found, reader=reader)
    if request.method != "POST":
        note_reading(reader, request.path, found, at)
    elif form.carries_out(services.refer_children, victim_id=found.pk, actor=reader, at=at):
        return _sent(request, form.result, form.cleaned_data["urgency"], found)
    return _shown(request, found, form, form.status)


def _sent(request: HttpRequest, sharing: Sharing, urgency: str, victim: Victim) -> HttpResponse:
    if urgency == ChildrenConcern.Urgency.NOW:
        words = f"{sharing.reference} is sent and the unit's managers are told. Telephone "
        messages.warning(request, f"{words}{sharing.agency} now: a message may not be read.")
    else:
        messages.success(request, f"Sent to {sharing.agency}: {sharing.reference}.")
    return redirect("victims:detail", reference=victim.reference)


def _shown(
    request: HttpRequest, victim: Victim, form: ReferChildrenForm, status: int
) -> HttpResponse:
    context = {"victim": victim, "form": form, "now": clock.now()}
    return render(request, "referrals/children/refer.html", context, status=status)
