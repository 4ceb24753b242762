"""Meetings as a calendar (RFC 5545) for those invited: when and where, never about whom.

A feed is read by programs outside the service, on telephones and by assistants. So it says the kind
of meeting, the conference, the place and a link; not how many cases, and nobody's name but the
chair's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from icalendar import Calendar, Event

from accounts.models import User
from core.clock import local
from marac.models import Meeting

#: What is over stays in the feed so long: a calendar that loses entries alarms people.
KEPT = timedelta(days=92)
#: How long a meeting is entered for: monthly meetings hear up to twenty cases.
LENGTHS = {
    Meeting.Kind.MONTHLY: timedelta(hours=3),
    Meeting.Kind.WEEKLY: timedelta(hours=1),
    Meeting.Kind.EMERGENCY: timedelta(hours=1),
}
#: How often a calendar should ask again.
REFRESHED = timedelta(hours=1)
CONTENT_TYPE = "text/calendar; charset=utf-8"


def meetings_of(person: User, at: datetime) -> QuerySet[Meeting]:
    """What stands in somebody's calendar: what they may see, cancelled ones too."""
    rows = Meeting.objects.visible_to(person).filter(starts_at__gte=at - KEPT)
    return rows.select_related("conference", "chair").order_by("starts_at", "pk")


def feed(meetings: Iterable[Meeting], at: datetime) -> bytes:
    """The calendar as it is sent."""
    calendar = Calendar()
    calendar.add("prodid", "-//Lodestar//Conferences//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "Conferences")
    calendar.add("refresh-interval", REFRESHED, parameters={"VALUE": "DURATION"})
    for meeting in meetings:
        calendar.add_component(_entry(meeting, at))
    calendar.add_missing_timezones()
    said: bytes = calendar.to_ical()
    return said


def _entry(meeting: Meeting, at: datetime) -> Event:
    """A meeting keeps its UID for ever; each change raises its SEQUENCE."""
    entry = Event()
    entry.add("uid", f"{meeting.reference}@lodestar")
    entry.add("sequence", meeting.version - 1)
    entry.add("dtstamp", at)
    # On the wall clock, so that a calendar elsewhere shows the hour that was agreed.
    starts_at = local(meeting.starts_at)
    entry.add("dtstart", starts_at)
    entry.add("dtend", local(meeting.starts_at + LENGTHS[Meeting.Kind(meeting.kind)]))
    entry.add("summary", f"{meeting.get_kind_display()}: {meeting.conference.name} conference")
    entry.add("location", meeting.place)
    entry.add("url", settings.PUBLIC_URL + reverse("marac:meeting", args=[meeting.reference]))
    entry.add("description", f"{meeting.reference}, led by {meeting.chair}")
    cancelled = meeting.state == Meeting.State.CANCELLED
    entry.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if cancelled else "OPAQUE")
    entry.add("class", "PRIVATE")
    return entry
