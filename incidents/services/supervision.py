"""A local supervisor checks what was done about an incident."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.text import clean
from deadlines import services as deadlines
from deadlines.models import Notification
from incidents import supervising
from incidents.events import IncidentSupervised
from incidents.models import FirstResponse, Incident, SupervisionCheck
from incidents.permissions import may_supervise
from incidents.services.response.rows import lock
from incidents.supervising import BY_CODE, CHECKS, NO

LONGEST_WORDS = 2_000
Outcome = SupervisionCheck.Outcome
MAY_BE_CHECKED = (Incident.State.ATTENDED, Incident.State.CLOSED)


def who_can_be_asked(incident: Incident) -> list[User]:
    """Who can be asked to do what is missing: the officers sent; where none was, who logged it."""
    sent = incident.deployments.select_related("officer").order_by("arrived_at", "pk")
    return [row.officer for row in sent] or [incident.logged_by]


def was_there(incident: Incident, user: User) -> bool:
    """Whether this person attended, or recorded what was done: their own work."""
    arrived = incident.deployments.filter(officer=user, arrived_at__isnull=False)
    return (
        arrived.exists() or FirstResponse.objects.filter(incident=incident, officer=user).exists()
    )


@transaction.atomic
def check_incident(
    *,
    incident_id: int,
    actor: User,
    answers: Mapping[str, str],
    outcome: str,
    at: datetime,
    words: str = "",
    asked_of: User | None = None,
    seen: int | None = None,
) -> SupervisionCheck:
    """Record a supervisor's check; the newest counts, earlier ones stay.

    `answers` gives each code of `supervising.CHECKS` yes, no or n/a. Outcome "action" needs words
    and somebody of `who_can_be_asked`, who then has it on their home until a later check is
    satisfied; "satisfied" needs words where a check says no. `seen` is the newest check that the
    page showed (0: none), so that two supervisors do not overlook each other. The same check again
    changes nothing. Raises PermissionDenied for anybody but a supervisor who was not there;
    DomainError before anybody attended; InvalidInput at a code, `outcome`, `words` or `asked_of`;
    Stale.
    """
    incident = lock(incident_id)
    if not may_supervise(actor):
        raise PermissionDenied("Only a supervisor checks an incident.")
    if was_there(incident, actor):
        raise PermissionDenied("You attended this incident: another supervisor checks it.")
    if incident.state not in MAY_BE_CHECKED:
        raise DomainError("Nobody has attended yet: there is nothing to check.")
    given = _checked(answers, outcome)
    words = clean(words, field="words", longest=LONGEST_WORDS)
    asked = _asked(incident, outcome, asked_of)
    _need_words(given, outcome, words)
    newest = SupervisionCheck.objects.filter(incident=incident).order_by("-checked_at", "-pk")
    last = newest.select_related("checked_by").first()
    if last is not None and _is_the_same(last, actor, given, outcome, words, asked):
        return last
    if seen is not None and seen != (last.pk if last else 0):
        raise _stale(last)
    check = SupervisionCheck.objects.create(
        incident=incident,
        checked_by=actor,
        checked_at=at,
        answers=given,
        outcome=outcome,
        words=words,
        asked_of=asked,
    )
    # Not a new version: nothing that anybody edits has changed.
    incident.supervised_at = at
    incident.save(update_fields=["supervised_at"])
    _tell(incident, check, actor, at)
    events.announce(
        IncidentSupervised(incident_id=incident.pk, outcome=outcome, actor=actor, at=at)
    )
    return check


def _checked(answers: Mapping[str, str], outcome: str) -> dict[str, str]:
    if unknown := sorted(set(answers) - set(BY_CODE)):
        raise InvalidInput(f"There is nothing to check called {unknown[0]}.", field=unknown[0])
    for field, sentence in supervising.missing(answers).items():
        raise InvalidInput(sentence, field=field)
    if outcome not in Outcome.values:
        raise InvalidInput("Say whether something is still to be done.", field="outcome")
    return {check.code: answers[check.code] for check in CHECKS}


def _asked(incident: Incident, outcome: str, asked_of: User | None) -> User | None:
    if outcome == Outcome.SATISFIED:
        return None
    if asked_of is None:
        raise InvalidInput("Say who does it.", field="asked_of")
    if asked_of not in who_can_be_asked(incident):
        raise InvalidInput(f"{asked_of} was not sent to this incident.", field="asked_of")
    return asked_of


def _need_words(given: Mapping[str, str], outcome: str, words: str) -> None:
    if words:
        return
    if outcome == Outcome.ACTION:
        raise InvalidInput("Say what is still to be done.", field="words")
    if NO in given.values():
        raise InvalidInput("Something was not as it should be: say why it is now.", field="words")


def _is_the_same(
    last: SupervisionCheck,
    actor: User,
    given: Mapping[str, str],
    outcome: str,
    words: str,
    asked: User | None,
) -> bool:
    before = (last.checked_by_id, last.answers, last.outcome, last.words, last.asked_of_id)
    return before == (actor.pk, given, outcome, words, asked.pk if asked else None)


def _stale(last: SupervisionCheck | None) -> Stale:
    who = f"{last.checked_by} checked it at {local(last.checked_at):%H:%M}" if last else "A check"
    return Stale(
        f"{who} since you opened this page. Read that first; what you typed is still here.",
        theirs={"outcome": last.get_outcome_display() if last else ""},
        yours={},
        version=last.pk if last else 0,
    )


def _tell(incident: Incident, check: SupervisionCheck, actor: User, at: datetime) -> None:
    is_action = check.outcome == Outcome.ACTION
    headline = f"Checked by a supervisor: {check.get_outcome_display().lower()}"
    audit.record(
        actor=actor,
        at=at,
        verb="incident.supervised",
        headline=headline,
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=is_action,
        detail={
            "answers": check.answers,
            "words": check.words,
            "asked_of": str(check.asked_of or ""),
        },
    )
    if check.asked_of is not None:
        deadlines.notify(
            users=[check.asked_of],
            level=Notification.Level.WARNING,
            headline=f"{actor} asks something of you: {incident.reference}",
            reference=incident.reference,
            path=f"/incidents/{incident.reference}/",
            victim_id=None,
            at=at,
        )
