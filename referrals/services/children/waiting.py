"""The clock of children's services' answer: begins with the referral, ends with the answer."""

from datetime import datetime

import deadlines.services
from accounts.models import User
from referrals.models import Sharing
from referrals.services.opening import unit_for

KIND = "children_answer"


def wait_for_answer(sharing: Sharing, *, actor: User, at: datetime) -> None:
    """Whoever referred asks after it; the unit of the victim's area stands behind them."""
    deadlines.services.start(
        kind=KIND,
        subject=sharing,
        reference=sharing.reference,
        victim_id=sharing.victim_id,
        team=unit_for(sharing.victim.area_id),
        owner=actor,
        started_at=at,
        actor=actor,
        at=at,
    )


def note_children_answer(*, sharing_id: int, actor: User, at: datetime) -> None:
    """They answered: nobody waits any more. Nothing where nobody did."""
    _end(Sharing.objects.get(pk=sharing_id), actor, at, because="")


def let_answer_go(*, sharing_id: int, because: str, actor: User, at: datetime) -> None:
    """Nobody waits for an answer to what was withdrawn, or said anew."""
    _end(Sharing.objects.get(pk=sharing_id), actor, at, because=because)


def _end(sharing: Sharing, actor: User, at: datetime, *, because: str) -> None:
    if sharing.kind != Sharing.Kind.CHILDREN:
        return
    if because:
        deadlines.services.cancel(kind=KIND, subject=sharing, actor=actor, at=at, reason=because)
    else:
        deadlines.services.meet(kind=KIND, subject=sharing, actor=actor, at=at)
