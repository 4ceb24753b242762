"""The visit: who was told, when, and what."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from perpetrators.deadlines.disclosure import VISIT, WHOLE
from perpetrators.models import DisclosureApplication
from perpetrators.services.disclosure.rows import (
    LONGEST_WORDS,
    State,
    lock,
    needs_state,
    needs_worker,
    record,
    save,
)
from perpetrators.services.orders.rows import not_ahead, not_before, when

LONGEST_NAME, LONGEST_HOW = 80, 110

IN_DANGER, PROTECTS = "in_danger", "protects"
#: Whoever asked is told only as one of these.
TOLD = {
    IN_DANGER: "The person in danger",
    PROTECTS: "Somebody who can protect them",
}


@transaction.atomic
def record_visit(
    *,
    application_id: int,
    told: str,
    visited_at: datetime,
    words: str,
    actor: User,
    at: datetime,
    name: str = "",
    protects_how: str = "",
) -> DisclosureApplication:
    """Somebody was told what was decided to be disclosed: the application is at its end.

    `told` is a key of TOLD. Only the person in danger, or somebody who can protect them: then
    `name` says who and `protects_how` how they can; that somebody asked is no reason to be told.
    `words` say what was told, and what was said of keeping it to oneself. The same again changes
    nothing. Raises PermissionDenied, InvalidInput at `told`, `name`, `protects_how`, `visited_at`
    or `words`, AlreadyTaken where another visit is on record, DomainError before the decision.
    """
    application = lock(application_id)
    needs_worker(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    whom = _told_whom(application, told, name, protects_how)
    if application.visited_at is not None:
        if (application.visited_at, application.told_whom) == (visited_at, whom):
            return application
        raise AlreadyTaken(
            f"A visit is on record: {application.told_whom}, {when(application.visited_at)}."
        )
    needs_state(application, State.DISCLOSE, otherwise="Nothing is to be disclosed here now.")
    assert application.decided_at is not None
    not_ahead(visited_at, at, field="visited_at")
    said = "This is before it was decided"
    not_before(visited_at, application.decided_at, field="visited_at", words=said)
    application.state, application.visited_at = State.DISCLOSED, visited_at
    application.visited_by, application.told_whom, application.visit_words = actor, whom, words
    save(application, "state", "visited_at", "visited_by", "told_whom", "visit_words")
    headline = f"Disclosed under the scheme, {when(visited_at)}"
    record(application, "told", headline, actor=actor, at=at, is_grave=True, whom=whom)
    # What counts is when somebody was told, however late that is written down.
    for kind in (VISIT, WHOLE):
        deadlines.meet(kind=kind, subject=application, actor=actor, at=visited_at)
    return application


def _told_whom(application: DisclosureApplication, told: str, name: str, how: str) -> str:
    """In words, for the record."""
    if told == IN_DANGER:
        return str(application.victim.person)
    if told != PROTECTS:
        raise InvalidInput("Choose who was told.", field="told")
    name = clean(name, field="name", longest=LONGEST_NAME, required=True)
    if _same_name(name, str(application.person)):
        raise InvalidInput("The person who is asked about is never told.", field="name")
    how = clean(how, field="protects_how", longest=LONGEST_HOW)
    if not how:
        raise InvalidInput(
            "Say how they can protect the person in danger: asking alone is no reason to be told.",
            field="protects_how",
        )
    return f"{name}: {how}"


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
