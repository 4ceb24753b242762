"""Every write of this app, one verb each."""

from risk.services.judging import (
    decide_judgement,
    judge,
    overtaken_by_assessment,
    overtaken_by_grade,
)
from risk.services.keeping import keep_answers
from risk.services.opening import open_assessment, open_where_due
from risk.services.reviewing import review_assessment
from risk.services.submitting import submit_assessment
from risk.services.unknowns import find_out, note_unknowns, pass_unknowns

__all__ = [
    "decide_judgement",
    "find_out",
    "judge",
    "keep_answers",
    "note_unknowns",
    "open_assessment",
    "open_where_due",
    "overtaken_by_assessment",
    "overtaken_by_grade",
    "pass_unknowns",
    "review_assessment",
    "submit_assessment",
]
