"""Research: what an agency is asked and returns; for the coordinator, what is missing."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from marac import research as pages
from marac import services
from marac.forms.research import ChaseForm, FoundForm, ReturnForm
from marac.models import ResearchRequest
from marac.permissions import can_answer_for, can_attend, can_keep, can_view_conferences
from marac.querysets import keeps
from marac.views.agenda import built, given, heard, opened
from victims.views.common import note_reading

ON_A_PAGE = 25


@require_safe
def research(request: HttpRequest) -> HttpResponse:
    """What the reader's own agency is asked, of every meeting whose statement they signed."""
    reader = reader_of(request)
    if not (can_attend(reader) or can_view_conferences(reader)):
        raise PermissionDenied("Your role does not come to conferences.")
    form = FoundForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    show = said.get("show", "") if said.get("show", "") in pages.LISTS else ""
    rows = pages.asked_of(reader, show=show, meeting=said.get("meeting", ""))
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "lists": pages.LISTS,
        "meeting_reference": said.get("meeting", ""),
        "unsigned": pages.unsigned(reader),
        "now": clock.now(),
    }
    return render(request, "marac/research/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, research_id: int) -> HttpResponse:
    """One request with what the agency needs to look for; by POST its answer."""
    at, reader = clock.now(), reader_of(request)
    row = get_object_or_404(pages.seen(reader), pk=research_id)
    form = ReturnForm(given(request), initial=pages.said_so_far(row))
    if request.method != "POST":
        note_reading(reader, request.path, row.hearing.victim, at)
        return _one(request, row, form)
    if not can_answer_for(reader, row.agency_id):
        raise PermissionDenied(f"{row.agency} answers this.")
    if form.is_valid():
        try:
            services.return_research(research_id=row.pk, actor=reader, at=at, **form.cleaned_data)
        except DomainError as error:
            return _one(request, row, form, error)
        messages.success(request, f"Returned for {row.hearing.case}.")
        return redirect("marac:research")
    return _one(request, row, form)


def _one(
    request: HttpRequest, row: ResearchRequest, form: ReturnForm, error: DomainError | None = None
) -> HttpResponse:
    """The request; refused, with what was typed and, where somebody else answered, with both."""
    if error is not None:
        form.refuse(error)
    if isinstance(error, Stale):
        form.data = {**request.POST.dict(), "version": error.version}
    context = pages.page_of(row, reader_of(request))
    context |= {"form": form, "stale": error if isinstance(error, Stale) else None}
    status = error.status if error else (400 if form.is_bound else 200)
    context["now"] = clock.now()
    return render(request, "marac/research/one.html", context, status=status)


@require_safe
def of_case(request: HttpRequest, case: str) -> HttpResponse:
    """To the newest request of a case; whoever keeps conferences sees all of them together."""
    reader = reader_of(request)
    rows = pages.seen(reader).filter(hearing__case__reference=case)
    found = rows.order_by("-pk").first() or get_object_or_404(rows.none())
    if keeps(reader):
        return redirect("marac:meeting_research", reference=found.hearing.meeting.reference)
    return redirect("marac:research_one", research_id=found.pk)


@require_safe
def of_meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """Cases by agencies: what was returned, and what is missing. An agency sees its own list."""
    meeting, reader = opened(request, reference), reader_of(request)
    if not keeps(reader):
        return redirect(f"{reverse('marac:research')}?meeting={meeting.reference}&show=all")
    missing_only = request.GET.get("show") == "missing"
    everything = pages.cases_of(meeting, reader)
    columns = pages.columns(meeting, everything)
    shown = [row for row in everything if row.missing] if missing_only else everything  # type: ignore[attr-defined]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "meeting": meeting,
        "page": page,
        "rows": pages.matrix(list(page), [column.agency for column in columns]),
        "columns": columns,
        "missing": sum(column.missing for column in columns),
        "asked": sum(column.asked for column in columns),
        "missing_only": missing_only,
        "may_keep": can_keep(reader, meeting.conference),
        "now": clock.now(),
    }
    return render(request, "marac/research/matrix.html", context)


@require_POST
def chase(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask again for all that is missing, or for one agency's."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    form = ChaseForm(request.POST)
    agency_id = form.cleaned_data["agency"] if form.is_valid() else None
    ids = pages.missing_of(meeting, reader, agency_id)
    try:
        count = services.chase_research(research_ids=ids, actor=reader, at=at)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        words = f"{count} asked for again." if count else "Nothing to ask for again just now."
        messages.success(request, words)
    return redirect("marac:meeting_research", reference=reference)


@require_POST
def ask(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Ask every invited agency that was not asked for this case."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    hearing = heard(request, meeting, case)
    try:
        asked = services.ask_research(hearing_id=hearing.pk, actor=reader, at=at)
    except DomainError as error:
        messages.warning(request, error.message)
    else:
        words = f"{len(asked)} agencies are asked." if asked else "Every agency was asked already."
        messages.success(request, words)
    return redirect("marac:agenda", reference=reference)
