"""Cases of the IDVA service that ended before the weeks that are played: written as rows.

Whoever was offered an adviser earlier in the year had one for some weeks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from accounts.roles import Role
from core.references import Kind, take_many
from demo import advising_words as words
from demo.advising import WEEKS
from demo.people import IDVAS, Force
from referrals.models import CaseReview, IdvaCase, Referral, SupportNeed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ENDS = ("done", "done", "done", "client_ended", "not_reached", "passed_on")


@dataclass
class PastCases:
    """Writes them; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime
    needs: list[SupportNeed] = field(default_factory=list)
    reviews: list[CaseReview] = field(default_factory=list)

    def write(self) -> list[IdvaCase]:
        """One case for each time that somebody was supported; those of one victim one by one."""
        cases = list(self._cases())
        numbers = take_many(Kind.IDVA_CASE, [case.referred_at for case in cases])
        for case, reference in zip(cases, numbers, strict=True):
            case.reference = reference
        IdvaCase.objects.bulk_create(cases, batch_size=500)
        for case in cases:
            self._work(case)
        SupportNeed.objects.bulk_create(self.needs, batch_size=500)
        CaseReview.objects.bulk_create(self.reviews, batch_size=500)
        return cases

    def _cases(self) -> Iterator[IdvaCase]:
        offered = Referral.objects.filter(
            outcome=Referral.Outcome.SHARED_AND_IDVA,
            completed_at__lte=self.at - timedelta(weeks=WEEKS),
        ).order_by("completed_at")
        advisers = self.force.with_role(Role.IDVA)
        until: dict[int, datetime] = {}
        for referral in offered.select_related("claimed_by", "victim"):
            asked = referral.completed_at
            assert asked is not None
            if asked < until.get(referral.victim_id, asked):
                continue
            case = self._case(referral, asked, self.random.choice(advisers))
            assert case.closed_at is not None
            until[referral.victim_id] = case.closed_at
            yield case

    def _case(self, referral: Referral, asked: datetime, adviser: User) -> IdvaCase:
        draw = self.random.random
        because = self.random.choice(_ENDS)
        accepted = asked + (2 + 20 * draw()) * HOUR
        closed = min(accepted + (21 + 55 * draw()) * DAY, self.at - 20 * draw() * DAY - HOUR)
        reached = None if because == "not_reached" else accepted + (4 + 30 * draw()) * HOUR
        assert referral.claimed_by is not None
        return IdvaCase(
            victim=referral.victim,
            referral=referral,
            team=self.force.teams[IDVAS],
            owner=adviser,
            state=IdvaCase.State.CLOSED,
            grade=referral.grade,
            referred_by=referral.claimed_by,
            referred_at=asked,
            reason=referral.outcome_words,
            victim_agrees=True,
            answered_at=accepted,
            answered_by=self.force.users["idva.manager"],
            allocated_at=accepted,
            first_contact_at=reached,
            gave_up_at=None if reached else accepted + 4 * DAY,
            gave_up_words="" if reached else words.GAVE_UP,
            closed_at=closed,
            closed_by=adviser,
            closed_because=because,
            closed_words=words.ENDED[because],
            outcomes=words.outcomes(self.random) if reached else words.unknown_outcomes(),
        )

    def _work(self, case: IdvaCase) -> None:
        if case.first_contact_at is None:
            return
        assert case.closed_at is not None
        for kind, said in self.random.sample(words.NEEDS, 2):
            self.needs.append(
                SupportNeed(
                    case=case,
                    victim=case.victim,
                    kind=kind,
                    words=said,
                    state=self.random.choice(("met", "met", "partly", "not_met")),
                    opened_at=case.first_contact_at,
                    opened_by=case.owner,
                    settled_at=case.closed_at,
                    settled_by=case.owner,
                    outcome=words.MET,
                )
            )
        self.reviews.append(
            CaseReview(
                case=case,
                victim=case.victim,
                occasion=CaseReview.Occasion.CLOSING,
                grade=case.grade,
                would_be=case.grade,
                safety=self.random.choice(("safer", "safer", "safer", "same", "less_safe")),
                feels_safe=1 + int(5 * self.random.random() ** 0.6),
                words=self.random.choice(words.REVIEWS),
                at=case.closed_at,
                by=case.owner,
            )
        )
