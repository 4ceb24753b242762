"""The agencies' own pages: what they were told, its documents, and their answer."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from incidents.models import Exhibit
from incidents.services.exhibits.contents import IMAGES
from incidents.views.exhibits import NOTHING_RUNS
from referrals import agency_panels, services, told, told_export
from referrals.forms.sharing import AnswerForm, FoundForm
from referrals.models import Sharing
from referrals.permissions import can_see_shared
from referrals.querysets import SharingQuerySet
from referrals.services.sharing.giving_documents import give_document

ON_A_PAGE = 25


def representative(request: HttpRequest) -> User:
    """Who asks, if they speak for a partner agency. Raises PermissionDenied otherwise."""
    reader = reader_of(request)
    if not can_see_shared(reader):
        raise PermissionDenied("These pages belong to partner agencies.")
    return reader


def seen(reader: User, reference: str, at: datetime) -> Sharing:
    """What the reader's agency was told under this reference and may read now, else 404."""
    return get_object_or_404(told.of_agency(reader, at), reference=reference)


def _filtered(reader: User, form: FoundForm, at: datetime) -> SharingQuerySet:
    rows = told.of_agency(reader, at)
    if not form.is_valid():
        return rows
    rows = told.found(rows, form.cleaned_data["q"])
    show = form.cleaned_data["show"]
    if show == "new":
        return rows.filter(opened_at__isnull=True)
    return rows.filter(answer="") if show == "to_answer" else rows


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What is asked of this agency and shared with it, the newest first."""
    at, reader, form = clock.now(), representative(request), FoundForm(request.GET)
    page = Paginator(_filtered(reader, form, at), ON_A_PAGE).get_page(request.GET.get("page"))
    agency = reader.team.agency if reader.team else None
    context = {
        "page": page,
        "panels": agency_panels.shown_to(reader, agency, at)["main"] if agency else [],
        "rows": told.read(list(page.object_list)),
        "form": form,
        "show": form.cleaned_data["show"] if form.is_valid() else "",
        "q": form.cleaned_data["q"] if form.is_valid() else "",
        "agency": agency,
        "now": at,
    }
    return render(request, "referrals/sharing/inbox.html", context)


@require_safe
def export_list(request: HttpRequest) -> StreamingHttpResponse:
    """The agency's own list as CSV: exactly the rows of the filter, and on record who took it."""
    at, reader = clock.now(), representative(request)
    rows = told.read(list(_filtered(reader, FoundForm(request.GET), at)))
    audit.record(
        actor=reader,
        at=at,
        verb="sharing.exported",
        subject="shared",
        is_grave=True,
        headline=f"What was shared with {reader.team.agency if reader.team else ''} exported: "
        f"{len(rows)} rows",
        detail={"references": [row.sharing.reference for row in rows]},
    )
    response = StreamingHttpResponse(
        told_export.lines(rows), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="shared-{at:%Y%m%d-%H%M}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """What was told, its documents and the answer; that it was opened is on record."""
    at, reader = clock.now(), representative(request)
    row = seen(reader, reference, at)
    services.open_sharing(sharing=row, path=request.path, actor=reader, at=at)
    return _shown(request, row, AnswerForm(), at)


def _shown(
    request: HttpRequest, row: Sharing, form: AnswerForm, at: datetime, status: int = 200
) -> HttpResponse:
    [read] = told.read([row])
    files = told.documents_of(row)
    context = {
        "told": read,
        "sharing": row,
        "documents": [(one, one.content_type in IMAGES) for one in files],
        "answers": told.answers_of(row),
        "form": form,
        "now": at,
    }
    return render(request, "referrals/sharing/shared.html", context, status=status)


@require_POST
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what the agency does with it."""
    at, reader = clock.now(), representative(request)
    row, form = seen(reader, reference, at), AnswerForm(request.POST)
    if form.carries_out(services.answer_sharing, sharing_id=row.pk, actor=reader, at=at):
        messages.success(request, f"Answered: the unit reads it with {reference}.")
        return redirect("referrals:shared_one", reference=reference)
    return _shown(request, row, form, at, form.status)


@require_safe
def document(request: HttpRequest, reference: str, exhibit: UUID) -> StreamingHttpResponse:
    """One document: to be saved, or with ?view=1 a picture to be looked at."""
    at, reader = clock.now(), representative(request)
    return document_of(seen(reader, reference, at), exhibit, request, reader)


def document_of(
    row: Sharing, key: UUID, request: HttpRequest, reader: User
) -> StreamingHttpResponse:
    """The document of a sharing that the reader may read, given piece by piece; else 404."""
    kept = row.documents.kept().filter(person__victim=row.victim_id).select_related("incident")
    found = get_object_or_404(kept, key=key)
    pieces = give_document(
        sharing=row, exhibit=found, reader=reader, path=request.get_full_path(), now=clock.now
    )
    return _given(StreamingHttpResponse(pieces), found, shown="view" in request.GET)


def _given(
    response: StreamingHttpResponse, exhibit: Exhibit, *, shown: bool
) -> StreamingHttpResponse:
    """As a browser must take it: this type and no other, nothing run, nothing kept."""
    is_saved = not (shown and exhibit.content_type in IMAGES)
    response["Content-Type"] = exhibit.content_type
    response["Content-Length"] = str(exhibit.size)
    response["Content-Disposition"] = (
        content_disposition_header(is_saved, exhibit.name) or "attachment"
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = NOTHING_RUNS
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
