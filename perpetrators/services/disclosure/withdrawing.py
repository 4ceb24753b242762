"""An application is withdrawn."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import DomainError
from core.text import clean
from deadlines import services as deadlines
from perpetrators.deadlines.disclosure import CHECK, VISIT, WHOLE
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


@transaction.atomic
def withdraw_application(
    *, application_id: int, words: str, actor: User, at: datetime
) -> DisclosureApplication:
    """Nobody wants to be told any more; its clocks fall away.

    Never once the first check found an immediate risk: the police then tell whether asked or not.
    The same again changes nothing. Raises PermissionDenied, InvalidInput at `words`, DomainError.
    """
    application = lock(application_id)
    needs_worker(actor)
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if application.state == State.WITHDRAWN:
        return application
    open_states = (State.RECEIVED, State.CHECKED, State.DISCLOSE)
    needs_state(application, *open_states, otherwise="Only an open application is withdrawn.")
    if application.immediate_risk:
        raise DomainError(
            "The first check found an immediate risk: it is decided all the same, "
            "as the police's own duty to tell."
        )
    # Why nobody was visited stands where the visit would.
    application.state, application.visit_words = State.WITHDRAWN, words
    save(application, "state", "visit_words")
    headline = "Disclosure application withdrawn"
    record(application, "withdrawn", headline, actor=actor, at=at, words=words)
    for kind in (CHECK, WHOLE, VISIT):
        deadlines.cancel(
            kind=kind, subject=application, actor=actor, at=at, reason="It was withdrawn."
        )
    return application
