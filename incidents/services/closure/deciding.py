"""An inspector of the control room signs a closure off, or refuses it with words."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from core.text import clean
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Notification
from incidents.deadlines import CLOSURE_SIGN_OFF
from incidents.events import ClosureRefused, IncidentClosed
from incidents.models import Closure, Incident
from incidents.permissions import may_sign_off
from incidents.services import dispatch
from incidents.services.closure.gate import LONGEST_WORDS, check_ready, kind_on_record
from incidents.services.response.rows import changed, lock

Decision = Closure.Decision
DECISIONS = (Decision.SIGNED_OFF, Decision.REFUSED)


@transaction.atomic
def decide_closure(
    *,
    incident_id: int,
    closure_id: int,
    actor: User,
    decision: str,
    at: datetime,
    words: str = "",
    version: int | None = None,
) -> Closure:
    """Decide the request that was read: sign the incident off, or refuse with words.

    `closure_id` is the request that the inspector had before them: one that was withdrawn, or asked
    again since, is not decided in its place. `version` is the incident's that they read; a
    signature on another is refused, because they would sign what they did not see. The same
    decision by the same inspector again changes nothing. Raises PermissionDenied for anybody but an
    inspector who neither asked nor answered; InvalidInput at `decision` or `words`; AlreadyTaken
    when another was first; Stale; NotReady when something is missing by now.
    """
    incident = lock(incident_id)
    closure = (
        Closure.objects.select_for_update(of=("self",))
        .select_related("requested_by", "answered_by", "decided_by")
        .get(pk=closure_id, incident=incident)
    )
    if not may_sign_off(actor):
        raise PermissionDenied("Only a control-room inspector decides about closure.")
    if actor.pk in (closure.requested_by_id, closure.answered_by_id):
        raise PermissionDenied("You asked for this closure or answered: another inspector decides.")
    if decision not in DECISIONS:
        raise InvalidInput("Sign it off, or refuse it.", field="decision")
    words = clean(words, field="words", longest=LONGEST_WORDS)
    if closure.decision != Decision.WAITING:
        return _decided_before(closure, actor, decision, words)
    if decision == Decision.REFUSED and not words:
        raise InvalidInput("Say what is missing: the officer must know.", field="words")
    if decision == Decision.SIGNED_OFF:
        _check_what_is_signed(incident, version, at)
    _decide(closure, incident, actor, decision, words, at)
    if decision == Decision.SIGNED_OFF:
        _close(incident, closure, actor, at)
    else:
        _send_back(incident, closure, actor, at)
    return closure


def _decided_before(closure: Closure, actor: User, decision: str, words: str) -> Closure:
    """The decision there is, if it is this very one. Raises AlreadyTaken or DomainError."""
    if closure.decision == Decision.WITHDRAWN:
        raise DomainError(
            f"{closure.requested_by} withdrew this request. If closure was asked for again, the "
            "new answers stand on this page: read them and decide on those."
        )
    if (closure.decided_by_id, closure.decision, closure.words) == (actor.pk, decision, words):
        return closure
    assert closure.decided_at is not None
    done = "signed this off" if closure.decision == Decision.SIGNED_OFF else "refused this"
    raise AlreadyTaken(
        f"{closure.decided_by} {done} at {local(closure.decided_at):%H:%M}. Your decision was not "
        "recorded."
    )


def _check_what_is_signed(incident: Incident, version: int | None, at: datetime) -> None:
    if version is not None and version != incident.version:
        raise Stale(
            "The incident has changed since you opened this page. Read it again, then decide.",
            theirs={"version": incident.version},
            yours={"version": version},
            version=incident.version,
        )
    check_ready(incident, at)


def _decide(
    closure: Closure, incident: Incident, actor: User, decision: str, words: str, at: datetime
) -> None:
    """The row first: the database lets the incident close only once it is signed."""
    if decision == Decision.SIGNED_OFF:
        closure.kind = kind_on_record(incident)
        if closure.kind == Closure.Kind.CRIME:
            closure.non_crime_reason = ""
        elif incident.non_crime_reason:
            closure.non_crime_reason = incident.non_crime_reason
        if closure.kind == Closure.Kind.NON_CRIME and not closure.non_crime_reason:
            raise DomainError("No crime is recorded any more. Refuse this, and say so.")
    closure.decision, closure.words = decision, words
    closure.decided_by, closure.decided_at = actor, at
    closure.save(
        update_fields=["decision", "words", "decided_by", "decided_at", "kind", "non_crime_reason"]
    )
    deadlines.meet(kind=CLOSURE_SIGN_OFF, subject=closure, actor=actor, at=at)


def _close(incident: Incident, closure: Closure, actor: User, at: datetime) -> None:
    incident.state, incident.closed_at = Incident.State.CLOSED, at
    incident.non_crime_reason = closure.non_crime_reason
    changed(incident, "state", "closed_at", "non_crime_reason")
    dispatch.clear_all(incident, actor, at)
    _record(incident, closure, actor, at, "signed_off", "Closed: signed off")
    events.announce(
        IncidentClosed(closure_id=closure.pk, incident_id=incident.pk, actor=actor, at=at)
    )


def _send_back(incident: Incident, closure: Closure, actor: User, at: datetime) -> None:
    _record(incident, closure, actor, at, "refused", "Closure refused")
    deadlines.notify(
        users=[closure.answered_by, closure.requested_by],
        level=Notification.Level.WARNING,
        headline=f"Closure refused by {actor}: {incident.reference}",
        reference=incident.reference,
        path=kinds.get(CLOSURE_SIGN_OFF).path(incident.reference),
        victim_id=None,
        at=at,
    )
    events.announce(
        ClosureRefused(closure_id=closure.pk, incident_id=incident.pk, actor=actor, at=at)
    )


def _record(
    incident: Incident, closure: Closure, actor: User, at: datetime, verb: str, headline: str
) -> None:
    words = f": {closure.words}" if closure.words else ""
    audit.record(
        actor=actor,
        at=at,
        verb=f"incident.closure_{verb}",
        headline=f"{headline}{words}"[:300],
        subject=incident.reference,
        incident_id=incident.pk,
        is_grave=verb == "refused",
        detail={
            "closure": closure.pk,
            "kind": closure.kind,
            "non_crime_reason": closure.non_crime_reason,
            "words": closure.words,
        },
    )
