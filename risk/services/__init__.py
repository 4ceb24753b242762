"""Every write of this app, one verb each."""

from risk.services.keeping import keep_answers
from risk.services.opening import open_assessment, open_where_due
from risk.services.reviewing import review_assessment
from risk.services.submitting import submit_assessment

__all__ = [
    "keep_answers",
    "open_assessment",
    "open_where_due",
    "review_assessment",
    "submit_assessment",
]
