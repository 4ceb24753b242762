"""The first check: is anybody in danger now."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import policy
from core.errors import AlreadyTaken
from core.text import clean
from deadlines import kinds
from deadlines import services as deadlines
from deadlines.models import Deadline
from perpetrators.deadlines.disclosure import CHECK, WHOLE, at_risk
from perpetrators.models import DisclosureApplication
from perpetrators.services.disclosure.rows import (
    LONGEST_WORDS,
    State,
    deciders,
    lock,
    needs_state,
    needs_worker,
    record,
    save,
    tell,
)
from perpetrators.services.orders.rows import when
from victims.duties import named
from victims.models import Duty


@transaction.atomic
def check_application(
    *, application_id: int, immediate_risk: bool, words: str, actor: User, at: datetime
) -> DisclosureApplication:
    """Make the first check: whether there is an immediate risk, and why that is thought.

    An immediate risk is told at once to those who decide and to whoever answers for the victim's
    risk; deciding and telling are then due within the hours of the first check, from now. The same
    again by the same person changes nothing. Raises PermissionDenied, InvalidInput at `words`,
    AlreadyTaken where somebody else checked it, DomainError for one that is at its end.
    """
    application = lock(application_id)
    needs_worker(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if application.checked_by_id is not None:
        if _is_same(application, immediate_risk, words, actor):
            return application
        by = User.objects.get(pk=application.checked_by_id)
        raise AlreadyTaken(f"{by} made the first check already.")
    needs_state(application, State.RECEIVED, otherwise="Only a new application is checked.")
    application.state, application.immediate_risk = State.CHECKED, immediate_risk
    application.checked_at, application.checked_by, application.check_words = at, actor, words
    names = ("checked_at", "checked_by", "check_words", "immediate_risk")
    save(application, "state", *names)
    deadlines.meet(kind=CHECK, subject=application, actor=actor, at=at)
    if immediate_risk:
        _hasten(application, words, actor, at)
    else:
        headline = "First check for the disclosure scheme: no immediate risk"
        record(application, "checked", headline, actor=actor, at=at, words=words)
        tell(application, deciders(), _waits(application), at)
    return application


def _hasten(application: DisclosureApplication, words: str, actor: User, at: datetime) -> None:
    """Never later than it was due before."""
    terms = at_risk(policy.at(at))
    due_at = kinds.get(WHOLE).under(terms).due(at, policy.at(at))
    running = Deadline.objects.open().of(application).filter(kind=WHOLE).first()
    if running is not None and due_at < running.due_at:
        deadlines.reschedule(
            kind=WHOLE, subject=application, started_at=at, actor=actor, at=at, terms=terms
        )
    else:
        due_at = running.due_at if running is not None else due_at
    headline = f"Immediate risk at the first check, decided and told by {when(due_at)}"
    record(application, "checked", headline, actor=actor, at=at, is_grave=True, words=words)
    answers = named(application.victim, Duty.RISK, at).person
    heard = [*deciders(), *([answers] if answers else [])]
    tell(application, heard, f"Immediate risk: {_waits(application)}", at, is_urgent=True)


def _waits(application: DisclosureApplication) -> str:
    return f"A disclosure application waits to be decided: {application.reference}"


def _is_same(application: DisclosureApplication, risk: bool, words: str, actor: User) -> bool:
    row = application
    return (row.immediate_risk, row.check_words, row.checked_by_id) == (risk, words, actor.pk)
