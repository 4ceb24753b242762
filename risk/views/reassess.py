"""Risk that must be looked at again: the list by time left, and the page of one."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from deadlines.shown import BoundedPaginator
from risk import reassessments, services
from risk.forms.reassess import ConcludeForm, ReassessFilter, TakeOverForm
from risk.models import Reassessment
from risk.permissions import can_judge
from risk.services.reassessing import may_answer, may_take
from victims.views.common import note_reading

ON_A_PAGE = 25
Outcome = Reassessment.Outcome


def seen_by(reader: User, reference: str) -> Reassessment:
    """The reassessment of this reference, or 404 for whoever may not see its victim."""
    rows = Reassessment.objects.visible_to(reader).select_related(
        "victim__person", "owner", "team", "done_by"
    )
    return get_object_or_404(rows, reference=reference)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What is to be looked at again, least time left first; whose and why by the address."""
    at, reader = clock.now(), reader_of(request)
    if not can_judge(reader):
        raise PermissionDenied("This page is for those who look at a victim's risk again.")
    form = ReassessFilter(request.GET)
    choice = {"whose": reassessments.usual(reader)} | form.chosen()
    rows = reassessments.listed(reader, at, **choice)
    page = BoundedPaginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "choice": choice, "form": form, "now": at}
    return render(request, "risk/reassess/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def reassess(request: HttpRequest, reference: str) -> HttpResponse:
    """One, with every reason why; by POST what came of it."""
    at, reader = clock.now(), reader_of(request)
    row = seen_by(reader, reference)
    if request.method != "POST":
        note_reading(reader, request.path, row.victim, at)
        return _page(request, row, ConcludeForm(initial={"version": row.version}), at)
    if not may_answer(reader, row, at):
        raise PermissionDenied("Whoever has this, answers for the risk, or leads, concludes it.")
    form = ConcludeForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, at, status=400)
    try:
        done = services.conclude(reassessment_id=row.pk, actor=reader, at=at, **form.cleaned_data)
    except DomainError as error:
        form.refuse(error)
        return _page(request, seen_by(reader, reference), form, at, error)
    messages.success(request, _done(done))
    return redirect("victims:detail", reference=done.victim.reference)


@require_POST
def take_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Make it one's own, by name."""
    at, reader = clock.now(), reader_of(request)
    row, form = seen_by(reader, reference), TakeOverForm(request.POST)
    if not may_take(reader, row, at):
        raise PermissionDenied("Those of its team, who answer for the risk, or who lead, take it.")
    seen = form.cleaned_data["seen_owner"] if form.is_valid() else None
    try:
        services.take_over(reassessment_id=row.pk, seen_owner_id=seen, actor=reader, at=at)
        messages.success(request, "It is yours now.")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("risk:reassess", reference=reference)


@require_POST
def assess(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin an assessment with the questions named, or go on with the one that there is."""
    at, reader = clock.now(), reader_of(request)
    row = seen_by(reader, reference)
    if not may_answer(reader, row, at):
        raise PermissionDenied("Whoever has this, answers for the risk, or leads, assesses it.")
    chosen = {"instrument": request.POST["instrument"]} if "instrument" in request.POST else {}
    try:
        begun = services.assess_anew(reassessment_id=row.pk, actor=reader, at=at, **chosen)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect("risk:reassess", reference=reference)
    return redirect("risk:assess", reference=begun.reference)


def _done(row: Reassessment) -> str:
    if row.outcome == Outcome.LOWERED:
        return "Done. The lower grade waits for another supervisor; the grade stays until then."
    return "Done. The grade stays." if row.outcome == Outcome.KEPT else "Done. The grade is raised."


def _page(
    request: HttpRequest,
    row: Reassessment,
    form: ConcludeForm,
    at: datetime,
    error: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    stale = error if isinstance(error, Stale) else None
    if stale is not None:
        # What was typed stays; the next try is made knowing the reasons that this page shows.
        form.data = {**request.POST.dict(), "version": row.version}
    context = reassessments.shown(row, reader_of(request), at) | {
        "form": form,
        "take_over": TakeOverForm(initial={"seen_owner": row.owner_id}),
        "stale": stale,
        "now": at,
    }
    template = "risk/reassess/one.html"
    return render(request, template, context, status=error.status if error else status)
