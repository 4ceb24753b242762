"""The forms of this app, by topic."""

from risk.forms.assessments import (
    AssessmentForm,
    QueueFilter,
    ReviewForm,
    initial_of,
    typed_answers,
    unknown_topics,
)
from risk.forms.judging import DecideForm, FindOutForm, JudgeForm

__all__ = [
    "AssessmentForm",
    "DecideForm",
    "FindOutForm",
    "JudgeForm",
    "QueueFilter",
    "ReviewForm",
    "initial_of",
    "typed_answers",
    "unknown_topics",
]
