"""What a meeting does with one case: says, agrees, takes it on, concludes, puts it off."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Agency
from core.errors import DomainError
from marac import live as pages
from marac import services
from marac.forms.live import ActionForm, DeferForm, LineForm, StepForm
from marac.models import Invitation, Meeting
from marac.views.agenda import given
from marac.views.live.acting import acted, refused
from marac.views.live.rooms import Room, heard, leader_of, speaker_of

#: How many meetings ahead a case may be put off to.
MEETINGS_AHEAD = 6


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
            hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.details()
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
    form = DeferForm(given(request), meetings=ahead, initial={"version": hearing.version})
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.defer_case(
                hearing_id=hearing.pk, actor=room.reader, at=room.at, **form.cleaned_data
            )
        except DomainError as error:
            status = error.status
            refused(form, error)
        else:
            messages.success(request, "The case is put off.")
            return redirect("marac:live", reference=reference)
    context = {"form": form, "meeting": room.meeting, "hearing": hearing, "now": room.at}
    return render(request, "marac/live/defer.html", context, status=status)


def _ahead(room: Room) -> list[Meeting]:
    """Where a case that is put off may be heard."""
    conference = room.meeting.conference
    rows = Meeting.objects.ahead().filter(conference=conference, starts_at__gt=room.at)
    return list(rows.exclude(pk=room.meeting.pk).order_by("starts_at")[:MEETINGS_AHEAD])
