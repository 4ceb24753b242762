"""Schools to be told before their next day: the list, and the children of one incident."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError
from incidents.models import Incident
from referrals import school_notices as pages
from referrals import services
from referrals.forms.schools import NotNeededForm, TellForm
from referrals.permissions import can_view_queue, can_work

ON_A_PAGE = 25


def _reader(request: HttpRequest) -> User:
    reader = reader_of(request)
    if not can_view_queue(reader):
        raise PermissionDenied("Schools are told by the referral unit.")
    return reader


def _worker(request: HttpRequest) -> User:
    if not can_work(_reader(request)):
        raise PermissionDenied("Only MARU workers and their manager tell schools.")
    return reader_of(request)


@require_safe
def schools(request: HttpRequest) -> HttpResponse:
    """Children of whom a school is to be told, the least time left first."""
    reader, filters = _reader(request), pages.Filters.from_query(request.GET)
    page = Paginator(pages.listed(reader, filters), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": pages.rows_of(page.object_list),
        "filters": filters,
        "choices": pages.WORDS.items(),
        "areas": pages.areas(),
        "now": clock.now(),
    }
    return render(request, "referrals/schools/list.html", context)


def _incident(reader: User, reference: str) -> tuple[Incident, list[pages.Row]]:
    """The incident and its children, if there are any that the reader may know of; else 404."""
    incident = get_object_or_404(Incident.objects.select_related("area"), reference=reference)
    rows = pages.of_incident(incident, reader)
    if not rows:
        raise Http404
    return incident, rows


@require_safe
def of_incident(request: HttpRequest, incident: str) -> HttpResponse:
    """The children of one incident, what was said of each, and the forms."""
    reader, at = _reader(request), clock.now()
    found, rows = _incident(reader, incident)
    audit.record_read(
        user=reader,
        at=at,
        path=request.path,
        subject=incident,
        victim_id=rows[0].notice.victim_id,
        incident_id=found.pk,
    )
    return _shown(request, found, rows, 200)


@require_POST
def tell(request: HttpRequest, incident: str) -> HttpResponse:
    """Tell one school of the children who were chosen."""
    reader = _worker(request)
    found, rows = _incident(reader, incident)
    form = TellForm(request.POST, owed=pages.owed(rows), auto_id="tell_%s")

    if form.carries_out(services.tell_school, incident_id=found.pk, actor=reader, at=clock.now()):
        sharing = form.result
        return _done(request, found, f"{sharing.agency} is told: {sharing.reference}.")
    return _again(request, found, form.status, tell=form)


@require_POST
def not_needed(request: HttpRequest, incident: str) -> HttpResponse:
    """No school is told of the children who were chosen, with words."""
    reader = _worker(request)
    found, rows = _incident(reader, incident)
    form = NotNeededForm(request.POST, owed=pages.owed(rows), auto_id="not_%s")

    if form.carries_out(services.not_needed, incident_id=found.pk, actor=reader, at=clock.now()):
        return _done(request, found, "Recorded: no school is told.")
    return _again(request, found, form.status, not_needed=form)


@require_POST
def needed(request: HttpRequest, incident: str, notice_id: int) -> HttpResponse:
    """That no school is told was wrong."""
    reader = _worker(request)
    found, _ = _incident(reader, incident)
    try:
        services.needed_after_all(
            incident_id=found.pk, notice_id=notice_id, actor=reader, at=clock.now()
        )
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "A school is to be told after all.")
    return redirect("referrals:schools_of", incident=incident)


def _done(request: HttpRequest, incident: Incident, words: str) -> HttpResponse:
    messages.success(request, words)
    return redirect("referrals:schools_of", incident=incident.reference)


def _again(
    request: HttpRequest, incident: Incident, status: int, **refused: TellForm | NotNeededForm
) -> HttpResponse:
    """The children, with what was chosen and typed and what is wrong with it."""
    rows = pages.of_incident(incident, reader_of(request))
    return _shown(request, incident, rows, status, **refused)


def _shown(
    request: HttpRequest,
    incident: Incident,
    rows: list[pages.Row],
    status: int,
    **bound: Any,
) -> HttpResponse:
    owed = pages.owed(rows)
    context = {
        "incident": incident,
        "rows": rows,
        "owed": owed,
        "may_tell": can_work(reader_of(request)),
        "tell": bound.get("tell") or TellForm(owed=owed, auto_id="tell_%s"),
        "not_needed": bound.get("not_needed") or NotNeededForm(owed=owed, auto_id="not_%s"),
        "forms": list(bound.values()),
        "now": clock.now(),
    }
    return render(request, "referrals/schools/of_incident.html", context, status=status)
