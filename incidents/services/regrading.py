"""Grading an incident again: the call dropped, more became known, or an appointment was agreed."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit.services import record
from core import events, policy
from core.errors import DomainError, InvalidInput, Stale
from core.policy import ForcePolicy
from core.text import clean
from deadlines.models import Notification
from deadlines.services import notify
from incidents import grading, history, permissions
from incidents.events import IncidentRegraded
from incidents.grading import Suggestion
from incidents.models import Incident, Involvement, ResponseGrade
from incidents.services.calls import LONGEST_REASON, appointment_of
from incidents.services.editing.watching import watch_attendance

PARTIES = (Involvement.Role.VICTIM, Involvement.Role.PERPETRATOR)


@transaction.atomic
def regrade(
    *,
    incident_id: int,
    actor: User,
    at: datetime,
    grade: str,
    reason: str,
    version: int,
    call_dropped: bool | None = None,
    appointment_at: datetime | None = None,
) -> Incident:
    """Grade an incident again with what is known now; gives it with its new target.

    A raised grade never moves the target later: it is the old one, or the new grade's time from
    now, whichever comes first; a reason for sending nobody counts no longer. A lowered grade has
    its time from when the call was received. Once somebody was there the target stays. Officers who
    were sent are told. `call_dropped` None leaves that as it is.

    Raises PermissionDenied without `incidents.log_call`, Stale with both versions, DomainError once
    it is closed, InvalidInput at `grade` without one, at `reason` without words for a grade that is
    lower than before or not the suggestion, and at `appointment_at`.
    """
    rows = Incident.objects.select_for_update(of=("self",)).select_related("address", "area")
    incident = rows.get(pk=incident_id)
    if not permissions.may_log_calls(actor):
        raise PermissionDenied("Only the control room grades incidents.")
    _refuse_stale(incident, version, grade=grade, reason=reason, call_dropped=call_dropped)
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed; its grade stays as it is.")
    rules, before = policy.at(at), incident.grade
    is_raised = _rank(grade) > _rank(before)
    if call_dropped is not None:
        incident.call_dropped = call_dropped
    suggestion = suggestion_for(incident, at=at, reader=actor, rules=rules)
    words = _checked(incident, suggestion, grade=grade, reason=reason)
    incident.attend_by = _target(incident, grade, rules, at=at, appointment_at=appointment_at)
    incident.grade = grade
    incident.grade_override_reason = words if grade != suggestion.grade else ""
    incident.suggested_grade = suggestion.grade
    incident.suggested_reasons = list(suggestion.reasons)
    incident.officers_advised = max(incident.officers_advised, suggestion.officers)
    if is_raised:
        # That was decided for a lower grade.
        incident.not_sent_reason = ""
    incident.version += 1
    incident.save(
        update_fields=[
            "call_dropped",
            "attend_by",
            "grade",
            "grade_override_reason",
            "suggested_grade",
            "suggested_reasons",
            "officers_advised",
            "not_sent_reason",
            "version",
        ]
    )
    if not incident.not_sent_reason:
        watch_attendance(incident, actor=actor, at=at)
    _record(incident, before, suggestion, words, actor=actor, at=at)
    if grade != before:
        _tell_officers(incident, at=at)
        events.announce(
            IncidentRegraded(
                incident_id=incident.pk, before=before, after=grade, actor=actor, at=at
            )
        )
    return incident


def suggestion_for(
    incident: Incident, *, at: datetime, reader: User, rules: ForcePolicy | None = None
) -> Suggestion:
    """What would be suggested now: the newest answer to each question, further calls included, and
    what is known of the people and the address. Nothing is written.

    Raises PermissionDenied for a reader who may not look history up.
    """
    in_force = rules or policy.at(at)
    answers = dict(incident.answers)
    dropped = incident.call_dropped
    for further in incident.further_calls.order_by("received_at", "pk"):
        answers |= further.answers
        dropped = dropped or further.call_dropped
    return grading.suggest(
        answers,
        _facts(incident, reader=reader, rules=in_force),
        in_force,
        call_dropped=dropped,
        rural=_is_rural(incident),
    )


def _facts(incident: Incident, *, reader: User, rules: ForcePolicy) -> grading.HistoryFacts:
    """What is known from before this incident, which is not its own history."""
    parties = incident.involvements.filter(role__in=PARTIES).values_list("person_id", flat=True)
    place = incident.address
    known = history.look_up(
        clues=history.Clues(
            number=incident.caller_number,
            address_line=place.line if place else "",
            postcode=place.postcode if place else "",
            uprn=place.uprn if place else "",
            person_ids=tuple(set(parties)),
            set_aside=frozenset(incident.set_aside),
        ),
        at=incident.received_at,
        reader=reader,
        policy=rules,
    ).facts
    earlier = max(known.earlier_in_year, incident.earlier_in_year)
    return replace(known, earlier_in_year=earlier)


def _refuse_stale(incident: Incident, version: int, **yours: Any) -> None:
    if incident.version == version:
        return
    theirs = {
        "grade": incident.grade,
        "reason": incident.grade_override_reason,
        "call_dropped": incident.call_dropped,
    }
    given = {name: theirs[name] if value is None else value for name, value in yours.items()}
    raise Stale(
        "Somebody changed this incident since you read it.",
        theirs=theirs,
        yours=given,
        version=incident.version,
    )


def _checked(incident: Incident, suggestion: Suggestion, *, grade: str, reason: str) -> str:
    """The words for the grade, which may be none where it is the suggestion and no lower."""
    if grade not in ResponseGrade.values:
        raise InvalidInput("Choose a grade.", field="grade")
    words = clean(reason, field="reason", longest=LONGEST_REASON)
    if words:
        return words
    if grade != suggestion.grade:
        raise InvalidInput(
            f"The suggestion is {suggestion.grade}. Say why you choose {grade}.", field="reason"
        )
    if _rank(grade) < _rank(incident.grade):
        raise InvalidInput(f"This is lower than {incident.grade}. Say why.", field="reason")
    return words


def _target(
    incident: Incident,
    grade: str,
    rules: ForcePolicy,
    *,
    at: datetime,
    appointment_at: datetime | None,
) -> datetime:
    agreed = appointment_of(appointment_at, grade=grade, at=at)
    from_receipt = grading.attend_by(
        grade,
        rules,
        rural=_is_rural(incident),
        received_at=incident.received_at,
        appointment_at=agreed,
    )
    old = incident.attend_by
    if old is None:
        return from_receipt
    if incident.state == Incident.State.ATTENDED:
        return old
    if _rank(grade) > _rank(incident.grade):
        time = grading.allowance(grade, rules, rural=_is_rural(incident)) or timedelta(0)
        return min(old, at + time)
    return from_receipt if _rank(grade) < _rank(incident.grade) else agreed or old


def _rank(grade: str) -> int:
    """For comparing; a grade that there is not is refused later, with words."""
    return ResponseGrade(grade).rank if grade in ResponseGrade.values else 0


def _tell_officers(incident: Incident, *, at: datetime) -> None:
    """Whoever was sent and is not free yet."""
    sent = incident.deployments.filter(cleared_at__isnull=True).select_related("officer")
    notify(
        users=[row.officer for row in sent],
        level=Notification.Level.WARNING,
        headline=f"{incident.reference} is now graded {incident.grade}",
        reference=incident.reference,
        path=reverse("incidents:briefing", args=[incident.reference]),
        victim_id=None,
        at=at,
    )


def _is_rural(incident: Incident) -> bool:
    return bool(incident.area and incident.area.is_rural)


def _record(
    incident: Incident,
    before: str,
    suggestion: Suggestion,
    words: str,
    *,
    actor: User,
    at: datetime,
) -> None:
    after = incident.get_grade_display().lower()
    was = ResponseGrade(before).label.lower()
    headline = f"Graded again: {after}, was {was}" if after != was else f"Graded again: {after}"
    assert incident.attend_by is not None
    record(
        actor=actor,
        at=at,
        verb="incident.regraded",
        subject=incident.reference,
        headline=headline,
        incident_id=incident.pk,
        detail={
            "before": before,
            "grade": incident.grade,
            "suggested": suggestion.grade.value,
            "grounds": suggestion.grounds_by_aspect,
            "reason": words,
            "call_dropped": incident.call_dropped,
            "attend_by": incident.attend_by.isoformat(),
        },
        is_grave=incident.grade == ResponseGrade.IMMEDIATE,
    )
