"""What follows from custody, played through the services in order of time.

Messages come in, clocks run, victims are told, risk is looked at again: mostly in time, some late,
and what happened in the last hours waits for whoever opens the demo.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random
from typing import Any

from accounts.models import User
from core.clock import local
from deadlines.models import Sweep
from deadlines.sweep import sweep
from demo import agreed, custody, life_words
from demo.advising import Advising
from demo.advising_past import PastCases
from demo.decisions import Decisions, Happening, story_of
from demo.mornings import Mornings
from demo.partners import Partners
from demo.people import Force
from demo.story import AUTUMN, YESTERDAY
from demo.unit import Unit
from demo.voice import Voice
from incidents.models import Incident
from perpetrators.messages import parse
from perpetrators.models import CustodyEvent
from perpetrators.services.receiving import receive
from perpetrators.services.releases import look_ahead
from risk import services
from risk.models import Assessment, Reassessment
from risk.services import reassessing
from risk.services.scans import scan
from victims.models import Contact, SafeContact, VictimUpdate
from victims.safe_way import departs
from victims.services.contacts import in_force, log_contact

#: The engine is woken so often; in the running service, every half minute.
WAKE = timedelta(hours=6)
#: The nightly scan ran in so many nights; before them, reviews are those of `demo.lives`.
NIGHTS = 25
#: What came up so lately is left to whoever opens the demo.
LEFT = timedelta(hours=5)
#: Of those told or looked at, one in so many is late, and one in so many takes a second call.
LATE, TWICE = 9, 4


@dataclass
class Aftermath:
    """One playing; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime
    _queue: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    _number: Any = field(default_factory=lambda: count().__next__)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def play(self, told: list[custody.Told], happenings: Iterable[Happening]) -> None:
        """Everything that these messages and happenings cause, up to `at`."""
        for when, act in happenings:
            self._later(when, act)
        for when, message in told:
            self._later(when, partial(self._deliver, message))
        for when, victim in agreed.meetings(self.random, self.at):
            self._later(when, partial(agreed.agree, victim, self.force, self.random))
        for incident in self._called_again():
            self._later(incident.logged_at, partial(self._note, incident))
        moment = min([self.at, *(when for when, _, _ in self._queue)]) + WAKE
        while moment < self.at:
            self._later(moment, self._wake)
            moment += WAKE
        night = self.at.replace(hour=3, minute=0, second=0, microsecond=0)
        for days in range(NIGHTS):
            if night - timedelta(days=days) <= self.at:
                self._later(night - timedelta(days=days), self._scan)
        self._later(self.at, self._wake)
        while self._queue:
            moment, _, act = heapq.heappop(self._queue)
            act(moment)

    def _called_again(self) -> list[Incident]:
        """Incidents of the last days that somebody goes to and nobody has assessed yet."""
        assessed = Assessment.objects.whole().values("incident")
        lately = self.at - timedelta(days=3)
        rows = Incident.objects.filter(received_at__gt=lately, not_sent_reason="")
        return list(rows.exclude(pk__in=assessed).select_related("logged_by").order_by("pk"))

    def _note(self, incident: Incident, moment: datetime) -> None:
        """As when it is logged: the risk of those assessed before is to be looked at again."""
        victims = incident.involvements.filter(role="victim", victim__isnull=False)
        services.note_incident(
            incident_id=incident.pk,
            victim_ids=tuple(victims.values_list("victim", flat=True)),
            actor=incident.logged_by,
            at=moment,
        )
        self._plan(moment)

    def _later(self, when: datetime, act: Callable[[datetime], object]) -> None:
        heapq.heappush(self._queue, (when, self._number(), act))

    def _deliver(self, message: dict[str, Any], moment: datetime) -> None:
        sender = self.force.users["custody.system"]
        receive(messages=[parse(message, at=moment)], actor=sender, at=moment)
        self._plan(moment)

    def _scan(self, moment: datetime) -> None:
        scan(at=moment, actor=User.objects.system())
        self._plan(moment)

    def _wake(self, moment: datetime) -> None:
        look_ahead(at=moment)
        sweep(at=moment)
        self._plan(moment)

    def _plan(self, moment: datetime) -> None:
        """When whatever is owed since is done; it may be after the year ends, and then waits."""
        for update in VictimUpdate.objects.owed().order_by("pk"):
            self._once("update", update.pk, moment, update.due_at, self._tell)
        for again in Reassessment.objects.open().order_by("pk"):
            self._once("reassessment", again.pk, moment, again.due_at, self._conclude)

    def _once(
        self,
        what: str,
        number: int,
        moment: datetime,
        due: datetime,
        act: Callable[[int, datetime], object],
    ) -> None:
        if (what, number) in self._seen:
            return
        self._seen.add((what, number))
        room = max(due - moment, timedelta(minutes=30))
        share = 0.1 + 0.75 * self.random.random()
        if len(self._seen) % LATE == 0:
            share = 1.2 + self.random.random()
        when = _by_day(moment + min(room * share, timedelta(days=4)), self.random)
        if when < self.at - LEFT:
            self._later(when, partial(act, number))

    def _tell(self, number: int, moment: datetime) -> None:
        rows = VictimUpdate.objects.select_related("owner", "team__supervisor", "victim")
        update = rows.get(pk=number)
        by = update.owner or update.team.supervisor
        if update.state != VictimUpdate.State.OWED or by is None:
            return
        before = moment - timedelta(minutes=35)
        if number % TWICE == 0 and before > max(update.recorded_at, update.happened_at):
            self._call(update, by, Contact.Outcome.NO_ANSWER, before)
        self._call(update, by, Contact.Outcome.REACHED, moment)

    def _call(self, update: VictimUpdate, by: User, outcome: str, moment: datetime) -> None:
        """By the safe way that is on record; else a visit, with the reason."""
        safe = SafeContact.objects.filter(victim=update.victim_id, is_current=True).first()
        is_known = safe is not None and safe.method not in {"none", "third_party"}
        said = life_words.TOLD if outcome == Contact.Outcome.REACHED else life_words.NOBODY
        way = safe.method if is_known and safe else Contact.Way.VISIT
        bound = in_force(update.victim, moment)
        why = life_words.OTHER_HOUR if is_known else life_words.OTHER_WAY
        log_contact(
            victim_id=update.victim_id,
            way=way,
            outcome=outcome,
            words=self.random.choice(said),
            updates={update.pk: update.version},
            seen=safe.version if safe else 0,
            other_way_reason=why if departs(way, outcome, moment, bound) else "",
            actor=by,
            at=moment,
        )

    def _conclude(self, number: int, moment: datetime) -> None:
        again = Reassessment.objects.select_related("owner", "victim").get(pk=number)
        if again.state != Reassessment.State.OPEN or again.owner is None:
            return
        kept = again.victim.grade != "" and not (number % 7 == 0 and self._can_rise(again))
        if not kept and not self._can_rise(again):
            return
        reassessing.conclude(
            reassessment_id=number,
            outcome="kept" if kept else "raised",
            grade="" if kept else "high" if again.victim.grade == "medium" else "medium",
            words=self.random.choice(life_words.KEPT if kept else life_words.RAISED),
            version=again.version,
            actor=again.owner,
            at=moment,
        )

    @staticmethod
    def _can_rise(again: Reassessment) -> bool:
        return again.victim.grade in {"", "standard", "medium"}


