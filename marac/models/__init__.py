"""Conferences, their meetings and cases; what is researched, said, decided, done and returned."""

from marac.models.cases import MaracCase, MaracFlag, Transfer
from marac.models.conferences import (
    Attendance,
    CalendarLink,
    Conference,
    ConferenceArea,
    ConferenceMember,
    Invitation,
    Meeting,
    Population,
)
from marac.models.hearings import (
    Conflict,
    Hearing,
    HearingLine,
    MaracAction,
    Minutes,
    MinutesCopy,
    ResearchRequest,
)

__all__ = [
    "Attendance",
    "CalendarLink",
    "Conference",
    "ConferenceArea",
    "ConferenceMember",
    "Conflict",
    "Hearing",
    "HearingLine",
    "Invitation",
    "MaracAction",
    "MaracCase",
    "MaracFlag",
    "Meeting",
    "Minutes",
    "MinutesCopy",
    "Population",
    "ResearchRequest",
    "Transfer",
]
