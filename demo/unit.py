"""One of each of what the unit and advisers do beside the ordinary, in the last days.

A clock that stands still, a second opinion, children referred, names kept from somebody, records
opened in an emergency.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from demo import unit_words as words
from demo.people import Force
from incidents.models import Involvement
from referrals import services
from referrals.models import ChildrenConcern, Referral, Sharing
from referrals.services.children import Concern
from victims.models import Note, Victim, VictimAccess
from victims.services import break_glass, look_at_broken_glass, withhold, write_note

Happening = tuple[datetime, Callable[[datetime], object]]


@dataclass
class Unit:
    """Says what happens when; `at` is where the year ends."""

    force: Force
    at: datetime

    def happenings(self) -> Iterator[Happening]:
        """Each at its own instant of the last days."""
        yield self._ago(hours=3), self._pause
        yield self._ago(hours=2), self._ask_opinion
        yield self._ago(days=1, hours=5), self._refer_children
        yield self._ago(days=4), self._withhold
        yield self._ago(days=6, hours=9), self._open_in_emergency
        yield self._ago(days=6, hours=2), self._found_right
        yield self._ago(minutes=50), self._open_in_emergency
        yield self._ago(days=2), self._write_notes

    def _ago(self, **time: float) -> datetime:
        return self.at - timedelta(**time)

    def _claimed(self, by: str) -> Referral | None:
        """One that somebody works on, with the most time left."""
        rows = Referral.objects.filter(state="claimed", claimed_by=self.force.users[by])
        return rows.order_by("-due_at").first()

    def _pause(self, moment: datetime) -> None:
        # The year is written as it stands at its end: what is over then is over now.
        rows = Referral.objects.filter(state="claimed", due_at__gt=self.at)
        referral = rows.exclude(claimed_by=self.force.users["worker"]).order_by("-due_at").first()
        if referral is not None and referral.claimed_by is not None:
            services.pause(
                referral_id=referral.pk,
                reason="other_force",
                words=words.PAUSED,
                actor=referral.claimed_by,
                at=moment,
            )

    def _ask_opinion(self, moment: datetime) -> None:
        referral = self._claimed("d.marsh")
        if referral is not None:
            services.ask_opinion(
                referral_id=referral.pk,
                of=self.force.users["worker"],
                question=words.OPINION,
                actor=self.force.users["d.marsh"],
                at=moment,
            )

    def _refer_children(self, moment: datetime) -> None:
        lately = Involvement.objects.filter(
            role="child", received_at__gt=moment - timedelta(days=9), received_at__lt=moment
        )
        child = lately.select_related("person").order_by("-received_at", "pk").first()
        if child is None:
            return
        victim = Victim.objects.filter(involvements__incident=child.incident_id).first()
        if victim is None:
            return
        services.refer_children(
            victim_id=victim.pk,
            agency_id=self.force.agencies["Marlshire Children's Services"].pk,
            concern=Concern(
                children=(child.person_id,),
                urgency=ChildrenConcern.Urgency.TODAY,
                seen=words.CHILD_SEEN,
                worry=words.CHILD_WORRY,
                parents_know=True,
                what=(Sharing.What.IDENTITY, Sharing.What.INCIDENT),
            ),
            actor=self.force.users["j.fenn"],
            at=moment,
        )

    def _withhold(self, moment: datetime) -> None:
        first, second = Victim.objects.open().filter(grade="medium").order_by("-pk")[:2]
        withhold(
            victim_id=first.pk,
            person_id=self.force.users["d.ansah"].pk,
            reason=words.WITHHELD_PERSON,
            actor=self.force.users["manager"],
            at=moment,
        )
        withhold(
            victim_id=second.pk,
            agency_id=self.force.agencies["Ashmere Council Housing"].pk,
            reason=words.WITHHELD_AGENCY,
            actor=self.force.users["worker"],
            at=moment,
        )

    def _open_in_emergency(self, moment: datetime) -> None:
        adviser = self.force.users["s.lindqvist"]
        hers = Victim.objects.visible_to(adviser)
        victim = Victim.objects.open().filter(grade="high").exclude(pk__in=hers).first()
        if victim is not None:
            break_glass(victim_id=victim.pk, reason=words.EMERGENCY, actor=adviser, at=moment)

    def _found_right(self, moment: datetime) -> None:
        opened = VictimAccess.objects.filter(why="break_glass").order_by("from_at").first()
        if opened is not None:
            look_at_broken_glass(
                access_id=opened.pk,
                is_right=True,
                words=words.FOUND_RIGHT,
                actor=self.force.users["idva.manager"],
                at=moment,
            )

    def _write_notes(self, moment: datetime) -> None:
        for victim in Victim.objects.open().filter(grade="high").order_by("-pk")[:6]:
            write_note(
                victim_id=victim.pk,
                words=words.POLICE_NOTE,
                kept_among=Note.KeptAmong.POLICE,
                actor=self.force.users["investigator"],
                at=moment,
            )