def _by_day(when: datetime, random: Random) -> datetime:
    """Nobody is rung at night for what can wait until eight."""
    there = local(when)
    if 8 <= there.hour < 21:
        return when
    morning = there.replace(hour=8, minute=int(55 * random.random()))
    return morning + timedelta(days=there.hour >= 21)


def play(force: Force, *, seed: int, at: datetime, tagged: dict[str, int]) -> None:
    """Arrests of the last weeks with all that followed; the story's too, where it is told.

    Nothing beside a year that has its own already: what waits there is somebody's work by now.
    """
    if CustodyEvent.objects.exists():
        return
    random = Random(seed)  # noqa: S311 - invented people need no secrecy
    messenger = custody.Custody(random, at)
    swept = set(Sweep.objects.values_list("pk", flat=True))
    runs = custody.arrests(at, without=tagged.values())
    held = custody.to_prison(runs, at)
    told = [
        *messenger.messages([one for one in runs if one not in held]),
        *custody.imprisoned(messenger, held, at),
    ]
    decisions = Decisions(force, at)
    partners = Partners(force, random, at)
    partners.keep_channels()
    partners.say_what_was_told()
    voice = Voice(force, random, at)
    voice.write(PastCases(force, random, at).write())
    happenings = [
        *decisions.unknowns(),
        *decisions.serial(),
        *decisions.of_others(),
        *Advising(force, random, at).happenings(),
        *partners.happenings(),
        *Mornings(random, at).happenings(),
        *voice.happenings(),
        *Unit(force, at).happenings(),
    ]
    if AUTUMN in tagged and YESTERDAY in tagged:
        story = story_of(tagged[AUTUMN], tagged[YESTERDAY])
        told += custody.of_the_story(messenger, story.autumn, story.yesterday, at)
        told.append(custody.stranger(at))
        happenings += decisions.of_the_story(story)
    told.sort(key=lambda one: one[0])
    happenings = [one for one in happenings if one[0] <= at]
    Aftermath(force, random, at).play([one for one in told if one[0] <= at], happenings)
    # They say nothing of a worker that runs now.
    Sweep.objects.exclude(pk__in=swept).delete()
