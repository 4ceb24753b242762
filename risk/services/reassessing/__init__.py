"""A reassessment that is owed: taken over, done, and what it follows."""

from risk.services.answering import may_answer, may_take
from risk.services.reassessing.assessing import assess_anew
from risk.services.reassessing.concluding import CONCLUDED, conclude, end_by_assessment
from risk.services.reassessing.taking import pass_reassessment, take_over

__all__ = [
    "CONCLUDED",
    "assess_anew",
    "conclude",
    "end_by_assessment",
    "may_answer",
    "may_take",
    "pass_reassessment",
    "take_over",
]
