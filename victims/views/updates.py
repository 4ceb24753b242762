"""What victims must be told by when: of one victim, and the list of whoever has it."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from deadlines.shown import BoundedPaginator
from victims import permissions, safe_way, services, to_be_told
from victims.forms import NotReachedForm, WhoseForm
from victims.models import SafeContact, Victim, VictimUpdate
from victims.views.common import note_reading, seen_by, tabs_of

ON_A_PAGE = 25


@require_safe
def to_tell(request: HttpRequest) -> HttpResponse:
    """The list "To be told": mine, my team's, or all that this person sees; by time left."""
    at, user = clock.now(), reader_of(request)
    if not permissions.can_see_what_is_owed(user):
        raise PermissionDenied("This page is for those who keep in touch with victims.")
    whose = WhoseForm(request.GET).chosen("mine")
    rows = to_be_told.owed_by(user, at, whose=whose)
    page = BoundedPaginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "now": at,
        "whose": whose,
        "page": page,
        "lines": to_be_told.with_attempts(page.object_list, at),
    }
    return render(request, "victims/updates/to_tell.html", context)


@require_safe
def updates(request: HttpRequest, reference: str) -> HttpResponse:
    """What one victim must be told by when, with attempts; and what became of the rest."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    note_reading(user, request.path, victim, at)
    context = {
        "victim": victim,
        "now": at,
        "told": to_be_told.of_victim(victim, at),
        "rules": _rules(victim, at),
        "may_log": permissions.can_record_contact(user),
        **tabs_of(request, user, victim, at),
    }
    return render(request, "victims/updates/of_victim.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def not_reached(request: HttpRequest, reference: str, update_id: int) -> HttpResponse:
    """End one of them as not reached, and say what then."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_record_contact(user):
        raise PermissionDenied("Your role does not settle what victims are told.")
    row = get_object_or_404(VictimUpdate.objects.filter(victim=victim), pk=update_id)
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        form = NotReachedForm(initial={"version": row.version})
        return _not_reached_page(request, victim, row, form, at)
    form = NotReachedForm(request.POST)
    if form.is_valid():
        try:
            services.not_reached(update_id=row.pk, **form.cleaned_data, actor=user, at=at)
        except DomainError as error:
            if isinstance(error, Stale):
                form.data = {**request.POST.dict(), "version": str(error.version)}
            form.refuse(error)
            row.refresh_from_db()
            return _not_reached_page(request, victim, row, form, at, error.status)
        messages.success(request, "Ended as not reached; your words are on record.")
        return redirect("victims:updates", reference=reference)
    return _not_reached_page(request, victim, row, form, at, 400)


def _not_reached_page(
    request: HttpRequest,
    victim: Victim,
    row: VictimUpdate,
    form: NotReachedForm,
    at: datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "victim": victim,
        "now": at,
        "form": form,
        "item": to_be_told.one_of(row, at),
        "rules": _rules(victim, at),
    }
    return render(request, "victims/updates/not_reached.html", context, status=status)


def _rules(victim: Victim, at: datetime) -> safe_way.Rules:
    current = SafeContact.objects.select_related("checked_by")
    return safe_way.rules_of(current.filter(victim=victim, is_current=True).first(), at)
