"""Photographs and documents: added, looked at, withdrawn."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError
from incidents.forms.exhibits import ExhibitForm, WithdrawForm
from incidents.models import Exhibit, Incident
from incidents.pages.exhibits import exhibits_of
from incidents.permissions import may_add_exhibit
from incidents.seeing import sees_whole
from incidents.services import exhibits as services
from incidents.services.exhibits.contents import IMAGES
from incidents.views.incident import note_reading, seen_by
from incidents.views.uploads import SizeLimit, TooLarge, check_length, limit_uploads

#: For a file of somebody else's making: it may do nothing at all, wherever it is opened.
NOTHING_RUNS = "default-src 'none'; sandbox"


@dataclass
class Tried:
    """What became of each file of one request."""

    kept: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)


def exhibit_seen_by(reader: User, incident: Incident, key: UUID) -> Exhibit:
    """The exhibit of an incident that the reader sees, or 404; a withdrawn one is nobody's."""
    rows = Exhibit.objects.visible_to(reader).kept().select_related("incident", "uploaded_by")
    return get_object_or_404(rows, incident=incident, key=key)


# The body is read only inside, once its length was looked at; the token is checked there.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def exhibits(request: HttpRequest, reference: str) -> HttpResponse:
    """The list; by POST files are added."""
    at, incident = clock.now(), seen_by(request, reference)
    if request.method != "POST":
        note_reading(request, incident, at)
        form = ExhibitForm(incident=incident) if may_add_exhibit(reader_of(request)) else None
        return _page(request, incident, form)
    if not may_add_exhibit(reader_of(request)):
        raise PermissionDenied("Only officers and the control room add photographs and documents.")
    try:
        check_length(request, at)
    except TooLarge as error:
        form = ExhibitForm(incident=incident)
        return _page(request, incident, form, refusal=error.message, status=error.status)
    return _add(request, incident, at, limit_uploads(request, at))


@csrf_protect
def _add(request: HttpRequest, incident: Incident, at: datetime, limit: SizeLimit) -> HttpResponse:
    """Each file by itself: one that is refused does not lose the others."""
    form = ExhibitForm(request.POST, request.FILES, incident=incident)
    tried = Tried()
    if limit.too_large:
        most = limit.most // 1_000_000
        tried.refused = [(name, f"It is larger than {most} MB.") for name in limit.too_large]
    if form.is_valid():
        _try_each(form, incident, reader_of(request), at, tried)
    if not tried.refused and not form.errors:
        messages.success(request, f"Kept: {', '.join(tried.kept)}.")
        return redirect("incidents:exhibits", reference=incident.reference)
    return _page(request, incident, form, tried=tried, status=400)


def _try_each(
    form: ExhibitForm, incident: Incident, actor: User, at: datetime, tried: Tried
) -> None:
    for file in form.cleaned_data["file"]:
        try:
            added = services.add_exhibit(
                incident_id=incident.pk, file=file, about=form.about(), actor=actor, at=at
            )
        except DomainError as error:
            tried.refused.append((file.name or "", error.message))
            if error.field != "file":
                form.refuse(error)
        else:
            again = " (it was here already)" if added.was_there else ""
            tried.kept.append(f"{added.exhibit.name} as {added.exhibit.reference}{again}")


def _page(
    request: HttpRequest,
    incident: Incident,
    form: ExhibitForm | None,
    *,
    tried: Tried | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    if form is not None and tried is not None and tried.refused:
        for name, words in tried.refused:
            form.add_error("file", f"{name}: {words}")
    context = {
        "incident": incident,
        "place": _place(incident, reader_of(request)),
        "rows": exhibits_of(incident, reader_of(request)),
        "form": form,
        "tried": tried,
        "refusal": refusal,
    }
    return render(request, "incidents/exhibits/list.html", context, status=status)


def _place(incident: Incident, reader: User) -> str:
    """Where it was; blank where that may be the home of a victim hidden from the reader."""
    return str(incident.address or "Address not known") if sees_whole(incident, reader) else ""


@require_safe
def exhibit(request: HttpRequest, reference: str, exhibit: UUID) -> FileResponse:
    """The file itself: to be saved, or with ?view=1 a picture to be looked at."""
    at, reader = clock.now(), reader_of(request)
    found = exhibit_seen_by(reader, seen_by(request, reference), exhibit)
    file = services.open_exhibit(exhibit=found, reader=reader, path=request.get_full_path(), at=at)
    is_shown = "view" in request.GET and found.content_type in IMAGES
    return given(FileResponse(file, as_attachment=not is_shown, filename=found.name), found)


def given(response: FileResponse, exhibit: Exhibit) -> FileResponse:
    """The answer as a browser must take it: this type and no other, nothing run, nothing kept."""
    response["Content-Type"] = exhibit.content_type
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, reference: str, exhibit: UUID) -> HttpResponse:
    """Ask why, then take it back."""
    at, reader = clock.now(), reader_of(request)
    incident = seen_by(request, reference)
    found = exhibit_seen_by(reader, incident, exhibit)
    if not services.may_withdraw(reader, found):
        raise PermissionDenied("Only who added it, or a supervisor, withdraws an exhibit.")
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.carries_out(services.withdraw_exhibit, exhibit_id=found.pk, actor=reader, at=at):
        messages.success(request, f"{found.reference} is withdrawn: nobody is shown it.")
        return redirect("incidents:exhibits", reference=reference)
    context = {"incident": incident, "exhibit": found, "form": form}
    status = 400 if form.errors else 200
    return render(request, "incidents/exhibits/withdraw.html", context, status=status)
