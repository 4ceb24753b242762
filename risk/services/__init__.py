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

__all__ = [
    "decide_judgement",
    "judge",
    "keep_answers",
    "open_assessment",
    "open_where_due",
    "overtaken_by_assessment",
    "overtaken_by_grade",
    "review_assessment",
    "submit_assessment",
]
