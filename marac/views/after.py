"""The victim's voice before and after a meeting, and the end of a flag."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.forms import RefusableForm
from marac import services, wishes
from marac.forms.after import EndFlagForm, ToldForm, WishesForm
from marac.models import Conference, Hearing, MaracFlag
from marac.permissions import can_decide
from victims.models import SafeContact, Victim
from victims.safe_way import rules_of
from victims.views.common import note_reading

ON_A_PAGE = 25
NOT_THEIRS = "Advisers and those who keep conferences speak for victims there."


@require_safe
def to_report(request: HttpRequest) -> HttpResponse:
    """Victims who are to be asked before a meeting, and to be told after one."""
    at, reader = clock.now(), reader_of(request)
    if not wishes.may_have_any(reader):
        raise PermissionDenied(NOT_THEIRS)
    show = "told" if request.GET.get("show") == "told" else "wishes"
    rows = wishes.listed(reader, at, show=show)
    page = Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": wishes.with_ways(list(page.object_list), at),
        "show": show,
        "now": at,
    }
    return render(request, "marac/after/to_report.html", context)


@require_safe
def wishes_of(request: HttpRequest, reference: str) -> HttpResponse:
    """From a reminder to the hearing of the case that it is about."""
    return _to_hearing(request, reference, "marac:wishes")


@require_safe
def told_of(request: HttpRequest, reference: str) -> HttpResponse:
    """From a reminder to the hearing whose victim is to be told."""
    return _to_hearing(request, reference, "marac:told")


def _to_hearing(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    reader = reader_of(request)
    if not wishes.may_have_any(reader):
        raise PermissionDenied(NOT_THEIRS)
    rows = wishes.reportable_by(reader, clock.now()).filter(case__reference=reference)
    if not rows.exists():
        raise Http404("There is nothing to report of this case.")
    heard = name == "marac:told"
    rows = rows.heard() if heard else rows.filter(state__in=Hearing.OPEN)
    order = ("-told_at", "-ended_at") if heard else ("meeting__starts_at",)
    found = rows.select_related("meeting", "case").order_by(*order).first()
    if found is None:
        return redirect("marac:to_report")
    return redirect(name, reference=found.meeting.reference, case=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """What the victim wants of the meeting, or why nobody could ask."""
    at, hearing, reader = _opened(request, reference, case)
    start = {"wanted": hearing.wanted, "not_asked_because": hearing.not_asked_because}
    form = WishesForm(request.POST or None, initial=start)

    given = {"hearing_id": hearing.pk, "actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(services.report_wishes, **given):
        messages.success(request, "The meeting reads what they want.")
        return redirect("marac:to_report")
    return _page(request, hearing, form, "wishes", at)


@require_http_methods(["GET", "HEAD", "POST"])
def tell(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """What the victim was told of the meeting, by their safe way."""
    at, hearing, reader = _opened(request, reference, case)
    form = ToldForm(request.POST or None)

    given = {"hearing_id": hearing.pk, "actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(services.report_told, **given):
        messages.success(request, "It is on record that they were told.")
        return redirect("marac:to_report")
    return _page(request, hearing, form, "told", at)


@require_http_methods(["GET", "HEAD", "POST"])
def end_flag(request: HttpRequest, flag_id: int) -> HttpResponse:
    """Take a flag away before its time."""
    at, reader = clock.now(), reader_of(request)
    flag = _flag(reader, flag_id)
    form, given = EndFlagForm(request.POST or None), {"actor": reader, "at": at}
    if request.method == "POST" and form.carries_out(
        services.remove_flag, flag_id=flag.pk, **given
    ):
        messages.success(request, "The flag is gone. Nobody sees it at a call any more.")
        return redirect("marac:end_flag", flag_id=flag.pk)
    note_reading(reader, request.path, flag.victim, at)
    context = {"flag": flag, "form": form, "now": at}
    return render(request, "marac/after/end_flag.html", context, status=form.status)


def _flag(reader: User, flag_id: int) -> MaracFlag:
    """The flag, for those who take flags away."""
    if not can_decide(reader, Conference()):
        raise PermissionDenied("Coordinators and chairs of the conferences remove flags.")
    rows = MaracFlag.objects.visible_to(reader).select_related(
        "case__conference", "victim__person", "ended_by"
    )
    flag: MaracFlag = get_object_or_404(rows, pk=flag_id)
    return flag


def _opened(request: HttpRequest, reference: str, case: str) -> tuple[datetime, Hearing, User]:
    """The hearing for those who speak with its victim; 404 for whoever may not know of it."""
    at, reader = clock.now(), reader_of(request)
    rows = wishes.reportable_by(reader, at).select_related(
        "meeting__conference", "case__perpetrator", "victim__person", "wanted_by", "told_by"
    )
    hearing = get_object_or_404(rows, meeting__reference=reference, case__reference=case)
    if not wishes.may_report(reader, hearing, at):
        raise PermissionDenied("The victim's adviser and the conference's coordinator report this.")
    return at, hearing, reader


def _page(
    request: HttpRequest,
    hearing: Hearing,
    form: RefusableForm,
    page: str,
    at: datetime,
) -> HttpResponse:
    if request.method != "POST":
        note_reading(reader_of(request), request.path, hearing.victim, at)
    context: dict[str, Any] = {
        "hearing": hearing,
        "meeting": hearing.meeting,
        "victim": hearing.victim,
        "rules": rules_of(_safe_contact(hearing.victim), at),
        "form": form,
        "now": at,
    }
    return render(request, f"marac/after/{page}.html", context, status=form.status)


def _safe_contact(victim: Victim) -> SafeContact | None:
    current = SafeContact.objects.filter(victim=victim, is_current=True)
    return current.select_related("checked_by").first()
