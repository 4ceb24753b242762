"""What news does to how soon somebody must be there: sooner, or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from core import policy
from core.errors import InvalidInput
from core.text import clean
from incidents import grading
from incidents.grading import Suggestion
from incidents.models import Incident, ResponseGrade
from incidents.services.calls import LONGEST_REASON, CallDetails
from incidents.services.editing.watching import STILL_AWAITED
from incidents.services.regrading import suggestion_for


@dataclass(frozen=True)
class Weighed:
    """The grade that the news asks for, with the handler's words where they chose it themselves."""

    suggestion: Suggestion
    grade: ResponseGrade
    words: str

    def raises(self, incident: Incident) -> bool:
        return self.grade.rank > ResponseGrade(incident.grade).rank


def weigh(incident: Incident, call: CallDetails, *, reader: User, at: datetime) -> Weighed:
    """Suggest from all that is known, once the news is kept and its people have joined.

    Raises InvalidInput for a grade that was chosen without words.
    """
    suggestion = suggestion_for(incident, at=at, reader=reader)
    return Weighed(suggestion, *_chosen(call, suggestion))


def raise_grade(incident: Incident, weighed: Weighed, *, at: datetime) -> list[str]:
    """Put the locked incident's grade up; gives the names of the fields to save.

    Somebody must be there within the new grade's time from now, or as soon as was owed before. A
    reason for sending nobody was given before the news and counts no longer.
    """
    suggestion = weighed.suggestion
    changes: dict[str, Any] = {
        "grade": weighed.grade,
        "suggested_grade": suggestion.grade,
        "suggested_reasons": list(suggestion.reasons),
        "grade_override_reason": weighed.words,
        "officers_advised": max(incident.officers_advised, suggestion.officers),
        "not_sent_reason": "",
    }
    if incident.state in STILL_AWAITED:
        changes["attend_by"] = _sooner(incident, weighed.grade, at)
    for name, value in changes.items():
        setattr(incident, name, value)
    return list(changes)


def _chosen(call: CallDetails, suggestion: Suggestion) -> tuple[ResponseGrade, str]:
    """The suggestion, or another grade for the reason that the handler gave."""
    if not call.grade or call.grade == suggestion.grade:
        return suggestion.grade, ""
    if call.grade not in ResponseGrade.values:
        raise InvalidInput("There is no such grade.", field="grade")
    words = clean(call.grade_override_reason, field="grade_override_reason", longest=LONGEST_REASON)
    if not words:
        raise InvalidInput(
            f"With what was known before, the suggestion is {suggestion.grade}. "
            f"Say why you choose {call.grade}.",
            field="grade_override_reason",
        )
    return ResponseGrade(call.grade), words


def _sooner(incident: Incident, grade: str, at: datetime) -> datetime | None:
    rural = bool(incident.area and incident.area.is_rural)
    time = grading.allowance(grade, policy.at(at), rural=rural)
    instants = [incident.attend_by, at + time if time else None]
    return min((instant for instant in instants if instant is not None), default=None)
