"""Second opinions that are no longer asked: their clocks stop, and the questions are kept."""

from datetime import datetime

import deadlines.services
from accounts.models import User
from core.text import clean
from referrals.models import Referral, SecondOpinion

OPINION = "opinion"
LONGEST_BECAUSE = 300


def drop_opinions(
    referral: Referral, *, because: str, of: User | None = None, actor: User, at: datetime
) -> list[SecondOpinion]:
    """What is still asked about a referral is asked no more: all of it, or of one colleague.

    In the transaction of whoever holds the referral's lock, after that service asked whether its
    actor may. Gives what fell away.
    """
    waiting = SecondOpinion.objects.waiting().filter(referral=referral).order_by("pk")
    rows = list((waiting if of is None else waiting.filter(asked_of=of)).select_for_update())
    for row in rows:
        drop(row, because=because, actor=actor, at=at)
    return rows


def drop(opinion: SecondOpinion, *, because: str, actor: User, at: datetime) -> None:
    """One question falls away, for a reason. Raises InvalidInput at `because` (to 300 letters)."""
    opinion.words = clean(because, field="because", longest=LONGEST_BECAUSE, required=True)
    opinion.answer, opinion.answered_at = SecondOpinion.Answer.GONE, at
    opinion.save(update_fields=["words", "answer", "answered_at"])
    deadlines.services.cancel(
        kind=OPINION, subject=opinion, actor=actor, at=at, reason=opinion.words
    )
