"""Conferences and their meetings: planned, moved, called off; who is invited, comes and signs."""

from marac.services.meetings.answering import answer_invitation
from marac.services.meetings.attending import add_observer, come_in, remove_observer, sign
from marac.services.meetings.changing import cancel_meeting, move_meeting
from marac.services.meetings.conferences import Details, edit_conference, open_conference
from marac.services.meetings.links import end_calendar_link, make_calendar_link
from marac.services.meetings.planning import plan_all, plan_emergency, plan_meetings

__all__ = [
    "Details",
    "add_observer",
    "answer_invitation",
    "cancel_meeting",
    "come_in",
    "edit_conference",
    "end_calendar_link",
    "make_calendar_link",
    "move_meeting",
    "open_conference",
    "plan_all",
    "plan_emergency",
    "plan_meetings",
    "remove_observer",
    "sign",
]
