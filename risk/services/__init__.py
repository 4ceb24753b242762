"""Every write of this app, one verb each."""

from risk.services.conference_grade import grade_high_again, grade_very_high
from risk.services.happening import note_circumstance, note_incident, note_victims_of
from risk.services.judging import (
    decide_judgement,
    judge,
    overtaken_by_assessment,
    overtaken_by_grade,
)
from risk.services.keeping import keep_answers
from risk.services.opening import open_assessment, open_where_due
from risk.services.reassessing import (
    assess_anew,
    conclude,
    end_by_assessment,
    pass_reassessment,
    take_over,
)
from risk.services.reviewing import review_assessment
from risk.services.submitting import submit_assessment
from risk.services.trigger_rules import change_trigger_rule
from risk.services.triggers import end_silence, hurry
from risk.services.unknowns import find_out, note_unknowns, pass_unknowns

__all__ = [
    "assess_anew",
    "change_trigger_rule",
    "conclude",
    "decide_judgement",
    "end_by_assessment",
    "end_silence",
    "find_out",
    "grade_high_again",
    "grade_very_high",
    "hurry",
    "judge",
    "keep_answers",
    "note_circumstance",
    "note_incident",
    "note_unknowns",
    "note_victims_of",
    "open_assessment",
    "open_where_due",
    "overtaken_by_assessment",
    "overtaken_by_grade",
    "pass_reassessment",
    "pass_unknowns",
    "review_assessment",
    "submit_assessment",
    "take_over",
]
