"""Who may be on the pages of a meeting, and with what place."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from accounts.requests import reader_of
from core import clock
from marac import live as pages
from marac import meetings
from marac.models import Attendance, Hearing, Meeting
from marac.services.live.leading import ONLY_LEADERS, UNSIGNED


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
