"""The pages of one meeting, as its tabs show them to one reader."""

from dataclasses import dataclass

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from marac.models import Attendance, Meeting
from marac.querysets import keeps

register = template.Library()

State = Meeting.State


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a meeting."""

    label: str
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def meeting_tabs(context: Context, meeting: Meeting) -> list[Tab]:
    """What may be opened of a meeting: unsigned, only the meeting itself and its statement.

    Those who keep conferences build agendas unsigned. One query for everybody else.
    """
    request: HttpRequest = context["request"]
    reader = request.user
    assert isinstance(reader, User)
    names = [("Meeting", "marac:meeting")]
    if meeting.state != State.CANCELLED:
        names += _pages(meeting, reader)
    tabs = []
    for label, name in names:
        url = _url(name, meeting)
        if url:
            tabs.append(Tab(label, url, _is_here(request.path, url, name)))
    return tabs


def _pages(meeting: Meeting, reader: User) -> list[tuple[str, str]]:
    keeper = keeps(reader)
    if not keeper and not _has_signed(meeting, reader):
        return [("Sign to open", "marac:sign")]
    agenda = [("Agenda", "marac:agenda")] if keeper or meeting.agenda_out_at else []
    research = [("Research", "marac:meeting_research")] if keeper else []
    live = [("Live", "marac:live")] if meeting.state in (State.AGENDA_OUT, *_BEGUN) else []
    minutes = [("Minutes", "marac:minutes")] if meeting.state == State.HELD else []
    return agenda + research + live + minutes


_BEGUN = (State.UNDER_WAY, State.HELD)


def _has_signed(meeting: Meeting, reader: User) -> bool:
    return Attendance.objects.signed().of(reader).filter(meeting=meeting).exists()


def _url(name: str, meeting: Meeting) -> str:
    try:
        return reverse(name, args=[meeting.reference])
    except NoReverseMatch:
        return ""


def _is_here(path: str, url: str, name: str) -> bool:
    return path == url or (name != "marac:meeting" and path.startswith(url))
