"""A form on the page of a meeting: done, or shown again with what was typed."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.errors import DomainError, Stale
from core.forms import RefusableForm
from marac.views.live.page import shown
from marac.views.live.rooms import Room


def acted(
    request: HttpRequest,
    room: Room,
    case: str,
    name: str,
    form: RefusableForm,
    save: Callable[[], str],
    *,
    then: str | None = None,
) -> HttpResponse:
    """Do what a form says and go back to the page, or show the page with what is wrong.

    A page that sends by itself is answered in JSON, with the words of a refusal.
    """
    if not form.is_valid():
        return _not_done(request, room, case, name, form, 400)
    try:
        words = save()
    except DomainError as error:
        refused(form, error)
        return _not_done(request, room, case, name, form, error.status)
    except PermissionDenied as error:
        if not _wants_json(request):
            raise
        return JsonResponse({"detail": str(error)}, status=403)
    if _wants_json(request):
        return JsonResponse({"detail": words}, status=201)
    messages.success(request, words)
    return redirect(_back(room, case if then is None else then))


def _not_done(
    request: HttpRequest, room: Room, case: str, name: str, form: RefusableForm, status: int
) -> HttpResponse:
    if _wants_json(request):
        wrong = [str(words) for field in form.errors.values() for words in field]
        return JsonResponse({"detail": " ".join(wrong)}, status=status)
    return shown(request, room, case=case, status=status, **{name: form})


def _back(room: Room, case: str) -> str:
    reference = room.meeting.reference
    if case:
        return reverse("marac:live_case", args=[reference, case])
    return reverse("marac:live", args=[reference])


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def refused(form: RefusableForm, error: DomainError) -> None:
    """Words at their field. What changed meanwhile is read again; what was typed stays."""
    if isinstance(error, Stale):
        data = form.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(error.version)
        form.data = data
        now = ", ".join(str(value) for value in error.theirs.values())
        form.add_error(None, f"{error.message} It is now: {now}. What you typed is still here.")
        return
    form.refuse(error)
