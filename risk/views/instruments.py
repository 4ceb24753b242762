"""Questionnaires for force staff: what is in use, drafts, preview with a try-out, publication."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from core import clock, policy
from core.errors import DomainError, InvalidInput, Stale
from risk.forms.instruments import PublishForm, Sheet, TakeInForm
from risk.grades import suggest
from risk.instruments import YES, questionnaire
from risk.models import Instrument
from risk.page import listed
from risk.permissions import can_edit_instruments
from risk.services import instruments as services

View = Callable[..., HttpResponseBase]
#: Bytes of a file taken in.
LARGEST = 500_000


def editors_only(view: View) -> View:
    """403 for whoever does not edit questionnaires; said before anything typed is read."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not can_edit_instruments(reader_of(request)):
            raise PermissionDenied("Your role does not edit questionnaires.")
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@editors_only
def index(request: HttpRequest) -> HttpResponse:
    """Every questionnaire with its versions: the draft, the one in use, those before."""
    rows = Instrument.objects.defer("content").select_related("published_by", "edited_by")
    context = {
        "rows": rows.order_by("code", "-version"),
        "drafted": set(rows.drafts().values_list("code", flat=True)),
        "now": clock.now(),
    }
    return render(request, "risk/instruments/index.html", context)


@require_POST
@editors_only
def begin(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """Begin the next version, or go on with the draft that there is."""
    row = get_object_or_404(Instrument, pk=instrument_id)
    draft = services.begin_draft(code=row.code, actor=reader_of(request), at=clock.now())
    return redirect("risk:instrument_edit", draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def take_in(request: HttpRequest) -> HttpResponse:
    """A questionnaire that was exported here or elsewhere becomes a draft."""
    form, status = TakeInForm(request.POST or None, request.FILES or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            data = _read(form)
            row = services.take_in(data=data, actor=reader_of(request), at=clock.now())
            return redirect("risk:instrument", row.pk)
        except DomainError as error:
            form.add_error("file", error.message)
            status = error.status
    return render(request, "risk/instruments/take_in.html", {"form": form}, status=status)


def _read(form: TakeInForm) -> Any:
    file = form.cleaned_data["file"]
    if file is not None and file.size > LARGEST:
        raise InvalidInput("This file is too large for a questionnaire.", field="file")
    try:
        return json.loads(file.read() if file is not None else form.cleaned_data["text"])
    except (ValueError, RecursionError):
        raise InvalidInput("This is not JSON.", field="file") from None


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """A draft. What is published leads to its page: it is never changed."""
    row = get_object_or_404(Instrument, pk=instrument_id)
    if request.method != "POST":
        if row.published_at is not None:
            return redirect("risk:instrument", row.pk)
        return _sheet(request, row, Sheet.of(services.draft_of(row), version=row.draft_version))
    sheet, stale, status = Sheet(request.POST), None, 400
    if request.POST.get("act"):
        return _sheet(request, row, sheet.acted(request.POST["act"]))
    if sheet.is_valid():
        try:
            _save(request, row, sheet)
            messages.success(request, "Kept as a draft. Nobody is asked it before it is published.")
            return redirect("risk:instrument", row.pk)
        except DomainError as error:
            sheet.refuse(error)
            stale, status = (error if isinstance(error, Stale) else None), error.status
    return _sheet(request, row, sheet, stale, status)


def _save(request: HttpRequest, row: Instrument, sheet: Sheet) -> None:
    services.save_draft(
        instrument_id=row.pk,
        draft=sheet.draft(),
        version=sheet.whole.cleaned_data["version"],
        actor=reader_of(request),
        at=clock.now(),
    )


def _sheet(
    request: HttpRequest,
    row: Instrument,
    sheet: Sheet,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"instrument": row, "sheet": sheet, "stale": stale, "now": clock.now()}
    if status != 200:
        context["forms"] = sheet.forms
    return render(request, "risk/instruments/edit.html", context, status=status)


@require_safe
@editors_only
def preview(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """A version as it is asked, and what the answers ticked would suggest."""
    row = get_object_or_404(
        Instrument.objects.select_related("published_by", "edited_by"), pk=instrument_id
    )
    return _preview(request, row, PublishForm(initial={"version": row.draft_version}))


def _preview(
    request: HttpRequest, row: Instrument, form: PublishForm, status: int = 200
) -> HttpResponse:
    at, read = clock.now(), questionnaire(row)
    ticked = set(request.GET.getlist("yes")) & read.by_code.keys()
    answers = {code: {"answer": YES} for code in ticked}
    suggestion = suggest(read, answers, "escalation" in request.GET, policy.at(at))
    context = {
        "instrument": row,
        "read": read,
        "form": form,
        "ticked": ticked,
        "escalation": "escalation" in request.GET,
        "suggestion": suggestion,
        "because": listed(list(suggestion.reasons)),
        "opened": read.opened(answers),
        "now": at,
    }
    return render(request, "risk/instruments/preview.html", context, status=status)


@require_POST
@editors_only
def publish(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """In use from now on, with a reason; the version before goes out of use."""
    row, form, status = (
        get_object_or_404(Instrument, pk=instrument_id),
        PublishForm(request.POST),
        400,
    )
    if form.is_valid():
        said = form.cleaned_data
        try:
            done = services.publish(
                instrument_id=row.pk, actor=reader_of(request), at=clock.now(), **said
            )
            messages.success(request, f"{done} is in use from now on.")
            return redirect("risk:instruments")
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
            status = error.status
    return _preview(request, row, form, status)


@require_POST
@editors_only
def discard(request: HttpRequest, instrument_id: int) -> HttpResponse:
    """Throw a draft away, as it was looked at."""
    row = get_object_or_404(Instrument, pk=instrument_id)
    seen = request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() else 0
    try:
        services.discard_draft(
            instrument_id=row.pk, version=version, actor=reader_of(request), at=clock.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("risk:instrument", row.pk)
    messages.success(request, f"Thrown away: the draft of {row.title}.")
    return redirect("risk:instruments")


@require_safe
@editors_only
def export(request: HttpRequest, instrument_id: int) -> JsonResponse:
    """A version as JSON, to be taken in elsewhere."""
    row = get_object_or_404(Instrument, pk=instrument_id)
    name = f"{row.code}_{row.version}.json"
    return JsonResponse(
        services.exported(row),
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
        json_dumps_params={"ensure_ascii": False, "indent": 2},
    )
