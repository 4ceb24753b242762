"""The meeting itself: case by case, typed by one and seen by all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Agency, User
from accounts.requests import reader_of
from audit import services as audit
from core import clock
from core.errors import DomainError, Stale
from marac import live as pages
from marac import meetings, presence, services
from marac.forms.live import ActionForm, BeginForm, DeferForm, LineForm, StepForm
from marac.live import LivePage
from marac.models import Attendance, Hearing, HearingLine, Invitation, Meeting
from marac.services.live.leading import ONLY_LEADERS, UNSIGNED
from marac.views.agenda import sign_first
from victims.forms.refusable import RefusableForm

#: What of the page is new by itself, each in the element of its name.
FRAGMENTS = ("now", "head", "agenda", "wants", "research", "actions", "people", "steps", "pace")
#: How many meetings ahead a case may be put off to.
MEETINGS_AHEAD = 6


@dataclass(frozen=True, slots=True)
class Room:
    """A meeting with the reader's place in it, at the instant of the request."""

    meeting: Meeting
    place: Attendance
    reader: User
    at: datetime


def room_of(request: HttpRequest, reference: str) -> Room:
    """404 for a meeting that is not seen. Raises PermissionDenied for whoever has not signed."""
    reader = reader_of(request)
    meeting = get_object_or_404(meetings.seen(reader), reference=reference)
    place = pages.place_of(reader, meeting)
    if place is None:
        raise PermissionDenied(UNSIGNED)
    return Room(meeting, place, reader, clock.now())


def speaker_of(request: HttpRequest, reference: str) -> Room:
    """The same for whoever takes part. Raises PermissionDenied for observers."""
    room = room_of(request, reference)
    if room.place.is_observer:
        raise PermissionDenied("Observers listen and write nothing.")
    return room


def leader_of(request: HttpRequest, reference: str) -> Room:
    """The same for chairs and coordinators; said before anything typed is read."""
    room = speaker_of(request, reference)
    if not pages.leads(room.reader, room.meeting):
        raise PermissionDenied(ONLY_LEADERS)
    return room


def heard(room: Room, case: str) -> Hearing:
    """The case at this meeting, if the reader hears it, else 404."""
    rows = Hearing.objects.heard_by(room.reader).filter(meeting=room.meeting)
    return get_object_or_404(rows.select_related("case"), case__reference=case)


@require_safe
def live(request: HttpRequest, reference: str, case: str = "") -> HttpResponse:
    """The meeting at the case that is heard now, or at the one that is asked for."""
    try:
        room = room_of(request, reference)
    except PermissionDenied:
        return sign_first(request, reference)
    if case:
        heard(room, case)
    services.come_in(meeting_id=room.meeting.pk, actor=room.reader, at=room.at)
    return shown(request, room, case=case)


def shown(
    request: HttpRequest, room: Room, *, case: str = "", status: int = 200, **bound: forms.Form
) -> HttpResponse:
    """The page; a form that was refused comes back with what was typed and what is wrong."""
    page = pages.read(room.meeting, room.place, room.reader, room.at, case=case)
    if page.case is not None:
        audit.record_read(
            user=room.reader,
            at=room.at,
            path=request.path,
            subject=page.case.hearing.case.reference,
            victim_id=page.case.hearing.victim_id,
        )
    context = {
        **_context(page),
        "form_for": {**_blank(page, request), **bound},
        "forms": list(bound.values()),
        "follows": not case,
    }
    return render(request, "marac/live/live.html", context, status=status)


def _context(page: LivePage) -> dict[str, Any]:
    return {
        "page": page,
        "meeting": page.meeting,
        "case": page.case,
        "now": page.now,
        "pace": pages.pace_words(page.pace),
        "shape": _shape(page),
        "sections": SECTION_WORDS,
    }


#: Section, heading, what is asked there.
SECTION_WORDS = (
    ("present", "What happened", "What brings it here, told by who refers it."),
    ("share", "Said in the meeting", "What agencies add to what they returned."),
    ("analyse", "Risk, and what changed", "What the meeting makes of it."),
    ("conclude", "Conclusion", "What is decided, and why where nothing is to be done."),
)


def _shape(page: LivePage) -> str:
    """What makes the page another page: with the same one its forms stay as they are."""
    case = page.case
    part = f"{case.hearing.case.reference}:{case.may_write}:{case.may_lead}" if case else ""
    return f"{page.meeting.state}:{part}"


