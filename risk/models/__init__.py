"""Instruments, assessments, grades over time, and what makes risk be looked at again."""

from risk.models.assessments import Assessment, AssessmentReview, UnknownAnswer
from risk.models.grades import GradeChange, GradeJudgement
from risk.models.instruments import Instrument
from risk.models.reassessments import Reassessment, ReassessmentReason

__all__ = [
    "Assessment",
    "AssessmentReview",
    "GradeChange",
    "GradeJudgement",
    "Instrument",
    "Reassessment",
    "ReassessmentReason",
    "UnknownAnswer",
]
