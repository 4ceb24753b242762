"""What news does to how soon somebody must be there: sooner, or nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from core import policy
from core.errors import InvalidInput
from core.text import clean
from deadlines import services as deadlines
from incidents import grading, history
from incidents.deadlines import ATTENDANCE
from incidents.grading import Suggestion
from incidents.models import Incident, ResponseGrade
from incidents.services.calls import LONGEST_REASON, CallDetails, clues_of

#: Nobody has got there yet.
STILL_AWAITED = (Incident.State.OPEN, Incident.State.SENT)


@dataclass(frozen=True)
class Weighed:
    """The grade that the news asks for, with the handler's words where they chose it themselves."""

    suggestion: Suggestion
    grade: ResponseGrade
    words: str

    def raises(self, incident: Incident) -> bool:
        return self.grade.rank > ResponseGrade(incident.grade).rank


def weigh(
    incident: Incident, call: CallDetails, *, number: str, answers: dict[str, str], reader: User
) -> Weighed:
    """Suggest from all that is known now: newer answers go before earlier ones, history from
    before the incident, so that it is not found as its own. Raises InvalidInput for a grade that
    was chosen without words."""
    rules = policy.at(incident.received_at)
    known = history.look_up(
        clues=_clues(incident, call, number),
        at=incident.received_at,
        reader=reader,
        policy=rules,
    )
    suggestion = grading.suggest(
        {**incident.answers, **answers},
        known.facts,
        rules,
        call_dropped=call.call_dropped or incident.call_dropped,
        rural=_is_rural(incident),
    )
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


def watch_attendance(
    incident: Incident, *, victim_id: int | None, actor: User, at: datetime
) -> None:
    """Let the deadline follow the incident's new time; begun where none was running."""
    if incident.state not in STILL_AWAITED or incident.attend_by is None:
        return
    moved = deadlines.reschedule(
        kind=ATTENDANCE, subject=incident, started_at=incident.attend_by, actor=actor, at=at
    )
    if moved is None:
        deadlines.start(
            kind=ATTENDANCE,
            subject=incident,
            reference=incident.reference,
            victim_id=victim_id,
            team=actor.team,
            owner=None,
            started_at=incident.attend_by,
            actor=actor,
            at=at,
        )


def _clues(incident: Incident, call: CallDetails, number: str) -> history.Clues:
    """What the incident goes by, and what the news adds to it."""
    said = clues_of(call, number or incident.caller_number)
    involved = incident.involvements.values_list("person", flat=True)
    address = incident.address
    return history.Clues(
        number=said.number,
        address_line=address.line if address else said.address_line,
        postcode=address.postcode if address else said.postcode,
        uprn=address.uprn if address else said.uprn,
        names=said.names,
        person_ids=tuple(dict.fromkeys([*involved, *said.person_ids])),
        set_aside=said.set_aside,
    )


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
    time = grading.allowance(grade, policy.at(at), rural=_is_rural(incident))
    instants = [incident.attend_by, at + time if time else None]
    return min((instant for instant in instants if instant is not None), default=None)


def _is_rural(incident: Incident) -> bool:
    return bool(incident.area and incident.area.is_rural)
