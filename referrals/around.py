"""What the unit did about one referral beside sharing: opinions, the grade, its clock, its kin."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from referrals.models import GradeCheck, Referral, ReferralPause, SecondOpinion
from referrals.permissions import answers_for, can_answer_opinion, can_work, holds

#: Other open referrals of the same victim that the page lists.
MOST_KIN = 20


@dataclass(frozen=True)
class Around:
    """Read for one reader; `kin` are other open referrals about the same victim, oldest first."""

    opinions: list[SecondOpinion]
    checks: list[GradeCheck]
    pauses: list[ReferralPause]
    kin: list[Referral]
    mine: SecondOpinion | None
    can_ask: bool
    can_pause: bool
    can_resume: bool
    can_explain: bool
    can_claim_kin: bool

    @property
    def pause(self) -> ReferralPause | None:
        """The one that stands, if the clock stands still."""
        return next((one for one in self.pauses if one.until_at is None), None)

    @property
    def free(self) -> list[Referral]:
        """Kin that nobody has."""
        return [one for one in self.kin if one.state == Referral.State.WAITING]


def read(referral: Referral, *, reader: User, at: datetime) -> Around:
    """Four queries, however much there is."""
    opinions = list(
        referral.opinions.select_related("asked_by", "asked_of").order_by("asked_at", "pk")
    )
    open_now = referral.state != Referral.State.COMPLETED
    answers = open_now and answers_for(reader, referral)
    in_time = at < referral.due_at
    mine = [one for one in opinions if not one.answered_at and can_answer_opinion(reader, one)]
    return Around(
        opinions=opinions,
        checks=list(referral.grade_checks.select_related("by").order_by("at", "pk")),
        pauses=list(referral.pauses.select_related("from_by", "until_by").order_by("from_at")),
        kin=kin_of(referral),
        mine=mine[0] if mine and open_now else None,
        can_ask=open_now and holds(reader, referral),
        can_pause=answers and referral.paused_at is None and in_time,
        can_resume=answers and referral.paused_at is not None,
        can_explain=answers and referral.paused_at is None and not in_time,
        can_claim_kin=can_work(reader),
    )


def kin_of(referral: Referral) -> list[Referral]:
    """Other open referrals about the same victim: each keeps its own clock and outcome."""
    rows = Referral.objects.open().filter(victim=referral.victim_id).exclude(pk=referral.pk)
    return list(
        rows.select_related("claimed_by", "agency").order_by("submitted_at", "pk")[:MOST_KIN]
    )
