"""The agenda of a meeting: read, built, sent, and what overflows passed on."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from core.errors import DomainError, Stale
from core.forms import RefusableForm
from marac import agendas, services
from marac.forms.agenda import (
    FoundForm,
    ListForm,
    MoveForm,
    OverflowForm,
    SendForm,
    WordsForm,
    case_named,
)
from marac.models import Hearing, MaracCase, Meeting
from marac.permissions import can_keep
from marac.querysets import keeps
from marac.services.agenda.listing import is_late_for
from marac.services.agenda.overflow import next_meeting
from marac.views.meetings import seen

ON_A_PAGE = 25
Do = Callable[[], object]


def given(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form: also where that is nothing."""
    return request.POST if request.method == "POST" else None


def opened(request: HttpRequest, reference: str) -> Meeting:
    """A meeting whose cases the reader may know: 404 unseen, 403 unsigned or not out yet."""
    found, reader = seen(request, reference), reader_of(request)
    if keeps(reader):
        return found
    if not Meeting.objects.opened_by(reader).filter(pk=found.pk).exists():
        raise PermissionDenied("Sign the meeting's confidentiality statement first.")
    return found


def sign_first(request: HttpRequest, reference: str) -> HttpResponse:
    """What stands where cases open only to those who signed, for those who have not: the way."""
    context = {"meeting": seen(request, reference)}
    return render(request, "marac/live/unsigned.html", context, status=403)


def built(request: HttpRequest, reference: str) -> Meeting:
    """A meeting whose agenda the reader builds: 404 unseen, 403 otherwise."""
    found = seen(request, reference)
    if not can_keep(reader_of(request), found.conference):
        raise PermissionDenied("A coordinator builds the agenda.")
    return found


def heard(request: HttpRequest, meeting: Meeting, case: str) -> Hearing:
    """The hearing of a case at a meeting, as this reader may know it, else 404."""
    rows = Hearing.objects.visible_to(reader_of(request)).select_related("case__victim__person")
    found = rows.filter(meeting=meeting, case__reference=case).order_by("-pk").first()
    return found or get_object_or_404(rows.none())


@require_safe
def agenda(request: HttpRequest, reference: str) -> HttpResponse:
    """What is heard; for the coordinator also what could be."""
    at, reader = clock.now(), reader_of(request)
    try:
        found = opened(request, reference)
    except PermissionDenied:
        return sign_first(request, reference)
    context = agendas.page_of(found, reader, at)
    if context["may_build"]:
        context |= _candidates(request, found, reader, at)
    return render(request, "marac/agenda/agenda.html", context)


