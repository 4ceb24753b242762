"""Partner agencies of the last weeks: what they sent, were told, and answered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from random import Random

from accounts.models import User
from demo import partner_words as words
from demo.people import Force
from incidents.models import Incident, Involvement
from referrals import services
from referrals.models import AgencyChannel, Referral, SchoolNotice, Sharing
from referrals.services.incoming import AgencySays
from referrals.services.sharing.parts import Matter, told

Happening = tuple[datetime, Callable[[datetime], object]]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Schools are told of incidents of so many days; what was told before that is not played.
SCHOOL_DAYS, MOST_SCHOOLS = 6, 24
#: Sharings of so many days have their words; the time of those before is over.
TOLD_DAYS, MOST_TOLD = 61, 900


@dataclass
class Partners:
    """Says what partners did when; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime

    def happenings(self) -> Iterator[Happening]:
        """What agencies referred, and which schools were told."""
        yield from self._referred()
        yield from self._schools()

    def say_what_was_told(self) -> None:
        """The words of the sharings that the year holds as rows, and what came back."""
        rows = (
            Sharing.objects.filter(shared_at__gt=self.at - TOLD_DAYS * DAY, told=[])
            .select_related(
                "victim__person", "referral__incident", "referral__assessment", "agency"
            )
            .order_by("-shared_at")[:MOST_TOLD]
        )
        answering = {user.team.agency_id: user for user in self._representatives() if user.team}
        changed = [self._say(row, answering) for row in rows]
        Sharing.objects.bulk_update(
            changed,
            ["told", "opened_at", "opened_by", "answer", "answer_words", "answered_at",
             "answered_by"],
            batch_size=200,
        )  # fmt: skip

    def keep_channels(self) -> None:
        """How each agency is reached."""
        manager = self.force.users["manager"]
        for agency in self.force.agencies.values():
            if agency.kind == "police":
                continue
            by_mail = agency.kind in {"housing", "health", "probation", "children"}
            AgencyChannel.objects.get_or_create(
                agency=agency,
                defaults={
                    "way": "email" if by_mail else "inbox",
                    "email": f"safeguarding.{agency.pk}@example.invalid" if by_mail else "",
                    "changed_at": self.at - timedelta(days=200),
                    "changed_by": manager,
                },
            )

    def _representatives(self) -> list[User]:
        return [self.force.users[name] for name in words.REPRESENTATIVES]

    def _say(self, row: Sharing, answering: dict[int, User]) -> Sharing:
        referral = row.referral
        assert referral is not None
        matter = Matter(row.victim, referral, referral.incident)
        row.told = told(row.what, matter, at=row.shared_at)
        by = answering.get(row.agency_id)
        opened = row.shared_at + (1 + 20 * self.random.random()) * HOUR
        if by is not None and opened < self.at and self.random.random() < 0.9:
            row.opened_at, row.opened_by = opened, by
            answered = opened + 30 * self.random.random() * HOUR
            if answered < self.at and self.random.random() < 0.7:
                row.answer, row.answer_words = self.random.choice(words.ANSWERS)
                row.answered_at, row.answered_by = answered, by
        return row

    def _referred(self) -> Iterator[Happening]:
        for number, (who, days, said) in enumerate(words.REFERRED):
            yield self.at - days * DAY, partial(self._refer, who, said)
            if number not in words.LEFT_WAITING:
                yield self.at - (days - 0.4) * DAY, partial(self._take_up, who, said)

    def _refer(self, who: str, said: AgencySays, moment: datetime) -> None:
        services.refer_to_unit(says=said, actor=self.force.users[who], at=moment)

    def _take_up(self, who: str, said: AgencySays, moment: datetime) -> None:
        """A worker claims what the agency sent, and finishes the older ones."""
        referral = Referral.objects.filter(
            agency=self.force.users[who].team.agency_id,  # type: ignore[union-attr]
            incoming__their_reference=said.their_reference,
        ).get()
        if moment > self.at or referral.state != Referral.State.WAITING:
            return
        worker = self.force.users[self.random.choice(("d.marsh", "j.fenn", "t.grady"))]
        services.claim(referral_id=referral.pk, actor=worker, at=moment)
        done = moment + 5 * HOUR
        if done < self.at - DAY:
            referral.refresh_from_db()
            services.complete(
                referral_id=referral.pk,
                outcome=Referral.Outcome.OWNER_NAMED,
                words=words.OWNER_NAMED,
                no_idva_reason=words.NO_IDVA,
                version=referral.version,
                actor=worker,
                at=done,
            )
            services.answer_agency(
                referral_id=referral.pk, words=words.ANSWERED, actor=worker, at=done
            )

    def _schools(self) -> Iterator[Happening]:
        with_children = Involvement.objects.filter(role="child").values("incident")
        incidents = (
            Incident.objects.filter(
                received_at__gt=self.at - SCHOOL_DAYS * DAY, pk__in=with_children
            )
            .select_related("logged_by")
            .order_by("-received_at")[:MOST_SCHOOLS]
        )
        for place, incident in enumerate(incidents):
            yield incident.logged_at, partial(self._owe, incident)
            told_at = incident.logged_at + (2 + 8 * self.random.random()) * HOUR
            if place % 5 and told_at < self.at:
                yield told_at, partial(self._tell, incident)

    def _owe(self, incident: Incident, moment: datetime) -> None:
        services.follow_children(incident_id=incident.pk, actor=incident.logged_by, at=moment)

    def _tell(self, incident: Incident, moment: datetime) -> None:
        owed = SchoolNotice.objects.filter(incident=incident, state=SchoolNotice.State.OWED)
        notices = list(owed.values_list("pk", flat=True))
        schools = [one for one in self.force.agencies.values() if one.kind == "education"]
        if notices:
            services.tell_school(
                incident_id=incident.pk,
                notice_ids=notices,
                agency_id=self.random.choice(schools).pk,
                actor=self.force.users[self.random.choice(("worker", "s.lal", "j.fenn"))],
                at=moment,
            )
