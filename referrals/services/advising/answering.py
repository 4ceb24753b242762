"""The IDVA service accepts a referral, and then an adviser has it; or does not, and says why."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from core import events
from core.errors import InvalidInput
from core.text import clean
from deadlines.models import Notification
from referrals.events import AdviserRefused
from referrals.models import IdvaCase
from referrals.services.advising import serving
from referrals.services.advising.allocating import OF_THE_ADVISER, checked_taker, give, let_go
from referrals.services.advising.locking import locked, refuse_stale, require_waiting
from referrals.services.advising.telling import ANSWER, FIRST_CONTACT, record, tell
from victims.duties import named
from victims.models import Duty

State = IdvaCase.State
LONGEST_WORDS = 1_000


@transaction.atomic
def accept_idva_case(
    *, case_id: int, to: User | None = None, version: int, actor: User, at: datetime
) -> IdvaCase:
    """Accept a referral to the service: from now on an adviser has the client.

    Without `to` whoever accepts it has it until they allocate it, so that somebody always does. The
    time for the first contact runs from now. Raises PermissionDenied for whoever does not lead the
    team; AlreadyTaken where it is answered; Stale; InvalidInput at `to`.
    """
    case = locked(case_id)
    _require_leader(actor, case, at)
    require_waiting(case)
    refuse_stale(case, version, {"answer": "accept", "owner": str(to or actor)})
    adviser = to or actor
    team = checked_taker(adviser, case)
    case.state, case.answered_at, case.answered_by = State.ACCEPTED, at, actor
    case.allocated_at = at
    case.save(update_fields=["state", "answered_at", "answered_by", "allocated_at"])
    deadlines.services.meet(kind=ANSWER, subject=case, actor=actor, at=at)
    deadlines.services.start(
        kind=FIRST_CONTACT,
        subject=case,
        reference=case.reference,
        victim_id=case.victim_id,
        team=team,
        owner=adviser,
        started_at=at,
        actor=actor,
        at=at,
    )
    headline = f"Accepted by the IDVA service: {adviser} supports them"
    give(
        case,
        to=adviser,
        team=team,
        takes=OF_THE_ADVISER,
        actor=actor,
        at=at,
        headline=headline,
    )
    tell(case, [adviser], "You have a new client: reach them first", actor, at)
    tell(case, [case.referred_by], "The IDVA service has accepted your referral", actor, at)
    return case


@transaction.atomic
def refuse_idva_case(
    *, case_id: int, because: str, words: str, version: int, actor: User, at: datetime
) -> IdvaCase:
    """Do not accept a referral, and say why; the service sees the victim no more.

    Who answers for the victim did all the while, and is told, as is who referred them. `because` is
    an IdvaCase.RefusedBecause. Raises PermissionDenied, AlreadyTaken, Stale, InvalidInput at
    `because` or `words` (needed, to 1,000 characters).
    """
    case = locked(case_id)
    _require_leader(actor, case, at)
    require_waiting(case)
    if because not in IdvaCase.RefusedBecause.values:
        raise InvalidInput("Say why it is not accepted.", field="because")
    words = clean(words, field="words", longest=LONGEST_WORDS, required=True)
    refuse_stale(case, version, {"answer": "not accepted", "words": words})
    case.state, case.answered_at, case.answered_by = State.REFUSED, at, actor
    case.refused_because, case.refused_words = because, words
    case.version += 1
    case.save(
        update_fields=[
            "state",
            "answered_at",
            "answered_by",
            "refused_because",
            "refused_words",
            "version",
        ]
    )
    deadlines.services.meet(kind=ANSWER, subject=case, actor=actor, at=at)
    let_go(case, "The IDVA service did not accept the referral", actor, at)
    headline = f"Not accepted by the IDVA service: {case.get_refused_because_display().lower()}"
    record(case, "refused", headline, actor, at, {"because": because, "words": words})
    _tell_the_others(case, actor, at)
    events.announce(AdviserRefused(case.pk, case.victim_id, actor, at))
    return case


def _require_leader(actor: User, case: IdvaCase, at: datetime) -> None:
    if not serving.leads(actor, case, at):
        raise PermissionDenied(f"Whoever leads {case.team} answers {case.reference}.")


def _tell_the_others(case: IdvaCase, actor: User, at: datetime) -> None:
    """Who referred them, and who keeps in touch with them now that no adviser does."""
    answers = named(case.victim, Duty.CONTACT, at).person
    told = [case.referred_by, *([answers] if answers else [])]
    headline = "The IDVA service has not accepted: read why, and who supports them"
    tell(case, told, headline, actor, at, Notification.Level.WARNING)