def _blank(page: LivePage, request: HttpRequest) -> dict[str, forms.Form]:
    """The forms as they are before anybody types."""
    blank: dict[str, forms.Form] = {"begin": BeginForm(auto_id="begin_%s")}
    if page.case is None or not page.case.may_write:
        return blank
    others = page.case.agencies if page.leads else ()
    for section, _, _ in SECTION_WORDS:
        blank[f"line_{section}"] = LineForm(section=section, agencies=others)
    blank["action"] = ActionForm(seats=page.seats, agencies=page.case.agencies, at=page.now)
    corrected = _corrected(page, request.GET.get("correct", ""))
    if corrected is not None:
        blank[f"line_{corrected.section}"] = LineForm(
            section=corrected.section,
            agencies=others,
            initial={"corrects_id": corrected.pk, "words": corrected.words},
        )
    return blank


def _corrected(page: LivePage, number: str) -> HearingLine | None:
    """The line that the reader puts right, if it is one of the case that is shown."""
    assert page.case is not None
    lines = (said.line for rows in page.case.said.values() for said in rows)
    return next((line for line in lines if str(line.pk) == number), None)


@require_safe
def live_changes(request: HttpRequest, reference: str) -> HttpResponse:
    """What is new since the number that the page knows: nothing (204), or its parts anew."""
    case, reader = request.GET.get("case", ""), reader_of(request)
    count = pages.count_for(reader, reference, case)
    if count is None:
        raise Http404
    if str(count) == request.GET.get("after", ""):
        return HttpResponse(status=204)
    room = room_of(request, reference)
    page = pages.read(room.meeting, room.place, reader, room.at, case=case)
    at = page.at
    return JsonResponse(
        {
            "after": count,
            "shape": _shape(page),
            "at": at.hearing.case.reference if at and at.hearing else "",
            "fragments": _fragments(request, page),
        }
    )


def _fragments(request: HttpRequest, page: LivePage) -> dict[str, str]:
    context = _context(page)
    parts: dict[str, str] = {
        f"live-{name}": render_to_string(f"marac/live/_{name}.html", context, request)
        for name in FRAGMENTS
    }
    for section, heading, _ in SECTION_WORDS:
        lines = {
            **context,
            "section": section,
            "heading": heading,
            "rows": page.case.said[section] if page.case else (),
        }
        parts[f"live-lines-{section}"] = render_to_string("marac/live/_lines.html", lines, request)
    return parts


