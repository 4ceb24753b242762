"""Closure is asked for, with the attending officer's answers; or the request is taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import Team, User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from incidents import closing
from incidents.closing import BY_CODE, QUESTIONS, Answers, Given
from incidents.deadlines import CLOSURE_SIGN_OFF
from incidents.events import ClosureRequested
from incidents.models import Closure, Incident
from incidents.permissions import may_request_closure
from incidents.services.closure.gate import (
    LONGEST_REASON,
    LONGEST_WORDS,
    NotReady,
    check_ready,
    kind_on_record,
)
from incidents.services.response.rows import lock

__all__ = ["NotReady", "officers_to_answer", "request_closure", "withdraw_closure"]


def officers_to_answer(incident: Incident) -> list[User]:
    """Whose answers count: those who were there, the first of them first; empty: nobody was."""
    there = incident.deployments.filter(arrived_at__isnull=False).select_related("officer__team")
    return [row.officer for row in there.order_by("arrived_at", "pk")]


@transaction.atomic
def request_closure(
    *,
    incident_id: int,
    actor: User,
    answers: Answers,
    at: datetime,
    answered_by: User | None = None,
    non_crime_reason: str = "",
) -> Closure:
    """Put an incident before the control-room inspector, with the officer's answers.

    `answered_by` is the officer whose answers they are: left out, the actor, who must then have
    been there (if anybody was). Whether it is a crime is taken from the record;
    `non_crime_reason` counts only where the record gives none, because nobody went there. Asking
    the same again while it waits changes nothing. Raises PermissionDenied; InvalidInput at
    `answered_by`, `non_crime_reason`, a question's code or its `<code>_words`; AlreadyTaken while
    another request waits; NotReady with all that must be on record first.
    """
    incident = lock(incident_id)
    if not may_request_closure(actor):
        raise PermissionDenied("Only who was there, or the control room, asks for closure.")
    if incident.state == Incident.State.CLOSED:
        raise DomainError("This incident is closed already.")
    given = _checked(answers)
    officer = _answering(incident, answered_by or actor, answered_by is not None)
    waiting = Closure.objects.waiting().select_related("requested_by").filter(incident=incident)
    if (earlier := waiting.first()) is not None:
        return _the_same(earlier, actor, officer, given)
    check_ready(incident, at)
    closure = Closure.objects.create(
        incident=incident,
        **_kind(incident, non_crime_reason),
        answers=given,
        answered_by=officer,
        requested_by=actor,
        requested_at=at,
    )
    _record(closure, incident, actor, at)
    _start_clock(closure, incident, actor, at)
    events.announce(
        ClosureRequested(closure_id=closure.pk, incident_id=incident.pk, actor=actor, at=at)
    )
    return closure


def _checked(answers: Answers) -> dict[str, Given]:
    """Tidy answers to every question. Raises InvalidInput at the first that is wrong."""
    if unknown := sorted(set(answers) - set(BY_CODE)):
        raise InvalidInput(f"There is no question called {unknown[0]}.", field=unknown[0])
    tidy = {
        question.code: Given(
            answer=answers[question.code].get("answer", ""),
            words=clean(
                answers[question.code].get("words", ""),
                field=question.words_field,
                longest=closing.LONGEST_WORDS,
            ),
        )
        for question in QUESTIONS
        if question.code in answers
    }
    for field, sentence in closing.missing(tidy).items():
        raise InvalidInput(sentence, field=field)
    return tidy


def _answering(incident: Incident, officer: User, was_named: bool) -> User:
    there = officers_to_answer(incident)
    if not there or officer in there:
        return officer
    if was_named:
        raise InvalidInput(f"{officer} was not there.", field="answered_by")
    raise InvalidInput("Say which officer gave these answers.", field="answered_by")


def _the_same(earlier: Closure, actor: User, officer: User, given: Mapping[str, Any]) -> Closure:
    """The request that waits, when this one says nothing else. Raises AlreadyTaken otherwise."""
    asked = (earlier.requested_by_id, earlier.answered_by_id, earlier.answers)
    if asked == (actor.pk, officer.pk, given):
        return earlier
    there = local(earlier.requested_at)
    raise AlreadyTaken(
        f"{earlier.requested_by} asked for closure at {there:%H:%M} on {there.day} {there:%b}; it "
        "waits for an inspector. Withdraw that request to change the answers."
    )


def _kind(incident: Incident, typed: str) -> dict[str, str]:
    kind = kind_on_record(incident)
    if kind is Closure.Kind.CRIME:
        return {"kind": kind, "non_crime_reason": ""}
    reason = incident.non_crime_reason or clean(
        typed, field="non_crime_reason", longest=LONGEST_REASON
    )
    if not reason:
        raise InvalidInput(
            "No crime is recorded. Say why this was not a crime.", field="non_crime_reason"
        )
    return {"kind": kind, "non_crime_reason": reason}


def _record(closure: Closure, incident: Incident, actor: User, at: datetime) -> None:
    by = "" if closure.answered_by_id == actor.pk else f", answered by {closure.answered_by}"
    audit.record(
        actor=actor,
        at=at,
        verb="incident.closure_requested",
        headline=f"Closure asked for, {closure.get_kind_display().lower()}{by}",
        subject=incident.reference,
        incident_id=incident.pk,
        detail={
            "closure": closure.pk,
            "answers": closure.answers,
            "answered_by": str(closure.answered_by),
            "non_crime_reason": closure.non_crime_reason,
        },
    )


def _start_clock(closure: Closure, incident: Incident, actor: User, at: datetime) -> None:
    first = incident.involvements.filter(victim__isnull=False).order_by("pk").first()
    deadlines.start(
        kind=CLOSURE_SIGN_OFF,
        subject=closure,
        reference=incident.reference,
        victim_id=first.victim_id if first else None,
        team=_control_room(incident),
        owner=None,
        started_at=at,
        actor=actor,
        at=at,
    )


def _control_room(incident: Incident) -> Team | None:
    """The control room that logged the call; else the first there is."""
    own = incident.logged_by.team
    if own is not None and own.kind == Team.Kind.CONTROL_ROOM:
        return own
    return Team.objects.filter(kind=Team.Kind.CONTROL_ROOM).order_by("pk").first()


@transaction.atomic
def withdraw_closure(
    *, incident_id: int, closure_id: int, actor: User, at: datetime, words: str = ""
) -> Closure:
    """Take a request back while it waits; only who asked. Saying it again changes nothing.

    Raises PermissionDenied for anybody else, DomainError once an inspector decided.
    """
    incident = lock(incident_id)
    closure = Closure.objects.select_for_update().get(pk=closure_id, incident=incident)
    if not may_request_closure(actor) or closure.requested_by_id != actor.pk:
        raise PermissionDenied("Only who asked for closure withdraws the request.")
    if closure.decision == Closure.Decision.WITHDRAWN:
        return closure
    if closure.decision != Closure.Decision.WAITING:
        raise DomainError("An inspector has decided this request already: look at the page again.")
    closure.words = clean(words, field="words", longest=LONGEST_WORDS)
    closure.decision, closure.decided_by, closure.decided_at = (
        Closure.Decision.WITHDRAWN,
        actor,
        at,
    )
    closure.save(update_fields=["decision", "words", "decided_by", "decided_at"])
    audit.record(
        actor=actor,
        at=at,
        verb="incident.closure_withdrawn",
        headline="Request for closure withdrawn",
        subject=incident.reference,
        incident_id=incident.pk,
        detail={"closure": closure.pk, "words": closure.words},
    )
    deadlines.cancel(
        kind=CLOSURE_SIGN_OFF,
        subject=closure,
        actor=actor,
        at=at,
        reason="The request for closure was withdrawn.",
    )
    return closure
