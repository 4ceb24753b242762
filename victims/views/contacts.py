"""The log of contacts with a victim, and the form that adds to it."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from victims import permissions, safe_way, services
from victims.contact_log import log_of
from victims.forms import ContactForm
from victims.models import Contact, SafeContact, Victim
from victims.services.once import SentAlready
from victims.to_be_told import owed_to
from victims.views.common import note_reading, seen_by, tabs_of

PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request: HttpRequest, reference: str) -> HttpResponse:
    """Every attempt, the newest first; above it how to reach them, and the form."""
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    owed = list(owed_to(victim))
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        return _page(request, victim, ContactForm.blank(_current(victim), owed, user), at)
    if not permissions.can_record_contact(user):
        raise PermissionDenied("Your role does not log contacts with victims.")
    form, error = ContactForm(request.POST, owed=owed, writer=user), None
    if form.is_valid():
        try:
            row = _log(form, victim, user, at)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _done(row))
            return redirect("victims:contacts", reference=reference)
    return _refused(request, victim, form, error, at)


def _log(form: ContactForm, victim: Victim, user: User, at: datetime) -> Contact:
    said = form.cleaned_data
    return services.log_contact(
        victim_id=victim.pk,
        way=said["way"],
        outcome=said["outcome"],
        words=said["words"],
        kept_among=said["kept_among"],
        contacted_at=said["contacted_at"],
        updates=form.about(),
        seen=said["seen"],
        other_way_reason=said["other_way_reason"],
        key=said["key"],
        actor=user,
        at=at,
    )


def _done(row: Contact) -> str:
    told = row.updates.filter(state="told").count() if row.outcome == "reached" else 0
    words = f"Logged: {row.get_way_display().lower()}, {row.get_outcome_display().lower()}."
    return f"{words} Told: {told}." if told else words


def _refused(
    request: HttpRequest,
    victim: Victim,
    form: ContactForm,
    error: DomainError | None,
    at: datetime,
) -> HttpResponse:
    """The page again with what was typed; a safe contact changed meanwhile stands above it."""
    form.show(list(owed_to(victim)))
    if isinstance(error, Stale):
        form.know(_current(victim))
        return _page(request, victim, form, at, stale=error, status=error.status)
    if isinstance(error, SentAlready):
        form.renew()
    if error is not None:
        form.refuse(error)
    return _page(request, victim, form, at, status=error.status if error else 400)


def _current(victim: Victim) -> SafeContact | None:
    found = SafeContact.objects.select_related("checked_by")
    return found.filter(victim=victim, is_current=True).first()


def _page(
    request: HttpRequest, victim: Victim, form: ContactForm, at: datetime, **more: Any
) -> HttpResponse:
    user, status = reader_of(request), more.pop("status", 200)
    context = {
        "victim": victim,
        "now": at,
        "form": form,
        "rules": safe_way.rules_of(_current(victim), at),
        "page": Paginator(log_of(victim, user), PER_PAGE).get_page(request.GET.get("page")),
        "may_log": permissions.can_record_contact(user),
        **tabs_of(request, user, victim, at),
        **more,
    }
    return render(request, "victims/contacts/list.html", context, status=status)
