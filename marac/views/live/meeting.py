"""A meeting begins, goes on to its next case, and ends."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from marac import services
from marac.forms.live import BeginForm
from marac.models import Attendance
from marac.views.live.acting import acted
from marac.views.live.rooms import leader_of, room_of


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
