"""The meeting itself: who is there, case by case, line by line."""

from marac.services.live.counting import next_number
from marac.services.live.lines import write_line
from marac.services.live.meeting import begin_meeting, end_meeting, note_here
from marac.services.live.stages import begin_next, conclude_case, defer_case, go_on

__all__ = [
    "begin_meeting",
    "begin_next",
    "conclude_case",
    "defer_case",
    "end_meeting",
    "go_on",
    "next_number",
    "note_here",
    "write_line",
]
