"""The end of a case of the IDVA service: what must be there first, and what then ends with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core import events
from core.errors import AlreadyTaken, InvalidInput
from core.text import clean
from referrals.events import IdvaCaseClosed
from referrals.models import CaseReview, CourtSupport, IdvaCase, SupportNeed
from referrals.services.advising import outcomes as topics
from referrals.services.advising import serving
from referrals.services.advising.allocating import let_go
from referrals.services.advising.locking import locked, refuse_stale, require_supported
from referrals.services.advising.telling import record

State = IdvaCase.State
LONGEST_WORDS = 5_000
#: A review that is older says little of how safe they are at the end.
REVIEW_AGE = timedelta(days=14)
_ENDED = "Their case with the IDVA service is closed"


@dataclass(frozen=True)
class Missing:
    """What stands in the way of closing a case: the input that it belongs to, and in words."""

    field: str
    words: str


class NotReady(InvalidInput):
    """A case cannot be closed yet; `missing` names everything, each at its field."""

    code = "not_ready"

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__(missing[0].words, field=missing[0].field)
        self.missing = tuple(missing)


def missing_before_closing(case: IdvaCase, at: datetime) -> list[Missing]:
    """What must be done before this case is closed, in three queries: at `review`, `needs` and
    `courts`; empty where nothing is missing."""
    found = []
    reviews = CaseReview.objects.filter(
        case=case, occasion=CaseReview.Occasion.CLOSING, at__gte=at - REVIEW_AGE
    )
    if not reviews.exists():
        words = f"Look at the risk for the closing first: within {REVIEW_AGE.days} days before it."
        found.append(Missing("review", words))
    needs = SupportNeed.objects.filter(case=case, state=SupportNeed.State.OPEN).order_by("pk")
    if labels := [need.get_kind_display().lower() for need in needs]:
        found.append(Missing("needs", f"Not settled yet: {'; '.join(labels)}."))
    hearings = CourtSupport.objects.filter(case=case, state=CourtSupport.State.PLANNED)
    if count := hearings.count():
        which = "A hearing is" if count == 1 else f"{count} hearings are"
        found.append(Missing("courts", f"{which} planned still. Say what came or comes of it."))
    return found


@transaction.atomic
def close_idva_case(
    *,
    case_id: int,
    because: str,
    words: str,
    outcomes: Mapping[str, str],
    version: int,
    actor: User,
    at: datetime,
) -> IdvaCase:
    """Close a case with what came of it; the service sees the victim no more, in this transaction.

    `because` is an IdvaCase.ClosedBecause; `outcomes` answers every topic of
    `advising.outcomes`. Whoever sees the victim reads both, and `words` (to 5,000 characters).
    What the service answered for goes back to the referral unit. Sent twice it is closed once.

    Raises PermissionDenied; InvalidInput at `because`, `words` or the topic's own field; NotReady
    with everything that is missing; AlreadyTaken where somebody else closed it; Stale; DomainError
    for a case that was never accepted.
    """
    case = locked(case_id)
    words = clean(words, field="words", longest=LONGEST_WORDS)
    if case.state == State.CLOSED:
        if (case.closed_by_id, case.closed_words) == (actor.pk, words):
            return case
        raise AlreadyTaken(f"{case.closed_by} has closed {case.reference} already.")
    if not serving.works_on(actor, case, at):
        raise PermissionDenied(f"{case.owner} has {case.reference}. They close it.")
    require_supported(case)
    if because not in IdvaCase.ClosedBecause.values:
        raise InvalidInput("Say why it is closed.", field="because")
    answered = topics.checked(outcomes)
    if not words:
        raise InvalidInput("Say in words how it ended.", field="words")
    refuse_stale(case, version, {"state": "closed", "words": words})
    if missing := missing_before_closing(case, at):
        raise NotReady(missing)
    let_go(case, _ENDED, actor, at)
    case.state, case.closed_at, case.closed_by = State.CLOSED, at, actor
    case.closed_because, case.closed_words = IdvaCase.ClosedBecause(because), words
    case.outcomes = answered
    case.version += 1
    case.save(
        update_fields=[
            "state",
            "closed_at",
            "closed_by",
            "closed_because",
            "closed_words",
            "outcomes",
            "version",
        ]
    )
    headline = f"Case of the IDVA service closed: {case.get_closed_because_display().lower()}"
    record(case, "closed", headline, actor, at, {"words": words, "outcomes": answered})
    events.announce(IdvaCaseClosed(case.pk, case.victim_id, actor, at))
    return case
