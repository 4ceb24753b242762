"""The work with a client: needs, court, looking at the risk, and the end."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.forms import RefusableForm
from referrals import services
from referrals.forms.case_work import (
    CloseForm,
    CourtForm,
    NeedForm,
    ReviewForm,
    SettleCourtForm,
    SettleNeedForm,
)
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising import serving
from referrals.services.advising.closing import missing_before_closing
from referrals.services.advising.reviewing import window
from referrals.views.advising import seen
from victims.views.common import note_reading

#: Nobody has more of them open; what is older stands on the case.
MOST = 100
Show = Callable[[int], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest, reference: str) -> HttpResponse:
    """What the client needs help with, and what became of each."""
    at, case, user = _opened(request, reference)
    form, row, settle = NeedForm(), None, SettleNeedForm(auto_id="settle_%s")
    is_done = False
    if request.method == "POST" and request.POST.get("need"):
        row = get_object_or_404(SupportNeed.objects.filter(case=case), pk=_number(request, "need"))
        settle = SettleNeedForm(request.POST, auto_id="settle_%s")
        is_done = settle.carries_out(services.settle_need, need_id=row.pk, actor=user, at=at)
    elif request.method == "POST":
        form = NeedForm(request.POST)
        is_done = form.carries_out(services.add_need, case_id=case.pk, actor=user, at=at)
    if is_done:
        return _done(request, case, "needs", "It is on record.")
    rows = SupportNeed.objects.filter(case=case).select_related("opened_by", "settled_by")
    more = {"rows": rows.order_by("-state", "-opened_at")[:MOST], "settled": row, "settle": settle}
    return _page(request, case, at, "needs", form, max(form.status, settle.status), **more)


@require_http_methods(["GET", "HEAD", "POST"])
def courts(request: HttpRequest, reference: str) -> HttpResponse:
    """Hearings to come and what came of those that were."""
    at, case, user = _opened(request, reference)
    form, row, settle = CourtForm(), None, SettleCourtForm(auto_id="settle_%s")
    is_done = False
    if request.method == "POST" and request.POST.get("hearing"):
        found = CourtSupport.objects.filter(case=case)
        row = get_object_or_404(found, pk=_number(request, "hearing"))
        settle = SettleCourtForm(request.POST, auto_id="settle_%s")
        is_done = settle.carries_out(services.settle_court, court_id=row.pk, actor=user, at=at)
    elif request.method == "POST":
        form = CourtForm(request.POST)
        is_done = form.carries_out(services.plan_court, case_id=case.pk, actor=user, at=at)
    if is_done:
        return _done(request, case, "courts", "It is on record.")
    rows = CourtSupport.objects.filter(case=case).order_by("-settled_at", "hearing_at")[:MOST]
    more = {"rows": rows, "settled": row, "settle": settle}
    return _page(request, case, at, "courts", form, max(form.status, settle.status), **more)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Look at the risk with the client."""
    at, case, user = _opened(request, reference)
    grade = case.victim.grade
    form = ReviewForm(
        grade=grade,
        initial={"seen": grade, "would_be": grade, "closing": "closing" in request.GET},
    )
    if request.method == "POST":
        form = ReviewForm(request.POST, grade=grade)
        if form.carries_out(services.review_case, case_id=case.pk, actor=user, at=at):
            return _done(request, case, "review", "The review is on record.")
    rows = CaseReview.objects.filter(case=case).select_related("by").order_by("-at", "-pk")[:MOST]
    return _page(request, case, at, "review", form, form.status, rows=rows, window=window(case))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the case; afterwards the service sees the client no more."""
    if request.method == "POST" and _closed_by(reader_of(request), reference):
        return redirect("referrals:clients")
    at, case, user = _opened(request, reference)
    form = CloseForm(initial={"version": case.version})
    if request.method == "POST":
        form = CloseForm(request.POST)
        if form.carries_out(services.close_idva_case, case_id=case.pk, actor=user, at=at):
            words = f"{case.reference} is closed. You no longer see the client's record."
            messages.success(request, words)
            return redirect("referrals:clients")
    missing = missing_before_closing(case, at)
    return _page(request, case, at, "close", form, form.status, missing=missing)


def _closed_by(user: User, reference: str) -> bool:
    """Sent twice: whoever closed it sees it no more, and is led where they may be."""
    closed = IdvaCase.objects.filter(state=IdvaCase.State.CLOSED, closed_by=user)
    return closed.filter(reference=reference).exists()


def _opened(request: HttpRequest, reference: str) -> tuple[datetime, IdvaCase, User]:
    """The case for those who may read what advisers write; its reading is kept."""
    at, user = clock.now(), reader_of(request)
    case = seen(user, reference)
    if not user.has_perm("victims.write_advocate_note"):
        raise PermissionDenied("What advisers do for a client is for advisers.")
    if request.method == "POST" and not serving.works_on(user, case, at):
        raise PermissionDenied(f"{case.owner} has this case. They work on it.")
    if request.method != "POST":
        note_reading(user, request.path, case.victim, at)
    return at, case, user


def _number(request: HttpRequest, name: str) -> int:
    said = request.POST.get(name, "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 18 else 0


def _done(request: HttpRequest, case: IdvaCase, page: str, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect(f"referrals:case_{page}", reference=case.reference)


def _page(
    request: HttpRequest,
    case: IdvaCase,
    at: datetime,
    page: str,
    form: RefusableForm,
    status: int,
    **more: Any,
) -> HttpResponse:
    context = {
        "case": case,
        "victim": case.victim,
        "now": at,
        "form": form,
        "here": page,
        "may_work": serving.works_on(reader_of(request), case, at) and case.state == "accepted",
        **more,
    }
    if "settle" in more:
        context["forms"] = [form, more["settle"]]
    return render(request, f"referrals/case_work/{page}.html", context, status=status)
