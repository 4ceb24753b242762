"""Recording, and checking again, how a victim can be reached."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from victims import permissions, services
from victims.forms import SafeContactForm
from victims.models import SafeContact, Victim
from victims.views.common import note_reading, seen_by


@require_http_methods(["GET", "HEAD", "POST"])
def safe_contact(request: HttpRequest, reference: str) -> HttpResponse:
    at, user = clock.now(), reader_of(request)
    victim = seen_by(user, reference)
    if not permissions.can_record_safe_contact(user):
        raise PermissionDenied("Your role does not record how victims are reached.")
    if request.method != "POST":
        note_reading(user, request.path, victim, at)
        current = SafeContact.objects.filter(victim=victim, is_current=True).first()
        return _page(request, victim, SafeContactForm.starting_from(current))
    form, stale = SafeContactForm(request.POST), None
    if form.is_valid():
        try:
            services.record_safe_contact(victim_id=victim.pk, **form.details(), actor=user, at=at)
        except Stale as error:
            form.know(error.version)
            stale = _in_words(error)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "The safe contact is recorded.")
            return redirect("victims:detail", reference=reference)
    return _page(request, victim, form, stale, status=409 if stale else 400)


def _in_words(stale: Stale) -> Stale:
    """The same refusal with both versions as the page words them, not as they are stored."""
    return Stale(
        stale.message,
        theirs=_words_of(stale.theirs),
        yours=_words_of(stale.yours),
        version=stale.version,
    )


def _words_of(said: dict[str, Any]) -> dict[str, Any]:
    if not said:
        return {}
    row = SafeContact(**said)
    return {
        "safe_way": row.get_method_display(),
        "number": row.number_shown,
        "when": row.hours,
        "code_word": row.code_word,
        "notes": row.notes,
        "message": "may be left" if row.may_leave_voicemail else "never",
    }


def _page(
    request: HttpRequest,
    victim: Victim,
    form: SafeContactForm,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"victim": victim, "form": form, "stale": stale}
    return render(request, "victims/safe_contact.html", context, status=status)
