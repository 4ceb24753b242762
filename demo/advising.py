"""The IDVA service of the last weeks, played through its services: asked, allocated, supported.

Whoever was offered an adviser in those weeks is referred; most are accepted within the day, reached
within two, and supported since. What came up in the last hours waits for whoever opens the demo.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import User
from accounts.roles import Role
from core.clock import local
from demo import advising_words as words
from demo.people import Force
from referrals import services as advising
from referrals.models import CourtSupport, IdvaCase, Referral, SupportNeed
from victims.models import Contact, SafeContact
from victims.safe_way import departs
from victims.services import log_contact, write_note
from victims.services.contacts import in_force

Happening = tuple[datetime, Callable[[datetime], object]]

#: Offers of so many weeks are played, the newest so many of them.
WEEKS, MOST = 8, 110
#: The demo's adviser has every so-manieth client.
HERS = 5
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Advising:
    """Plays what becomes of each offer; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime
    _load: dict[int, int] = field(default_factory=dict)

    def happenings(self) -> Iterator[Happening]:
        """Every step of every case of these weeks, with its instant."""
        offered = Referral.objects.filter(
            outcome=Referral.Outcome.SHARED_AND_IDVA,
            completed_at__gt=self.at - timedelta(weeks=WEEKS),
            victim__closed_at__isnull=True,
        ).order_by("-completed_at")
        for place, referral in enumerate(offered.select_related("claimed_by")[:MOST]):
            yield from self._steps(referral, place)

    def _steps(self, referral: Referral, place: int) -> Iterator[Happening]:
        asked, worker = referral.completed_at, referral.claimed_by
        assert asked is not None
        assert worker is not None
        draw = self.random.random
        yield (
            asked,
            lambda moment: advising.refer_completed(
                referral_id=referral.pk, actor=worker, at=moment
            ),
        )
        answered = self._by_day(asked + (2 + 18 * draw()) * HOUR)
        if place % 14 == 13:
            yield answered, partial(self._refuse, referral.pk)
            return
        yield answered, partial(self._accept, referral.pk, place)
        first = self._by_day(answered + (5 + 26 * draw()) * HOUR)
        if place % 3 == 0:
            yield first, partial(self._call, referral.pk, Contact.Outcome.NO_ANSWER)
            first = self._by_day(first + (3 + 4 * draw()) * HOUR)
        if place % 17 == 4:
            return
        yield first, partial(self._call, referral.pk, Contact.Outcome.REACHED)
        yield first + HOUR / 3, partial(self._begin, referral.pk)
        again = first
        while (again := self._by_day(again + (6 + 5 * draw()) * DAY)) < self.at - HOUR:
            yield again, partial(self._call, referral.pk, Contact.Outcome.REACHED)
        if place % 4 == 1:
            yield first + 2 * DAY, partial(self._court, referral.pk)
        reviewed = self._by_day(answered + timedelta(weeks=6.2 + 1.2 * draw()))
        yield reviewed, partial(self._review, referral.pk)
        if place % 5 == 2:
            closed = self._by_day(first + timedelta(weeks=4 + 2 * draw()))
            yield closed, partial(self._close, referral.pk)

    def _by_day(self, when: datetime) -> datetime:
        """Advisers work by day, on working days."""
        there = local(when)
        if not 9 <= there.hour < 17:
            there = there.replace(hour=9, minute=int(59 * self.random.random()))
            there += timedelta(days=1) if local(when).hour >= 17 else timedelta(0)
        while there.weekday() > 4:
            there += timedelta(days=1)
        return there

    def _case(self, referral_id: int, state: str = IdvaCase.State.ACCEPTED) -> IdvaCase | None:
        rows = IdvaCase.objects.filter(referral=referral_id, state=state)
        return rows.select_related("owner", "victim").first()

    def _least_loaded(self, place: int) -> User:
        if place % HERS == 0:
            return self.force.users["idva"]
        others = [one for one in self.force.with_role(Role.IDVA) if one.username != "idva"]
        chosen = min(others, key=lambda one: (self._load.get(one.pk, 0), one.pk))
        self._load[chosen.pk] = self._load.get(chosen.pk, 0) + 1
        return chosen

    def _accept(self, referral_id: int, place: int, moment: datetime) -> None:
        case = self._case(referral_id, IdvaCase.State.REFERRED)
        if case is None:
            return
        advising.accept_idva_case(
            case_id=case.pk,
            to=self._least_loaded(place),
            version=case.version,
            actor=self.force.users["idva.manager"],
            at=moment,
        )

    def _refuse(self, referral_id: int, moment: datetime) -> None:
        case = self._case(referral_id, IdvaCase.State.REFERRED)
        if case is None:
            return
        advising.refuse_idva_case(
            case_id=case.pk,
            because=IdvaCase.RefusedBecause.DECLINED,
            words=words.DECLINED,
            version=case.version,
            actor=self.force.users["idva.manager"],
            at=moment,
        )

    def _call(self, referral_id: int, outcome: str, moment: datetime) -> None:
        """By the safe way that is on record; else a meeting, with the reason."""
        case = self._case(referral_id)
        if case is None:
            return
        safe = SafeContact.objects.filter(victim=case.victim_id, is_current=True).first()
        is_known = safe is not None and safe.method not in {"none", "third_party"}
        way = safe.method if is_known and safe else Contact.Way.VISIT
        reached = outcome == Contact.Outcome.REACHED
        departure = departs(way, outcome, moment, in_force(case.victim, moment))
        contact = log_contact(
            victim_id=case.victim_id,
            way=way,
            outcome=outcome,
            words=self.random.choice(words.SPOKE if reached else words.NOBODY),
            updates={},
            seen=safe.version if safe else 0,
            other_way_reason=words.OTHER_WAY if departure else "",
            actor=case.owner,
            at=moment,
        )
        if reached and self.random.random() < 0.4:
            write_note(
                victim_id=case.victim_id,
                words=self.random.choice(words.NOTES),
                kept_among="advocates",
                contact_id=contact.pk,
                actor=case.owner,
                at=moment,
            )

    def _begin(self, referral_id: int, moment: datetime) -> None:
        """What she needs help with, as she first says it."""
        case = self._case(referral_id)
        for kind, said in self.random.sample(words.NEEDS, 2 + int(2 * self.random.random())):
            if case is not None:
                advising.add_need(
                    case_id=case.pk, kind=kind, words=said, actor=case.owner, at=moment
                )

    def _court(self, referral_id: int, moment: datetime) -> None:
        case = self._case(referral_id)
        if case is None:
            return
        day = self._by_day(self.at + timedelta(days=3 + 40 * self.random.random()))
        advising.plan_court(
            case_id=case.pk,
            court=self.random.choice(list(CourtSupport.Court)),
            hearing_at=day.replace(hour=10, minute=0, second=0, microsecond=0),
            about=self.random.choice(words.HEARINGS),
            measures=[CourtSupport.Measure.SCREEN, CourtSupport.Measure.ENTRANCE],
            actor=case.owner,
            at=moment,
        )

    def _review(self, referral_id: int, moment: datetime, closing: bool = False) -> None:
        case = self._case(referral_id)
        if case is None:
            return
        advising.review_case(
            case_id=case.pk,
            would_be=case.victim.grade,
            safety=self.random.choice(("safer", "safer", "same")),
            words=self.random.choice(words.REVIEWS),
            feels_safe=2 + int(4 * self.random.random()),
            closing=closing,
            actor=case.owner,
            at=moment,
        )

    def _close(self, referral_id: int, moment: datetime) -> None:
        case = self._case(referral_id)
        if case is None or CourtSupport.objects.filter(case=case, state="planned").exists():
            return
        self._review(referral_id, moment, closing=True)
        for need in SupportNeed.objects.filter(case=case, state="open").order_by("pk"):
            advising.settle_need(
                need_id=need.pk, state="met", outcome=words.MET, actor=case.owner, at=moment
            )
        advising.close_idva_case(
            case_id=case.pk,
            because=IdvaCase.ClosedBecause.DONE,
            words=words.CLOSED,
            outcomes=words.outcomes(self.random),
            version=case.version,
            actor=case.owner,
            at=moment + HOUR / 2,
        )
