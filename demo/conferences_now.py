"""The conferences as they stand when the year ends, played through the services.

In Ashmere a meeting is under way, at its third case; the others have cases that wait for an answer
or for a place on an agenda.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from accounts.models import User
from core.clock import local
from core.references import Kind, take
from demo import conference_words as words
from demo.conferences_past import speaks_for
from demo.people import Force
from incidents.models import Involvement
from marac import services
from marac.models import (
    Attendance,
    Conference,
    Hearing,
    Invitation,
    MaracCase,
    Meeting,
)
from victims.models import Victim

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: The meeting began so long ago, and is so far.
UNDER_WAY, DONE = 40 * MINUTE, 2
#: So many cases on its agenda; waiting for a place and for an answer elsewhere.
LISTED, WAITING, PROPOSED = 15, 7, 3
SAYS_NOTHING, SENDS_APOLOGIES = "Marlshire NHS Trust", "Marlshire Probation"
STORY = ("O'Neill", "Siobhán")


@dataclass
class ConferencesNow:
    """One playing; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime
    conferences: list[Conference]

    def play(self) -> None:
        """What lies ahead, what waits, and the meeting that is under way."""
        first, *others = self.conferences
        # A very small year has nobody whom a conference would hear.
        if victims := self._candidates(first, LISTED):
            meeting = self._today(first)
            self._build(meeting, victims)
            self._prepare(meeting)
            self._hold(meeting)
        for number, conference in enumerate(others):
            self._wait(conference, decided=WAITING - 2 * number)
        for conference in self.conferences:
            services.plan_meetings(
                conference_id=conference.pk, actor=conference.coordinator, at=self.at - HOUR
            )

    # --- Cases ------------------------------------------------------------------------------------

    def _candidates(self, conference: Conference, most: int) -> list[Victim]:
        """At high risk for two weeks and more, with no case that is open."""
        areas = conference.covers.values("area")
        rows = (
            Victim.objects.open()
            .filter(area__in=areas, grade="high", grade_since__lt=self.at - 13 * DAY)
            .exclude(marac_cases__state__in=MaracCase.OPEN)
            .order_by("-grade_since", "pk")
        )
        return list(rows[:most])

    def _propose(self, victim: Victim, at: datetime) -> MaracCase:
        newest = Involvement.objects.filter(victim=victim, received_at__lt=at)
        incident = newest.order_by("-received_at").values("incident")[:1]
        involved = Involvement.objects.filter(incident__in=incident)
        other = involved.filter(role=Involvement.Role.PERPETRATOR).exclude(person=victim.person_id)
        return services.propose(
            victim_id=victim.pk,
            perpetrator_id=other.values_list("person", flat=True).first(),
            source=MaracCase.Source.WORKER,
            words=self.random.choice(words.WHY),
            below_reason=words.BELOW,
            children=involved.filter(role=Involvement.Role.CHILD).count(),
            actor=self.force.users["worker"],
            at=at,
        )

    def _accept(self, case: MaracCase, at: datetime) -> MaracCase:
        return services.decide_case(
            case_id=case.pk,
            accept=True,
            words=words.SEVENTEEN,
            version=case.version,
            actor=case.conference.coordinator,
            at=at,
        )

    def _wait(self, conference: Conference, *, decided: int) -> None:
        """Accepted a few days ago and on no agenda yet; proposed, and not answered yet."""
        for number, victim in enumerate(self._candidates(conference, decided + PROPOSED)):
            if number < decided:
                asked = self.at - (2 + number) * DAY
                self._accept(self._propose(victim, asked), asked + 5 * HOUR)
            else:
                self._propose(victim, self.at - (5 + 20 * (number - decided)) * HOUR)

    # --- The meeting ------------------------------------------------------------------------------

    def _today(self, conference: Conference) -> Meeting:
        """Its meeting of this month: it was planned a quarter ago."""
        begins = self.at - UNDER_WAY
        meeting = Meeting.objects.create(
            reference=take(Kind.MARAC_MEETING, begins),
            conference=conference,
            kind=Meeting.Kind.MONTHLY,
            starts_at=begins,
            by_rule_on=local(begins).date(),
            place=conference.monthly_place,
            capacity=conference.monthly_capacity,
            chair=conference.chair,
            coordinator=conference.coordinator,
            cut_off_at=begins - 7 * DAY,
            agenda_due_at=begins - 7 * DAY,
        )
        Invitation.objects.bulk_create(
            Invitation(
                meeting=meeting,
                agency=member.agency,
                is_core=member.is_core,
                invited_at=begins - 80 * DAY,
            )
            for member in conference.members.select_related("agency")
        )
        return meeting

    def _build(self, meeting: Meeting, victims: list[Victim]) -> None:
        """The agenda, out a day before its time; one case comes late, with its reason."""
        coordinator = meeting.coordinator
        for victim in victims:
            case = self._accept(self._propose(victim, self.at - 12 * DAY), self.at - 11 * DAY)
            services.list_case(
                meeting_id=meeting.pk, case_id=case.pk, actor=coordinator, at=self.at - 10 * DAY
            )
        services.send_agenda(meeting_id=meeting.pk, actor=coordinator, at=self.at - 8 * DAY)
        if late := self._of_the_story():
            services.list_case(
                meeting_id=meeting.pk,
                case_id=late.pk,
                late_reason=words.LATE,
                actor=coordinator,
                at=self.at - 7 * HOUR,
            )
        self._order(meeting)

    def _of_the_story(self) -> MaracCase | None:
        """Heard in the autumn already, and here again."""
        family, given = STORY
        rows = Victim.objects.filter(person__family_name=family, person__given_name=given)
        victim = rows.order_by("pk").first()
        if victim is None:
            return None
        accepted = victim.marac_cases.filter(state=MaracCase.State.ACCEPTED).first()
        return accepted or self._accept(
            self._propose(victim, self.at - 9 * HOUR), self.at - 8 * HOUR
        )

    def _order(self, meeting: Meeting) -> None:
        """With children first; the one of the story third."""
        meeting.refresh_from_db()
        rows = list(meeting.hearings.listed().select_related("case").order_by("position"))
        parts = list(Hearing.Part.values)
        rows.sort(key=lambda row: (parts.index(row.part), row.position))
        late = next((row for row in rows if row.is_late), None)
        if late is not None and late.part == Hearing.Part.CHILDREN:
            rows.remove(late)
            with_children = sum(row.part == Hearing.Part.CHILDREN for row in rows)
            rows.insert(min(DONE, with_children), late)
        services.put_in_order(
            meeting_id=meeting.pk,
            hearing_ids=[row.pk for row in rows],
            version=meeting.version,
            actor=meeting.coordinator,
            at=self.at - 6 * HOUR,
        )

    def _prepare(self, meeting: Meeting) -> None:
        """Agencies answer, sign and say what they know; one sends apologies, one says nothing."""
        for invitation in meeting.invitations.select_related("agency"):
            agency = invitation.agency
            if agency.name == SAYS_NOTHING:
                continue
            person = speaks_for(self.force, agency)
            coming = agency.name != SENDS_APOLOGIES
            services.answer_invitation(
                meeting_id=meeting.pk,
                agency_id=agency.pk,
                coming=coming,
                apologies="" if coming else words.APOLOGIES,
                actor=person,
                at=self.at - 6 * DAY,
            )
            services.sign(meeting_id=meeting.pk, actor=person, at=self.at - 6 * DAY)
            self._research(meeting, agency.pk, agency.kind, person)
        for who in (meeting.chair, meeting.coordinator, self.force.users["s.lindqvist"]):
            services.sign(meeting_id=meeting.pk, actor=who, at=self.at - 5 * DAY)
        for hearing in meeting.hearings.listed():
            services.report_wishes(
                hearing_id=hearing.pk,
                wanted=self.random.choice(words.WANTED),
                actor=meeting.coordinator,
                at=self.at - 5 * HOUR,
            )

    def _research(self, meeting: Meeting, agency_id: int, kind: str, person: User) -> None:
        for hearing in meeting.hearings.listed():
            for asked in hearing.research.asked().filter(agency=agency_id):
                # The police know everybody who is heard.
                known = kind == "police" or self.random.random() < 0.6
                services.return_research(
                    research_id=asked.pk,
                    words=self.random.choice(words.KNOWN[kind]) if known else "",
                    nothing_known=not known,
                    version=asked.version,
                    actor=person,
                    at=self.at - 4 * HOUR if hearing.is_late else self.at - 3 * DAY,
                )

    def _hold(self, meeting: Meeting) -> None:
        """Two cases are concluded; the third is spoken of."""
        began = self.at - UNDER_WAY
        for person in self._there(meeting):
            services.come_in(meeting_id=meeting.pk, actor=person, at=began - 4 * MINUTE)
        services.begin_meeting(
            meeting_id=meeting.pk,
            no_quorum_reason=words.NO_QUORUM,
            actor=meeting.chair,
            at=began + 2 * MINUTE,
        )
        rows = list(meeting.hearings.listed().order_by("position")[: DONE + 1])
        for number, hearing in enumerate(rows):
            moment = began + (3 + 16 * number) * MINUTE
            self._hear(hearing, meeting, moment, to_its_end=number < DONE)

    def _there(self, meeting: Meeting) -> Iterable[User]:
        places = Attendance.objects.signed().filter(meeting=meeting).select_related("person")
        away = speaks_for(self.force, self.force.agencies[SENDS_APOLOGIES])
        return [place.person for place in places if place.person != away]

    def _hear(
        self, hearing: Hearing, meeting: Meeting, moment: datetime, *, to_its_end: bool
    ) -> None:
        chair, scribe = meeting.chair, meeting.coordinator
        stages = ("present", "share", "analyse", "actions") if to_its_end else ("present", "share")
        said = {"present": words.PRESENTED, "analyse": words.ANALYSED}
        for minutes, stage in enumerate(stages):
            then = moment + 3 * minutes * MINUTE
            hearing = services.go_on(
                hearing_id=hearing.pk, to=stage, version=hearing.version, actor=chair, at=then
            )
            if choices := said.get(stage):
                self._say(hearing, stage, self.random.choice(choices), scribe, then + MINUTE)
        if not to_its_end:
            return
        end = moment + 13 * MINUTE
        invited = list(meeting.invitations.select_related("agency").exclude(state="apologies"))
        for invitation in self.random.sample(invited, k=5):
            agency = invitation.agency
            what, for_officers = self.random.choice(words.ACTIONS[agency.kind])
            services.agree_action(
                hearing_id=hearing.pk,
                agency_id=agency.pk,
                owner_id=None if agency.name == SAYS_NOTHING else speaks_for(self.force, agency).pk,
                words=what,
                due_on=self._day(self.random.choice((1, 4, 8, 15))),
                is_for_officers=for_officers,
                key=self._key(),
                actor=scribe,
                at=end - MINUTE,
            )
        self._say(hearing, "conclude", self.random.choice(words.CONCLUDED), scribe, end)
        hearing.refresh_from_db()
        services.conclude_case(
            hearing_id=hearing.pk, version=hearing.version, actor=chair, at=end + MINUTE
        )

    def _say(self, hearing: Hearing, section: str, said: str, by: User, at: datetime) -> None:
        services.write_line(
            hearing_id=hearing.pk, section=section, words=said, key=self._key(), actor=by, at=at
        )

    def _day(self, days: int) -> date:
        return local(self.at + timedelta(days=days)).date()

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)
