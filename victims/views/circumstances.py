"""What changed in a victim's life, and the form that records it."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import reader_of
from core import clock
from victims import permissions, services
from victims.forms import CircumstanceForm
from victims.models import Circumstance, Victim
from victims.views.common import note_reading, seen_by, tabs_of

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def circumstances(request: HttpRequest, reference: str) -> HttpResponse:
    """What changed, the newest first; and the form. What follows for the risk follows at once."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _page(request, victim, CircumstanceForm(), at)
    if not permissions.can_record_contact(user):
        raise PermissionDenied("Your role does not record what changed in a victim's life.")
    form = CircumstanceForm(request.POST)
    if form.carries_out(services.record_circumstance, victim_id=victim.pk, actor=user, at=at):
        messages.success(request, "It is on record, and the risk is looked at where it must.")
        return redirect("victims:circumstances", reference=reference)
    return _page(request, victim, form, at, form.status)


def _page(
    request: HttpRequest, victim: Victim, form: CircumstanceForm, at: datetime, status: int = 200
) -> HttpResponse:
    user = reader_of(request)
    rows = Circumstance.objects.filter(victim=victim).select_related("recorded_by")
    context = {
        "victim": victim,
        "now": at,
        "form": form,
        "page": Paginator(rows.order_by("-happened_at", "-pk"), PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "may_record": permissions.can_record_contact(user),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/circumstances/list.html", context, status=status)