def _candidates(
    request: HttpRequest, meeting: Meeting, reader: User, at: datetime
) -> dict[str, Any]:
    form = FoundForm(request.GET)
    show = form.cleaned_data["show"] if form.is_valid() else ""
    show = show if show in agendas.SHOWN else ""
    page = Paginator(agendas.waiting_cases(meeting, reader, show), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    return {
        "page": page,
        "candidates": [agendas.candidate(case, at) for case in page],
        "show": show,
        "shown": agendas.SHOWN,
        "flags": agendas.flags_ending(meeting, reader)[:ON_A_PAGE],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def list_case(request: HttpRequest, reference: str) -> HttpResponse:
    """One case more; where it is late, with the reason."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    form = ListForm(
        given(request),
        conference_id=meeting.conference_id,
        cases=MaracCase.objects.visible_to(reader),
        initial={"case": request.GET.get("case", "")},
    )

    def do() -> object:
        said = dict(form.cleaned_data)
        case_id = said.pop("case").pk
        return services.list_case(
            meeting_id=meeting.pk, case_id=case_id, actor=reader, at=at, **said
        )

    context = {"is_late": is_late_for(meeting, at)}
    return _act(request, meeting, form, do, "list_case", "Listed.", context)


@require_POST
def order(request: HttpRequest, reference: str) -> HttpResponse:
    """One case a place higher or lower."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    form = MoveForm(request.POST)
    if form.is_valid():
        rows = agendas.entries(meeting, reader)
        said = form.cleaned_data
        try:
            services.put_in_order(
                meeting_id=meeting.pk,
                hearing_ids=agendas.moved(rows, said["hearing"], said["by"]),
                version=said["version"],
                actor=reader,
                at=at,
            )
        except DomainError as error:
            messages.warning(request, error.message)
    return redirect("marac:agenda", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def take_off(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """A case comes off the agenda, and why."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    hearing = heard(request, meeting, case)
    form = WordsForm(given(request))

    def do() -> object:
        return services.take_off(hearing_id=hearing.pk, actor=reader, at=at, **form.cleaned_data)

    said = f"{hearing.case} is off the agenda and waits for another meeting."
    return _act(request, meeting, form, do, "take_off", said, {"hearing": hearing})


@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """The agenda goes out; every agency is told and asked."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    page = agendas.page_of(meeting, reader, at)
    form = SendForm(
        given(request),
        hearings=_cases(page),
        over=page["over"] > 0,
        weekly=meeting.kind == Meeting.Kind.WEEKLY,
    )

    def do() -> object:
        return services.send_agenda(meeting_id=meeting.pk, actor=reader, at=at, **form.details())

    said = "The agenda is out. Every agency that is invited is told."
    return _act(request, meeting, form, do, "send", said, page)


@require_http_methods(["GET", "HEAD", "POST"])
def overflow(request: HttpRequest, reference: str) -> HttpResponse:
    """What there is no room for goes to another meeting, in one step."""
    at, meeting, reader = clock.now(), built(request, reference), reader_of(request)
    page = agendas.page_of(meeting, reader, at)
    form = OverflowForm(
        given(request),
        cases=_cases(page),
        meetings=_others(meeting),
        initial=_beyond(page, meeting),
    )

    def do() -> object:
        return _pass_on(form, meeting, reader, at)

    said = "Passed on. What agencies returned goes with them."
    return _act(request, meeting, form, do, "overflow", said, page)


def _pass_on(form: OverflowForm, meeting: Meeting, reader: User, at: datetime) -> object:
    pass_on = services.pass_on_to_emergency if form.calls_one else services.pass_on_cases
    return pass_on(meeting_id=meeting.pk, actor=reader, at=at, **form.details())


def _cases(page: dict[str, Any]) -> list[tuple[int, str]]:
    rows = [row for _, held in page["parts"] for row in held]
    waiting = [row.hearing for row in rows if row.hearing and row.hearing.state == "waiting"]
    return [(hearing.pk, case_named(hearing)) for hearing in waiting]


def _others(meeting: Meeting) -> list[Meeting]:
    rows = Meeting.objects.ahead().filter(conference=meeting.conference_id).exclude(pk=meeting.pk)
    return list(rows.filter(starts_at__gt=clock.now()).order_by("starts_at", "pk")[:8])


def _beyond(page: dict[str, Any], meeting: Meeting) -> dict[str, Any]:
    """Ticked at first: what is beyond the room, and the next meeting of the same kind."""
    rows = [row for _, held in page["parts"] for row in held]
    following = next_meeting(meeting)
    return {
        "hearings": [row.hearing_id for row in rows if row.beyond and row.hearing],
        "to": str(following.pk) if following else OverflowForm.EMERGENCY,
        "place": meeting.conference.weekly_place,
    }


@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Somebody is near to a case and says so; it is shut to them then."""
    at, meeting, reader = clock.now(), opened(request, reference), reader_of(request)
    hearing = heard(request, meeting, case)
    form = WordsForm(given(request))

    def do() -> object:
        return services.declare_conflict(
            hearing_id=hearing.pk, actor=reader, at=at, **form.cleaned_data
        )

    said = "Thank you. The case is not shown to you any more."
    return _act(request, meeting, form, do, "conflict", said, {"hearing": hearing})


def _act(
    request: HttpRequest,
    meeting: Meeting,
    form: RefusableForm,
    do: Do,
    page: str,
    said: str,
    more: dict[str, Any],
) -> HttpResponse:
    """Show the form, or do it; refused, it shows again with what was typed."""
    status, stale = (400 if form.is_bound else 200), None
    if request.method == "POST" and form.is_valid():
        try:
            do()
        except DomainError as error:
            form.refuse(error)
            status, stale = error.status, error if isinstance(error, Stale) else None
        else:
            messages.success(request, said)
            return redirect("marac:agenda", reference=meeting.reference)
    context = {**more, "meeting": meeting, "form": form, "stale": stale, "now": clock.now()}
    return render(request, f"marac/agenda/{page}.html", context, status=status)