@require_POST
def live_writing(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Say in which part of the page one writes; the answer is who else does."""
    room = room_of(request, reference)
    hearing = heard(room, case)
    if not room.place.is_observer:
        section = request.POST.get("section", "")
        presence.note(hearing_id=hearing.pk, person=room.reader, section=section)
    people = Attendance.objects.signed().filter(meeting=room.meeting, is_observer=False)
    writing = presence.writers(
        hearing_id=hearing.pk,
        person_ids=people.values_list("person_id", flat=True),
        but=room.reader,
    )
    return JsonResponse({"writers": [f'{one.name} is writing in "{one.where}"' for one in writing]})


@require_POST
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """The chair begins the meeting."""
    room, form = room_of(request, reference), BeginForm(request.POST, auto_id="begin_%s")

    def save() -> str:
        services.begin_meeting(
            meeting_id=room.meeting.pk, actor=room.reader, at=room.at, **form.cleaned_data
        )
        return "The meeting has begun."

    return acted(request, room, "", "begin", form, save)


@require_POST
def end(request: HttpRequest, reference: str) -> HttpResponse:
    """The chair ends the meeting."""
    room = room_of(request, reference)
    services.end_meeting(meeting_id=room.meeting.pk, actor=room.reader, at=room.at)
    messages.success(request, "The meeting is over. Its minutes are due.")
    return redirect("marac:meeting", reference=reference)


@require_POST
def in_the_room(request: HttpRequest, reference: str, attendance: int) -> HttpResponse:
    """Somebody who signed is in the room without a page of their own."""
    room = leader_of(request, reference)
    row = get_object_or_404(Attendance, pk=attendance, meeting=room.meeting)
    services.note_here(attendance_id=row.pk, actor=room.reader, at=room.at)
    messages.success(request, f"{row.person} is noted as in the meeting.")
    return redirect("marac:live", reference=reference)


@require_POST
def begin_next(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin the next case that waits."""
    room = leader_of(request, reference)
    row = services.begin_next(meeting_id=room.meeting.pk, actor=room.reader, at=room.at)
    if row is None:
        messages.info(request, "No case waits.")
    return redirect("marac:live", reference=reference)


@require_POST
def write_line(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Write down what was said."""
    room = speaker_of(request, reference)
    hearing, section = heard(room, case), request.POST.get("section", "")
    mine = _agencies(room) if pages.leads(room.reader, room.meeting) else []
    form = LineForm(request.POST, agencies=mine, auto_id=f"{section}_%s")

    def save() -> str:
        services.write_line(
            hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.cleaned_data
        )
        return "Written down."

    return acted(request, room, case, f"line_{section}", form, save)


def _agencies(room: Room) -> list[Agency]:
    """Every agency that is invited; whether it speaks at a case the service says."""
    rows = Invitation.objects.filter(meeting=room.meeting).select_related("agency")
    return [row.agency for row in rows.order_by("-is_core", "agency__name")]


@require_POST
def agree_action(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Agree who does what by when."""
    room = speaker_of(request, reference)
    hearing = heard(room, case)
    page = pages.read(room.meeting, room.place, room.reader, room.at, case=case)
    allowed = page.case.agencies if page.case else ()
    form = ActionForm(request.POST, seats=page.seats, agencies=allowed, at=room.at)

    def save() -> str:
        action = services.agree_action(
            hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.said()
        )
        return f"Agreed: {action.reference}."

    return acted(request, room, case, "action", form, save)


@require_POST
def go_on(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Take the case to another stage."""
    room = leader_of(request, reference)
    hearing, form = heard(room, case), StepForm(request.POST)

    def save() -> str:
        row = services.go_on(
            hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.cleaned_data
        )
        return f"{row.get_state_display()}."

    return acted(request, room, case, "step", form, save)


@require_POST
def conclude(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Conclude the case and go to the next one that waits."""
    room = leader_of(request, reference)
    hearing, form = heard(room, case), StepForm(request.POST)

    def save() -> str:
        services.conclude_case(
            hearing_id=hearing.pk,
            version=form.cleaned_data["version"],
            actor=room.reader,
            at=room.at,
        )
        return f"Concluded. {_next(room)}"

    return acted(request, room, case, "step", form, save, then="")


def _next(room: Room) -> str:
    """Begin the next case, where that is theirs to do: words for what came of it."""
    try:
        row = services.begin_next(meeting_id=room.meeting.pk, actor=room.reader, at=room.at)
    except (PermissionDenied, DomainError):
        return "Somebody else leads the meeting through the next one."
    return "The next one is begun." if row else "No case waits any more."


@require_http_methods(["GET", "HEAD", "POST"])
def defer(request: HttpRequest, reference: str, case: str) -> HttpResponse:
    """Put a case off, with the reason."""
    room = leader_of(request, reference)
    hearing, ahead = heard(room, case), _ahead(room)
    form = DeferForm(request.POST or None, meetings=ahead, initial={"version": hearing.version})
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            services.defer_case(
                hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.cleaned_data
            )
        except DomainError as error:
            status = error.status
            _refuse(form, error)
        else:
            messages.success(request, "The case is put off.")
            return redirect("marac:live", reference=reference)
    elif request.method == "POST":
        status = 400
    context = {"form": form, "meeting": room.meeting, "hearing": hearing, "now": room.at}
    return render(request, "marac/live/defer.html", context, status=status)


def _ahead(room: Room) -> list[Meeting]:
    """Where a case that is put off may be heard."""
    conference = room.meeting.conference
    rows = Meeting.objects.ahead().filter(conference=conference, starts_at__gt=room.at)
    return list(rows.exclude(pk=room.meeting.pk).order_by("starts_at")[:MEETINGS_AHEAD])


def acted(
    request: HttpRequest,
    room: Room,
    case: str,
    name: str,
    form: RefusableForm,
    save: Callable[[], str],
    *,
    then: str | None = None,
) -> HttpResponse:
    """Do what a form says and go back to the page, or show the page with what is wrong.

    A page that sends by itself is answered in JSON, with the words of a refusal.
    """
    status = 400
    if form.is_valid():
        try:
            words = save()
        except DomainError as error:
            status = error.status
            _refuse(form, error)
        except PermissionDenied as error:
            if not _wants_json(request):
                raise
            return JsonResponse({"detail": str(error)}, status=403)
        else:
            if _wants_json(request):
                return JsonResponse({"detail": words}, status=201)
            messages.success(request, words)
            return redirect(_back(room, case if then is None else then))
    if _wants_json(request):
        wrong = [str(words) for field in form.errors.values() for words in field]
        return JsonResponse({"detail": " ".join(wrong)}, status=status)
    return shown(request, room, case=case, status=status, **{name: form})


def _back(room: Room, case: str) -> str:
    reference = room.meeting.reference
    if case:
        return reverse("marac:live_case", args=[reference, case])
    return reverse("marac:live", args=[reference])


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def _refuse(form: RefusableForm, error: DomainError) -> None:
    """Words at their field. What changed meanwhile is read again; what was typed stays."""
    if isinstance(error, Stale):
        data = form.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(error.version)
        form.data = data
        now = ", ".join(str(value) for value in error.theirs.values())
        form.add_error(None, f"{error.message} It is now: {now}. What you typed is still here.")
        return
    form.refuse(error)
