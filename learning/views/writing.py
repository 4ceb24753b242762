"""Writing, looking at, publishing, replacing and withdrawing notices."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from core import clock, policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from learning import owed, services
from learning.due import last_day
from learning.forms.writing import Sheet, acted
from learning.models import Notice
from learning.services.publishing import missing
from learning.services.writing import Draft, QuestionDraft, draft_of
from learning.views.common import seen, writers_only

BOTH = ["GET", "HEAD", "POST"]


@require_safe
@writers_only
def written(request: HttpRequest) -> HttpResponse:
    """Everything that was written: drafts first, then what is published, newest first."""
    rows = Notice.objects.select_related("changed_by", "published_by", "replacement")
    context = {
        "now": clock.now(),
        "drafts": rows.filter(published_at=None).order_by("-changed_at"),
        "published": rows.published().order_by("-published_at"),
    }
    return render(request, "learning/written.html", context)


@require_http_methods(BOTH)
@writers_only
def compose(request: HttpRequest) -> HttpResponse:
    """A new notice. Any button keeps it as a draft."""
    if request.method != "POST":
        blank = Draft(questions=(QuestionDraft(),))
        return _page(request, None, Sheet.of(blank, version=0, key=uuid4()))
    sheet = Sheet(request.POST)
    if sheet.is_valid():
        draft, place = acted(sheet.draft(), request.POST.get("act", ""))
        try:
            row = services.begin(
                draft=draft,
                key=sheet.notice.cleaned_data["key"],
                actor=reader_of(request),
                at=clock.now(),
            )
        except DomainError as error:
            sheet.refuse(error)
        else:
            return _kept(request, row, place)
    return _page(request, None, sheet, status=400)


@require_http_methods(BOTH)
@writers_only
def edit(request: HttpRequest, reference: str) -> HttpResponse:
    """A draft. What is published leads to its page: it is never changed."""
    row, status = seen(request, reference), 400
    if request.method != "POST":
        if not row.is_draft:
            return redirect("learning:notice", reference)
        return _page(request, row, Sheet.of(draft_of(row), version=row.version, key=row.key))
    sheet, stale = Sheet(request.POST), None
    if sheet.is_valid():
        draft, place = acted(sheet.draft(), request.POST.get("act", ""))
        try:
            row = services.save(
                notice_id=row.pk,
                draft=draft,
                version=sheet.notice.cleaned_data["version"],
                actor=reader_of(request),
                at=clock.now(),
            )
            return _kept(request, row, place)
        except DomainError as error:
            sheet.refuse(error)
            stale, status = (error if isinstance(error, Stale) else None), error.status
    return _page(request, row, sheet, stale, status)


def _kept(request: HttpRequest, row: Notice, place: str) -> HttpResponse:
    """Go on where the button leads."""
    if request.POST.get("act") == "preview":
        return redirect("learning:preview", row.reference)
    if not place:
        messages.success(request, f"{row.reference} is kept as a draft. Nobody else is told of it.")
    return redirect(reverse("learning:edit", args=[row.reference]) + place)


def _page(
    request: HttpRequest,
    row: Notice | None,
    sheet: Sheet,
    stale: Stale | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "notice": row,
        "sheet": sheet,
        "stale": stale,
        "now": clock.now(),
    }
    if status != 200:
        context["forms"] = sheet.forms
    return render(request, "learning/compose.html", context, status=status)


@require_safe
@writers_only
def preview(request: HttpRequest, reference: str) -> HttpResponse:
    """A draft as its readers will see it, how many they are, and what is still missing."""
    row, at = seen(request, reference), clock.now()
    if not row.is_draft:
        return redirect("learning:notice", reference)
    draft = draft_of(row)
    people = owed.audience(roles=draft.roles, teams=draft.teams)
    context = {
        "notice": row,
        "now": at,
        "people": len(people),
        "teams": row.teams.all(),
        "pass_by": row.pass_by or last_day(at, policy.at(at).learning_days),
        "questions": [
            (one, [(words, place in one.right) for place, words in enumerate(one.options) if words])
            for one in row.questions.all()
        ],
        "missing": missing(draft, asked=len(people), today=local(at).date()),
    }
    return render(request, "learning/preview.html", context)


@require_POST
@writers_only
def publish(request: HttpRequest, reference: str) -> HttpResponse:
    """Put it to its audience, or show at each field what is missing."""
    row, at = seen(request, reference), clock.now()
    version = request.POST.get("version", "")
    try:
        row = services.publish(
            notice_id=row.pk,
            version=int(version)
            if version.isascii() and version.isdigit() and len(version) < 9
            else 0,
            actor=reader_of(request),
            at=at,
        )
    except InvalidInput as error:
        draft = draft_of(row)
        sheet = Sheet.of(draft, version=row.version, key=row.key)
        people = owed.audience(roles=draft.roles, teams=draft.teams)
        sheet.show_missing(missing(draft, asked=len(people), today=local(at).date()))
        return _page(request, row, sheet, status=error.status)
    messages.success(request, f"{row.reference} is published. Everybody it is for has been told.")
    return redirect("learning:notice", reference)


@require_POST
@writers_only
def replace(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin the draft that replaces a published notice."""
    row = services.replace(
        notice_id=seen(request, reference).pk, actor=reader_of(request), at=clock.now()
    )
    return redirect("learning:edit", row.reference)


@require_POST
@writers_only
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take a notice back, with words."""
    row = services.withdraw(
        notice_id=seen(request, reference).pk,
        words=request.POST.get("words", ""),
        actor=reader_of(request),
        at=clock.now(),
    )
    messages.success(request, f"{row.reference} is withdrawn. Nobody is asked any more.")
    return redirect("learning:notice", reference)
