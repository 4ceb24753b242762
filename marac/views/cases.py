"""Cases of the conferences: the list, one case, proposing, answering, describing, closing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.forms import RefusableForm
from marac import caseload, criteria, services
from marac.forms.cases import (
    AboutForm,
    CaseFilter,
    CloseForm,
    DecideForm,
    ProposeForm,
)
from marac.models import MaracCase
from marac.permissions import can_propose
from marac.services.cases import asking
from victims.views.common import note_reading, seen_by

ON_A_PAGE = 25
Do = Callable[..., MaracCase]


def lister(request: HttpRequest) -> User:
    """Who asks, if they may see the list. Raises PermissionDenied otherwise."""
    reader = reader_of(request)
    if not caseload.can_list(reader):
        raise PermissionDenied("Your role does not follow the cases of conferences.")
    return reader


def seen(reader: User, reference: str) -> MaracCase:
    """The case of this reference, or 404 for whoever may not see it."""
    rows = caseload.with_people(MaracCase.objects.visible_to(reader))
    return get_object_or_404(rows.select_related("closed_by", "repeat_of"), reference=reference)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, with its time; what is to be heard; what is over."""
    at, reader, form = clock.now(), lister(request), CaseFilter(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    rows = caseload.found(reader, said)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": caseload.lines(list(page.object_list)),
        "form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
        "now": at,
    }
    return render(request, "marac/cases/list.html", context)


@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One case; that it was opened is on record."""
    at, reader = clock.now(), reader_of(request)
    case = seen(reader, reference)
    audit.record_read(
        user=reader, at=at, path=request.path, subject=reference, victim_id=case.victim_id
    )
    return render(request, "marac/cases/one.html", caseload.page_of(case, reader, at))


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """Refer to the conference: a victim on record, or whom one's own agency referred."""
    at, reader = clock.now(), reader_of(request)
    if not can_propose(reader):
        raise PermissionDenied("Your role does not refer victims to a conference.")
    if request.GET.get("referral"):
        return _propose_referred(request, reader, at)
    if not request.GET.get("victim"):
        return render(
            request, "marac/cases/whom.html", {"sent": caseload.sent_by(reader)[:ON_A_PAGE]}
        )
    return _propose_known(request, reader, at)


def _propose_known(request: HttpRequest, reader: User, at: datetime) -> HttpResponse:
    """A victim whose record the reader sees, with who is on record as harming them."""
    victim = seen_by(reader, request.GET.get("victim", ""))
    form = ProposeForm(request.POST or None, people=caseload.who_may_have_harmed(victim))
    context = {
        "victim": victim,
        "criteria": criteria.evaluate(victim_id=victim.pk, perpetrator_id=None, at=at),
    }
    if request.method != "POST":
        note_reading(reader, request.path, victim, at)

    by = {"source": MaracCase.Source.WORKER, "actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(services.propose, victim_id=victim.pk, **by):
        return _proposed(request, form.result)
    return _page(request, form, "propose", context)


def _propose_referred(request: HttpRequest, reader: User, at: datetime) -> HttpResponse:
    """An agency asks for the conference to hear whom it referred itself."""
    incoming = get_object_or_404(
        caseload.sent_by(reader), referral__reference=request.GET["referral"]
    )
    form = ProposeForm(request.POST or None, people=None)

    given = {"referral_id": incoming.referral_id, "actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(asking.propose_referred, **given):
        return _proposed(request, form.result)
    return _page(request, form, "propose", {"incoming": incoming})


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """Answer, describe or close a case."""
    at, reader = clock.now(), reader_of(request)
    case = seen(reader, reference)
    shape, do, done, allowed = STEPS[name]
    context = caseload.page_of(case, reader, at)
    if not allowed(reader, case):
        raise PermissionDenied("The coordinator or the chair of a conference does this.")
    initial = {field: getattr(case, field) for field in ("version", *services.DESCRIBED)}
    form = shape(request.POST or None, initial=initial)

    if request.method == "POST" and form.carries_out(do, case_id=case.pk, actor=reader, at=at):
        messages.success(request, done)
        return redirect("marac:case", reference=case.reference)
    return _page(request, form, name, context)


def _page(
    request: HttpRequest, form: RefusableForm, page: str, context: dict[str, Any]
) -> HttpResponse:
    """The page of a form; refused, with what was typed and what is wrong."""
    shown = {**context, "form": form, "stale": form.stale}
    return render(request, f"marac/cases/{page}.html", shown, status=form.status)


def _proposed(request: HttpRequest, case: MaracCase) -> HttpResponse:
    """To the case, for whoever may see it; else to what their agency referred."""
    messages.success(request, "It is before the conference. Its coordinator answers.")
    if MaracCase.objects.visible_to(reader_of(request)).filter(pk=case.pk).exists():
        return redirect("marac:case", reference=case.reference)
    return redirect("referrals:sent")


STEPS: dict[str, Any] = {
    "decide": (DecideForm, services.decide_case, "It is answered.", caseload.may_decide),
    "about": (AboutForm, services.describe_case, "It is on record.", caseload.may_describe),
    "close": (CloseForm, services.close_case, "The case is closed.", caseload.may_decide),
}
