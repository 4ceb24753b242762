"""What a client needs help with, and what became of each."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from referrals.models import SupportNeed
from referrals.services.advising.holding import held, record_apart
from victims.services import once

State = SupportNeed.State
LONGEST_WORDS = 1_000


@transaction.atomic
def add_need(
    *, case_id: int, kind: str, words: str, key: UUID | None = None, actor: User, at: datetime
) -> SupportNeed:
    """Write down something that a client needs help with; `key` is that of a form, sent once.

    Raises PermissionDenied, InvalidInput at `kind` or `words` (needed, to 1,000 characters), and
    DomainError where the case is not accepted or over.
    """
    case = held(case_id, actor, at)
    said = {"said": [kind, words]}
    earlier = once.earlier_result(
        key=key, what=f"need of {case.reference}", said=said, actor=actor, at=at
    )
    if earlier is not None:
        return SupportNeed.objects.get(pk=earlier)
    if kind not in SupportNeed.Kind.values:
        raise InvalidInput("Choose what it is about.", field="kind")
    need = SupportNeed.objects.create(
        case=case,
        victim=case.victim,
        kind=SupportNeed.Kind(kind),
        words=clean(words, field="words", longest=LONGEST_WORDS, required=True),
        opened_at=at,
        opened_by=actor,
    )
    once.remember(key=key, result=need.pk, actor=actor)
    record_apart(case, "need_added", "Support need written down", actor, at)
    return need


@transaction.atomic
def settle_need(
    *, need_id: int, state: str, outcome: str, actor: User, at: datetime
) -> SupportNeed:
    """Say what became of a need; the same said twice is said once.

    `state` is any SupportNeed.State but open. Raises PermissionDenied, InvalidInput at `state` or
    `outcome` (needed, to 1,000 characters), AlreadyTaken where it was settled otherwise, and
    DomainError where the case is over.
    """
    case = held(SupportNeed.objects.values_list("case_id", flat=True).get(pk=need_id), actor, at)
    need = SupportNeed.objects.select_related("settled_by").get(pk=need_id)
    if state not in set(State.values) - {State.OPEN.value}:
        raise InvalidInput("Say what became of it.", field="state")
    outcome = clean(outcome, field="outcome", longest=LONGEST_WORDS, required=True)
    if need.state != State.OPEN:
        if (need.state, need.outcome) == (state, outcome):
            return need
        became = need.get_state_display().lower()
        raise AlreadyTaken(f"{need.settled_by} has settled this already: {became}.")
    need.state, need.outcome = State(state), outcome
    need.settled_at, need.settled_by = at, actor
    need.save(update_fields=["state", "outcome", "settled_at", "settled_by"])
    record_apart(case, "need_settled", "Support need settled", actor, at)
    return need
