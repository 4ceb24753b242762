"""Every write of this app, by topic."""

from learning.services.answering import answer, note_reading
from learning.services.assigning import keep_in_step
from learning.services.publishing import publish, replace, withdraw
from learning.services.writing import Draft, QuestionDraft, begin, save

__all__ = [
    "Draft",
    "QuestionDraft",
    "answer",
    "begin",
    "keep_in_step",
    "note_reading",
    "publish",
    "replace",
    "save",
    "withdraw",
]
