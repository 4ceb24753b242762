"""Meetings: the list, one meeting, and what is done with it."""

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
from core.errors import DomainError, Stale
from core.forms import RefusableForm
from marac import meetings as pages
from marac import services
from marac.forms.meetings import (
    AnswerForm,
    CancelForm,
    EmergencyForm,
    FoundForm,
    MoveForm,
    ObserverForm,
    SignForm,
)
from marac.models import Attendance, Conference, Meeting
from marac.permissions import can_attend, can_decide, can_keep, can_view_conferences
from marac.statement import CURRENT, STATEMENTS

#: What one page, the same for all of them, says of each step of a meeting.
STEPS = {
    "answer": {"title": "Will you come?", "heading": "Answer", "button": "Save the answer"},
    "move": {"title": "Move", "heading": "Move", "button": "Move the meeting"},
    "cancel": {
        "title": "Cancel",
        "heading": "Cancel",
        "button": "Cancel the meeting",
        "tone": "warn",
    },
}
ON_A_PAGE = 25


def seen(request: HttpRequest, reference: str) -> Meeting:
    """The meeting if this person may see it, else 404."""
    return get_object_or_404(pages.seen(reader_of(request)), reference=reference)


def keeper(request: HttpRequest, meeting: Meeting) -> User:
    """Who asks, if they plan meetings. Raises PermissionDenied otherwise."""
    reader = reader_of(request)
    if not can_keep(reader, meeting.conference):
        raise PermissionDenied("Only coordinators plan meetings.")
    return reader


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """What is ahead, or over: all for those who keep conferences, else their own."""
    at, reader = clock.now(), reader_of(request)
    if not (can_attend(reader) or can_view_conferences(reader)):
        raise PermissionDenied("Your role does not come to conferences.")
    form = FoundForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    rows = pages.listed(reader, **asked)
    context = {
        "page": Paginator(rows, ON_A_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "asked": asked,
        "conferences": Conference.objects.visible_to(reader).running(),
        "keeps": can_view_conferences(reader),
        "may_call": can_decide(reader, Conference()),
        "may_open": can_keep(reader, Conference()),
        "now": at,
    }
    return render(request, "marac/meetings/list.html", context)


@require_safe
def meeting(request: HttpRequest, reference: str) -> HttpResponse:
    """One meeting: who comes, whether they may decide, and what is next to do."""
    found = seen(request, reference)
    context = pages.page_of(found, reader_of(request), clock.now())
    return render(request, "marac/meetings/one.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The confidentiality statement, read and signed."""
    at, found, reader = clock.now(), seen(request, reference), reader_of(request)
    form, status = SignForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                services.sign(
                    meeting_id=found.pk,
                    statement=form.cleaned_data["statement"],
                    actor=reader,
                    at=at,
                )
            except DomainError as error:
                form, status = SignForm(), error.status
                messages.warning(request, error.message)
            else:
                messages.success(request, "Signed. What this meeting says of cases is open to you.")
                return redirect("marac:meeting", reference=reference)
    return _statement(request, found, form, status)


def _statement(request: HttpRequest, found: Meeting, form: SignForm, status: int) -> HttpResponse:
    rows = Attendance.objects.of(reader_of(request)).filter(meeting=found)
    mine = rows.select_related("agency").first()
    signed = mine.statement if mine and mine.signed_at else None
    statement = STATEMENTS[signed] if signed else CURRENT
    context = {"meeting": found, "form": form, "mine": mine, "statement": statement}
    return render(request, "marac/meetings/sign.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """An agency's answer: by its own people, or by the coordinator whom they told."""
    at, found, reader = clock.now(), seen(request, reference), reader_of(request)
    own = None if can_keep(reader, found.conference) else _own_agency(reader, found)
    start = {"agency": own or request.GET.get("agency", "")}
    form = AnswerForm(request.POST or None, meeting=found, own=own, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.answer_invitation(
                meeting_id=found.pk, actor=reader, at=at, **form.details()
            )
        except DomainError as error:
            return _refused(request, found, form, "answer", error)
        messages.success(request, f"{row.agency}: {row.get_state_display().lower()}.")
        return redirect("marac:meeting", reference=reference)
    return _form(request, found, form, "answer")


def _own_agency(reader: User, found: Meeting) -> int:
    agency = reader.team.agency_id if can_attend(reader) and reader.team else None
    if agency is None or not found.invitations.filter(agency=agency).exists():
        raise PermissionDenied("Your agency is not invited to this meeting.")
    return agency


@require_http_methods(["GET", "HEAD", "POST"])
def observers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who observes; by POST somebody may."""
    at, found, reader = clock.now(), seen(request, reference), reader_of(request)
    if not can_decide(reader, found.conference):
        raise PermissionDenied("Only coordinators and chairs let somebody observe.")
    form = ObserverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.add_observer(meeting_id=found.pk, actor=reader, at=at, **form.details())
        except DomainError as error:
            return _refused(request, found, form, "observers", error)
        messages.success(request, f"{row.person} may observe once they have signed.")
        return redirect("marac:observers", reference=reference)
    return _form(request, found, form, "observers")


@require_POST
def remove_observer(request: HttpRequest, reference: str, person_id: int) -> HttpResponse:
    """Somebody who has not signed does not observe after all."""
    at, found, reader = clock.now(), seen(request, reference), reader_of(request)
    try:
        services.remove_observer(meeting_id=found.pk, person_id=person_id, actor=reader, at=at)
    except DomainError as error:
        messages.warning(request, error.message)
    return redirect("marac:observers", reference=reference)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, reference: str) -> HttpResponse:
    """To another day, time or place."""
    at, found = clock.now(), seen(request, reference)
    reader = keeper(request, found)
    start = {"version": found.version, "starts_at": found.starts_at, "place": found.place}
    form = MoveForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.move_meeting(meeting_id=found.pk, actor=reader, at=at, **form.cleaned_data)
        except DomainError as error:
            return _refused(request, found, form, "move", error)
        messages.success(request, "Moved. Everybody invited is told.")
        return redirect("marac:meeting", reference=reference)
    return _form(request, found, form, "move")


@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """It does not take place."""
    at, found = clock.now(), seen(request, reference)
    reader = keeper(request, found)
    form = CancelForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        try:
            services.cancel_meeting(meeting_id=found.pk, actor=reader, at=at, **form.cleaned_data)
        except DomainError as error:
            return _refused(request, found, form, "cancel", error)
        messages.success(request, "Cancelled. Everybody invited is told.")
        return redirect("marac:meeting", reference=reference)
    return _form(request, found, form, "cancel")


@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """A meeting at any hour."""
    at, reader = clock.now(), reader_of(request)
    if not can_decide(reader, Conference()):
        raise PermissionDenied("Only coordinators and chairs call an emergency meeting.")
    start = {"conference": request.GET.get("conference", "")}
    form = EmergencyForm(request.POST or None, initial=start)
    if request.method == "POST" and form.carries_out(services.plan_emergency, actor=reader, at=at):
        messages.success(request, "Planned. Every agency is invited and told.")
        return redirect("marac:meeting", reference=form.result.reference)
    return render(request, "marac/meetings/emergency.html", {"form": form}, status=form.status)


def _refused(
    request: HttpRequest, found: Meeting, form: RefusableForm, page: str, error: DomainError
) -> HttpResponse:
    """The form as it was sent, with what is wrong; after somebody else's change, both versions."""
    form.refuse(error)
    stale = error if isinstance(error, Stale) else None
    if stale is not None:
        form.data = {**form.data.dict(), "version": stale.version}  # type: ignore[attr-defined]
    return _form(request, found, form, page, status=error.status, stale=stale)


def _form(
    request: HttpRequest,
    found: Meeting,
    form: RefusableForm,
    page: str,
    status: int | None = None,
    stale: Stale | None = None,
) -> HttpResponse:
    status = status or (400 if form.is_bound else 200)
    context: dict[str, Any] = {"meeting": found, "form": form, "stale": stale, "now": clock.now()}
    if page == "observers":
        rows = Attendance.objects.filter(meeting=found, is_observer=True)
        context["observers"] = rows.select_related("person", "agency", "added_by")
    context["step"] = STEPS.get(page)
    name = "step" if page in STEPS else page
    return render(request, f"marac/meetings/{name}.html", context, status=status)
