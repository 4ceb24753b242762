"""The forms of this app, by topic."""

from risk.forms.assessments import (
    AssessmentForm,
    QueueFilter,
    RefusableForm,
    ReviewForm,
    initial_of,
    typed_answers,
    unknown_topics,
)

__all__ = [
    "AssessmentForm",
    "QueueFilter",
    "RefusableForm",
    "ReviewForm",
    "initial_of",
    "typed_answers",
    "unknown_topics",
]
