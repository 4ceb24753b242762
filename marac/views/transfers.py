"""A case changes hands: begun, checked by both sides, handed over or not."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import Stale
from core.forms import RefusableForm
from marac import services
from marac import transfers as pages
from marac.forms.transfers import BeginForm, CheckForm, ReceiveForm, SettleForm
from marac.models import Conference, MaracCase, Transfer
from marac.permissions import can_decide, can_view_conferences
from marac.services.transfers.checking import CHECKS
from victims.views.common import note_reading

ON_A_PAGE = 25


def seen(request: HttpRequest, reference: str) -> Transfer:
    """The handover if this person may see its case, else 404."""
    return get_object_or_404(pages.seen(reader_of(request)), reference=reference)


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """What is being handed over, and what was."""
    reader, show = reader_of(request), "over" if request.GET.get("show") == "over" else ""
    if not can_view_conferences(reader):
        raise PermissionDenied("Those who keep conferences hand cases over.")
    page = Paginator(pages.listed(reader, show=show), ON_A_PAGE).get_page(request.GET.get("page"))
    may = can_decide(reader, Conference())
    context = {"page": page, "show": show, "may_receive": may, "now": clock.now()}
    return render(request, "marac/transfers/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin to hand a case over to another conference or area."""
    at, reader = clock.now(), _keeper(request)
    rows = MaracCase.objects.visible_to(reader).select_related("conference", "victim__person")
    case = get_object_or_404(rows, reference=reference)
    form = BeginForm(request.POST or None, case=case)

    context = {"case": case, "victim": case.victim, "form": form, "now": at}
    act = partial(services.begin_transfer, case_id=case.pk, actor=reader, at=at)
    return _begun(request, form, act, "begin", context)


@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest) -> HttpResponse:
    """Another area hands over the case of a victim who is on record here (?victim=V-...)."""
    at, reader = clock.now(), _keeper(request)
    start = {key: request.GET.get(key, "") for key in ("victim", "perpetrator")}
    form = ReceiveForm(request.POST or None, reader=reader, initial=start)

    act = partial(services.receive_transfer, actor=reader, at=at)
    return _begun(request, form, act, "receive", {"form": form, "now": at})


@require_safe
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """One handover: what is checked, and what is missing."""
    row = seen(request, reference)
    note_reading(reader_of(request), request.path, row.victim, clock.now())
    return _page(request, row)


@require_POST
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """One check is done."""
    row, form = seen(request, reference), CheckForm(request.POST, auto_id=_ids(request))
    reader = reader_of(request)
    if not pages.may_check(row, reader, clock.now()):
        raise PermissionDenied("Coordinators and chairs check; advisers say what they said.")

    return _do(request, row, form, services.check_transfer, reader, "On record.")


@require_POST
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything is checked: the case changes hands."""
    row, form = seen(request, reference), SettleForm(request.POST)
    reader = _keeper(request)

    return _do(request, row, form, services.finish_transfer, reader, "Handed over.")


@require_POST
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """Not handed over after all."""
    row, form = seen(request, reference), SettleForm(request.POST)
    reader = _keeper(request)

    return _do(request, row, form, services.cancel_transfer, reader, "Given up: the case stays.")


def _ids(request: HttpRequest) -> str:
    """How the fields of the check that was sent are named on the page."""
    what = request.POST.get("what", "")
    return f"{what}_%s" if what in CHECKS else "id_%s"


def _keeper(request: HttpRequest) -> User:
    """Who asks, if they hand cases over. Raises PermissionDenied otherwise."""
    reader = reader_of(request)
    if not can_decide(reader, Conference()):
        raise PermissionDenied("Coordinators and chairs hand cases over.")
    return reader


def _begun(
    request: HttpRequest,
    form: RefusableForm,
    act: Callable[..., Transfer],
    page: str,
    context: dict[str, Any],
) -> HttpResponse:
    """To the handover that a form begins; else its page, with what was typed and what is wrong."""
    if request.method == "POST" and form.carries_out(act):
        row = form.result
        messages.success(request, f"{row.reference}: check with the other side now.")
        return redirect("marac:transfer", reference=row.reference)
    return render(request, f"marac/transfers/{page}.html", context, status=form.status)


def _do(
    request: HttpRequest,
    row: Transfer,
    form: RefusableForm,
    act: Callable[..., Transfer],
    reader: User,
    words: str,
) -> HttpResponse:
    """Do what a form says; refused, the page shows it again with what was typed."""
    if form.carries_out(act, transfer_id=row.pk, actor=reader, at=clock.now()):
        messages.success(request, words)
        return redirect("marac:transfer", reference=row.reference)
    return _page(request, row, form, form.status, form.stale)


def _page(
    request: HttpRequest,
    row: Transfer,
    form: RefusableForm | None = None,
    status: int = 200,
    stale: Stale | None = None,
) -> HttpResponse:
    row = pages.seen(reader_of(request)).get(pk=row.pk)
    context: dict[str, Any] = pages.page_of(row, reader_of(request), clock.now())
    what = request.POST.get("what", "") if isinstance(form, CheckForm) else ""
    context["rows"] = [
        (one, form if one.code == what else _blank(one.code, row)) for one in context["checks"]
    ]
    ended = form if isinstance(form, SettleForm) else None
    context["settle"] = ended or SettleForm(initial={"version": row.version})
    context["form"], context["stale"] = form or context["settle"], stale
    return render(request, "marac/transfers/one.html", context, status=status)


def _blank(what: str, row: Transfer) -> CheckForm:
    """A form of one check, its fields named apart from those of the others."""
    start = {"what": what, "version": row.version, "words": _said(what, row)}
    return CheckForm(initial=start, auto_id=f"{what}_%s")


def _said(what: str, row: Transfer) -> str:
    return {"heard": row.heard_words, "adviser": row.adviser_words}.get(what, "")
