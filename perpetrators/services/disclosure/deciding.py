"""What is disclosed is decided, with words."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from deadlines.models import Deadline
from perpetrators.deadlines.disclosure import VISIT, WHOLE
from perpetrators.models import DisclosureApplication
from perpetrators.services.disclosure.rows import (
    LONGEST_WORDS,
    State,
    lock,
    needs_decider,
    needs_state,
    record,
    save,
    tell,
)

#: What may be decided, in the words of the form.
OUTCOMES = {
    State.DISCLOSE.value: "Disclose",
    State.NOTHING.value: "There is nothing to disclose",
    State.REFUSED.value: "Do not disclose",
}


@transaction.atomic
def decide_application(
    *, application_id: int, outcome: str, words: str, actor: User, at: datetime
) -> DisclosureApplication:
    """Decide: disclose, nothing to disclose, or not to be disclosed.

    To disclose starts the clock of the visit, within the time of the whole; either other ends the
    application. Whoever has it is told. The same again by the same person changes nothing. Raises
    PermissionDenied, InvalidInput at `outcome` or `words`, AlreadyTaken where somebody else
    decided, DomainError before the first check.
    """
    application = lock(application_id)
    needs_decider(actor)
    if outcome not in OUTCOMES:
        raise InvalidInput("Choose what is decided.", field="outcome")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    if application.decided_by_id is not None:
        if _is_same(application, outcome, words, actor):
            return application
        by = User.objects.get(pk=application.decided_by_id)
        raise AlreadyTaken(f"{by} decided already: {application.get_state_display().lower()}.")
    needs_state(application, State.CHECKED, otherwise="Only what was checked is decided.")
    application.state = outcome
    application.decided_at, application.decided_by, application.decision_words = at, actor, words
    save(application, "state", "decided_at", "decided_by", "decision_words")
    headline = f"Disclosure scheme: {OUTCOMES[outcome].lower()}"
    record(application, "decided", headline, actor=actor, at=at, is_grave=True, words=words)
    if outcome == State.DISCLOSE:
        _await_visit(application, actor, at)
    else:
        deadlines.meet(kind=WHOLE, subject=application, actor=actor, at=at)
    if application.owner is not None:
        said = f"Decided: {application.reference}"
        tell(application, [application.owner], said, at, is_urgent=outcome == State.DISCLOSE)
    return application


def _await_visit(application: DisclosureApplication, actor: User, at: datetime) -> None:
    """Somebody is told before the time of the whole is over."""
    whole = Deadline.objects.of(application).filter(kind=WHOLE).order_by("-pk").first()
    deadlines.start(
        kind=VISIT,
        subject=application,
        reference=application.reference,
        victim_id=application.victim_id,
        team=application.team,
        owner=application.owner,
        started_at=whole.due_at if whole else at,
        actor=actor,
        at=at,
    )


def _is_same(application: DisclosureApplication, outcome: str, words: str, actor: User) -> bool:
    row = application
    decided = State.DISCLOSE if row.state == State.DISCLOSED else row.state
    return (decided, row.decision_words, row.decided_by_id) == (outcome, words, actor.pk)
