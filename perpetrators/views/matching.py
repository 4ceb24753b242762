"""Messages about people whom nobody knows: who waits, whom it may be, and each decision."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from perpetrators.forms.matching import DecisionForm
from perpetrators.models import CustodyEvent
from perpetrators.pages import matching as pages
from perpetrators.permissions import can_match_custody


def _matcher(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_match_custody(reader):
        raise PermissionDenied("Only custody officers, investigators and the unit match messages.")
    return reader


def _event(reader: User, reference: str) -> CustodyEvent:
    rows = CustodyEvent.objects.visible_to(reader).called(reference)
    return get_object_or_404(rows.select_related("person", "episode", "matched_by"))


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Unknown people, who waited longest first, and what was decided lately."""
    reader, at = _matcher(request), clock.now()
    context = {
        "page": pages.waiting(reader, request.GET.get("page")),
        "decided": pages.decided(reader),
        "now": at,
    }
    return render(request, "perpetrators/matching/list.html", context)


@require_safe
def match(request: HttpRequest, reference: str) -> HttpResponse:
    """One unknown person with whom it may be; that somebody looked is kept."""
    reader, at = _matcher(request), clock.now()
    event = _event(reader, reference)
    audit.record_read(user=reader, at=at, path=request.path, subject=event.reference)
    return _shown(request, event, at)


@require_POST
def decide(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """One decision; refused, the page shows again with what was typed."""
    reader, at = _matcher(request), clock.now()
    event, step = _event(reader, reference), pages.STEPS[name]
    form = step.form(request.POST)
    if form.carries_out(step.act, event_id=event.pk, actor=reader, at=at):
        messages.success(request, step.done)
        return redirect("perpetrators:match", reference=reference)
    event.refresh_from_db()
    return _shown(request, event, at, bound={name: form}, status=form.status)


def _shown(
    request: HttpRequest,
    event: CustodyEvent,
    at: datetime,
    *,
    bound: dict[str, DecisionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    forms = pages.open_forms(event, bound or {})
    is_waiting = event.state == CustodyEvent.State.UNMATCHED
    context = {
        "event": event,
        "waiting": pages.of_event(event, reader_of(request)),
        "possible": pages.possible(event, at) if is_waiting else [],
        "steps": forms,
        "forms": list((bound or {}).values()),
        "now": at,
    }
    return render(request, "perpetrators/matching/match.html", context, status=status)
