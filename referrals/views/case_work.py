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
from core.errors import DomainError
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
from referrals.services.advising.closing import NotReady, missing_before_closing
from referrals.services.advising.reviewing import window
from referrals.views.advising import seen
from victims.forms.refusable import RefusableForm
from victims.services.once import SentAlready
from victims.views.common import note_reading

#: Nobody has more of them open; what is older stands on the case.
MOST = 100
Show = Callable[[int], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest, reference: str) -> HttpResponse:
    """What the client needs help with, and what became of each."""
    at, case, user = _opened(request, reference)
    form, row, settle = NeedForm(), None, SettleNeedForm(auto_id="settle_%s")
    status = 200
    if request.method == "POST" and request.POST.get("need"):
        row = get_object_or_404(SupportNeed.objects.filter(case=case), pk=_number(request, "need"))
        settle = SettleNeedForm(request.POST, auto_id="settle_%s")
        status = _do(
            settle,
            lambda: services.settle_need(
                need_id=row.pk,
                **settle.cleaned_data,
                actor=user,
                at=at,
            ),
        )
    elif request.method == "POST":
        form = NeedForm(request.POST)
        status = _do(
            form,
            lambda: services.add_need(case_id=case.pk, **form.cleaned_data, actor=user, at=at),
        )
    if status == 302:
        return _done(request, case, "needs", "It is on record.")
    rows = SupportNeed.objects.filter(case=case).select_related("opened_by", "settled_by")
    more = {"rows": rows.order_by("-state", "-opened_at")[:MOST], "settled": row, "settle": settle}
    return _page(request, case, at, "needs", form, status, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def courts(request: HttpRequest, reference: str) -> HttpResponse:
    """Hearings to come and what came of those that were."""
    at, case, user = _opened(request, reference)
    form, row, settle = CourtForm(), None, SettleCourtForm(auto_id="settle_%s")
    status = 200
    if request.method == "POST" and request.POST.get("hearing"):
        found = CourtSupport.objects.filter(case=case)
        row = get_object_or_404(found, pk=_number(request, "hearing"))
        settle = SettleCourtForm(request.POST, auto_id="settle_%s")
        status = _do(
            settle,
            lambda: services.settle_court(
                court_id=row.pk,
                **settle.cleaned_data,
                actor=user,
                at=at,
            ),
        )
    elif request.method == "POST":
        form = CourtForm(request.POST)
        status = _do(
            form,
            lambda: services.plan_court(case_id=case.pk, **form.cleaned_data, actor=user, at=at),
        )
    if status == 302:
        return _done(request, case, "courts", "It is on record.")
    rows = CourtSupport.objects.filter(case=case).order_by("-settled_at", "hearing_at")[:MOST]
    more = {"rows": rows, "settled": row, "settle": settle}
    return _page(request, case, at, "courts", form, status, **more)


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, reference: str) -> HttpResponse:
    """Look at the risk with the client."""
    at, case, user = _opened(request, reference)
    grade = case.victim.grade
    form = ReviewForm(
        grade=grade,
        initial={"seen": grade, "would_be": grade, "closing": "closing" in request.GET},
    )
    status = 200
    if request.method == "POST":
        form = ReviewForm(request.POST, grade=grade)
        status = _do(
            form,
            lambda: services.review_case(case_id=case.pk, **form.cleaned_data, actor=user, at=at),
        )
    if status == 302:
        return _done(request, case, "review", "The review is on record.")
    rows = CaseReview.objects.filter(case=case).select_related("by").order_by("-at", "-pk")[:MOST]
    return _page(request, case, at, "review", form, status, rows=rows, window=window(case))


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the case; afterwards the service sees the client no more."""
    if request.method == "POST" and _closed_by(reader_of(request), reference):
        return redirect("referrals:clients")
    at, case, user = _opened(request, reference)
    form, status = CloseForm(initial={"version": case.version}), 200
    if request.method == "POST":
        form = CloseForm(request.POST)
        status = _do(form, lambda: _close(form, case, user, at))
    if status == 302:
        words = f"{case.reference} is closed. You no longer see the client's record."
        messages.success(request, words)
        return redirect("referrals:clients")
    missing = missing_before_closing(case, at)
    return _page(request, case, at, "close", form, status, missing=missing)


def _closed_by(user: User, reference: str) -> bool:
    """Sent twice: whoever closed it sees it no more, and is led where they may be."""
    closed = IdvaCase.objects.filter(state=IdvaCase.State.CLOSED, closed_by=user)
    return closed.filter(reference=reference).exists()


def _close(form: CloseForm, case: IdvaCase, user: User, at: datetime) -> None:
    said = form.cleaned_data
    services.close_idva_case(
        case_id=case.pk,
        because=said["because"],
        words=said["words"],
        outcomes=form.outcomes(),
        version=said["version"],
        actor=user,
        at=at,
    )


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


def _do(form: RefusableForm, act: Callable[[], object]) -> int:
    """Do what a form says: 302 where it is done, else the status of the page with the refusal."""
    if not form.is_valid():
        return 400
    try:
        act()
    except NotReady as error:
        assert isinstance(form, CloseForm)
        form.refuse_all(error)
        return error.status
    except DomainError as error:
        form.refuse(error)
        if isinstance(error, SentAlready) and hasattr(form, "renew"):
            form.renew()
        return error.status
    return 302


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
