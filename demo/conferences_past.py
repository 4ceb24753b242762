"""A year of conferences that is over, written as rows: meetings, cases, words, actions, flags."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from accounts.models import Agency, Team, User
from accounts.roles import Role
from core.clock import LOCAL, local
from core.references import Kind, take_many
from demo import conference_words as words
from demo.people import CONFERENCES, MARU, Force
from incidents.models import Involvement
from marac import services
from marac.models import (
    Attendance,
    Conference,
    Hearing,
    HearingLine,
    Invitation,
    MaracAction,
    MaracCase,
    Meeting,
    ResearchRequest,
)
from marac.services.actions.rows import watch
from risk.models import GradeChange
from victims.models import Victim

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: Weekly calls are written for so many weeks, monthly meetings for so many months.
WEEKS, MONTHS = 26, 12
#: One in so many goes to the weekly call; of those heard, one in so many is heard again.
URGENT, REPEATED = 8, 12
#: A case is closed so long after its hearing, where nothing else came.
CLOSES = 75 * DAY
#: The newest cases are left to what is played: proposed, listed, heard today.
LATELY = 25 * DAY


@dataclass(frozen=True)
class Candidate:
    """Somebody who came to be at high risk, and whom the conference will hear of."""

    victim: Victim
    perpetrator_id: int | None
    children: int
    at: datetime


@dataclass
class PastConferences:
    """Writes them; `at` is where the year ends."""

    force: Force
    random: Random
    at: datetime
    conferences: list[Conference]
    rows: dict[type[Any], list[Any]] = field(default_factory=dict)
    _numbers: dict[int, int] = field(default_factory=dict)

    def write(self) -> None:
        """Meetings first, then whoever was at high risk, in order of time, as there was room."""
        meetings = {each.pk: self._meetings(each) for each in self.conferences}
        by_area = {
            covered.area_id: conference
            for conference in self.conferences
            for covered in conference.covers.all()
        }
        room = {meeting.pk: meeting.capacity for held in meetings.values() for meeting in held}
        cases: list[MaracCase] = []
        heard: list[tuple[MaracCase, Meeting]] = []
        for candidate in self._candidates():
            conference = by_area.get(candidate.victim.area_id or 0)
            if conference is None:
                continue
            for meeting in self._hearings_of(candidate, meetings[conference.pk], room):
                room[meeting.pk] -= 1
                case = self._case(candidate, meeting, cases, heard)
                cases.append(case)
                heard.append((case, meeting))
        self._number(Kind.MARAC_CASE, cases, "proposed_at")
        # Those that are a repeat refer to the case before.
        for are_repeats in (False, True):
            those = [case for case in cases if (case.repeat_of is not None) == are_repeats]
            MaracCase.objects.bulk_create(those, batch_size=500)
        for meeting, those in self._agendas(heard):
            self._hold(meeting, those)
        self._save()
        self._watch()
        self._minute(sorted((one for held in meetings.values() for one in held), key=_ended))

    # --- Meetings ---------------------------------------------------------------------------------

    def _meetings(self, conference: Conference) -> list[Meeting]:
        held = [
            self._meeting(conference, Meeting.Kind.MONTHLY, day)
            for day in self._monthly_days(conference)
        ]
        held += [
            self._meeting(conference, Meeting.Kind.WEEKLY, day)
            for day in self._weekly_days(conference)
        ]
        held.sort(key=lambda each: each.starts_at)
        self._number(Kind.MARAC_MEETING, held, "starts_at")
        return Meeting.objects.bulk_create(held)

    def _monthly_days(self, conference: Conference) -> Iterator[date]:
        today = local(self.at).date()
        for back in range(1, MONTHS + 1):
            months = today.year * 12 + today.month - 1 - back
            yield nth_weekday(
                months // 12, months % 12 + 1, conference.monthly_week, conference.monthly_day
            )

    def _weekly_days(self, conference: Conference) -> Iterator[date]:
        today = local(self.at).date()
        newest = today - timedelta(days=(today.weekday() - conference.weekly_day) % 7 or 7)
        return (newest - timedelta(weeks=week) for week in range(WEEKS))

    def _meeting(self, conference: Conference, kind: str, day: date) -> Meeting:
        monthly = kind == Meeting.Kind.MONTHLY
        clock = conference.monthly_at if monthly else conference.weekly_at
        begins = datetime.combine(day, clock, LOCAL)
        agenda = begins - (7 if monthly else 1) * DAY
        return Meeting(
            conference=conference,
            kind=kind,
            state=Meeting.State.HELD,
            starts_at=begins,
            by_rule_on=day,
            place=conference.monthly_place if monthly else conference.weekly_place,
            capacity=conference.monthly_capacity if monthly else conference.weekly_capacity,
            chair=conference.chair,
            coordinator=conference.coordinator,
            cut_off_at=agenda - DAY,
            agenda_due_at=agenda,
            agenda_out_at=agenda - 3 * HOUR,
            agenda_out_by=conference.coordinator,
            began_at=begins + 3 * MINUTE,
            ended_at=begins + (150 if monthly else 25) * MINUTE,
        )

    # --- Cases ------------------------------------------------------------------------------------

    def _candidates(self) -> Iterator[Candidate]:
        """Whoever came to be at high risk, at the first time in the year."""
        changes = GradeChange.objects.filter(
            after="high", at__lt=self.at - LATELY, victim__closed_at__isnull=True
        ).order_by("at")
        first: dict[int, GradeChange] = {}
        for change in changes.select_related("victim"):
            first.setdefault(change.victim_id, change)
        others = self._others(list(first))
        for victim_id, change in first.items():
            perpetrator, children = others.get(victim_id, (None, 0))
            yield Candidate(change.victim, perpetrator, children, change.at)

    def _others(self, victim_ids: list[int]) -> dict[int, tuple[int | None, int]]:
        """By victim: who harmed them in their first incident, and how many children there were."""
        incident: dict[int, int] = {}
        theirs = Involvement.objects.filter(victim__in=victim_ids).order_by("received_at")
        for victim_id, incident_id in theirs.values_list("victim_id", "incident_id"):
            incident.setdefault(victim_id, incident_id)
        harmed: dict[int, int] = {}
        children: dict[int, int] = {}
        rows = Involvement.objects.filter(incident__in=set(incident.values()))
        for incident_id, person_id, role in rows.values_list("incident_id", "person_id", "role"):
            if role == Involvement.Role.PERPETRATOR:
                harmed[incident_id] = person_id
            elif role == Involvement.Role.CHILD:
                children[incident_id] = children.get(incident_id, 0) + 1
        return {
            victim_id: (harmed.get(number), children.get(number, 0))
            for victim_id, number in incident.items()
        }

    def _hearings_of(
        self, candidate: Candidate, meetings: list[Meeting], room: dict[int, int]
    ) -> Iterator[Meeting]:
        """The meeting that hears the case; for some another, months later."""
        kind = Meeting.Kind.WEEKLY if self._one_in(URGENT) else Meeting.Kind.MONTHLY
        found = _next(meetings, room, kind, candidate.at + 9 * DAY)
        if found is None:
            return
        yield found
        if self._one_in(REPEATED):
            wait = (60 + 150 * self.random.random()) * DAY
            again = _next(meetings, room, Meeting.Kind.MONTHLY, found.starts_at + wait)
            if again is not None:
                yield again

    def _case(
        self,
        candidate: Candidate,
        meeting: Meeting,
        cases: list[MaracCase],
        heard: list[tuple[MaracCase, Meeting]],
    ) -> MaracCase:
        before = next((case for case, _ in heard if case.victim == candidate.victim), None)
        at = candidate.at if before is None else meeting.starts_at - 12 * DAY
        closes = meeting.starts_at + CLOSES
        closed = closes < self.at
        agency, source = self._referrer()
        return MaracCase(
            conference=meeting.conference,
            victim=candidate.victim,
            perpetrator_id=candidate.perpetrator_id,
            state=MaracCase.State.CLOSED if closed else MaracCase.State.ACCEPTED,
            source=source,
            criteria=[(_HIGH if before is None else _AGAIN) | {"at": at.isoformat()}],
            agency=agency,
            proposed_by=self.force.users["coordinator"],
            proposed_at=at + 5 * HOUR,
            words=self.random.choice(words.WHY),
            decided_at=at + 26 * HOUR,
            decided_by=meeting.conference.coordinator,
            decided_words=words.SEVENTEEN,
            repeat_of=before,
            closed_at=closes if closed else None,
            closed_by=meeting.conference.coordinator if closed else None,
            closed_because=MaracCase.ClosedBecause.DONE if closed else "",
            minority_ethnic=self._answer(0.17),
            lgbt=self._answer(0.04),
            disability=self._answer(0.12),
            children=candidate.children,
        )

    def _referrer(self) -> tuple[Agency, str]:
        """Two in three come from the police, by their assessments."""
        if self.random.random() < 0.66:
            return self.force.teams[MARU].agency, MaracCase.Source.ASSESSMENT
        name = self.random.choice(
            ("Haven IDVA Service", "Haven IDVA Service", "Kingsholt Homes", "Marlshire NHS Trust",
             "Marlshire Children's Services", "Saltfen Women's Refuge", "Marlshire Probation")
        )  # fmt: skip
        return self.force.agencies[name], MaracCase.Source.AGENCY

    def _answer(self, share: float) -> str:
        draw = self.random.random()
        if draw > 0.9:
            return MaracCase.Answer.NOT_KNOWN
        return MaracCase.Answer.YES if draw < share else MaracCase.Answer.NO

    # --- What a meeting did -----------------------------------------------------------------------

    def _agendas(
        self, heard: list[tuple[MaracCase, Meeting]]
    ) -> Iterator[tuple[Meeting, list[MaracCase]]]:
        by_meeting: dict[int, tuple[Meeting, list[MaracCase]]] = {}
        for case, meeting in heard:
            by_meeting.setdefault(meeting.pk, (meeting, []))[1].append(case)
        yield from sorted(by_meeting.values(), key=lambda each: each[0].starts_at)

    def _hold(self, meeting: Meeting, cases: list[MaracCase]) -> None:
        members = [row.agency for row in meeting.conference.members.select_related("agency")]
        there = {agency.pk: self._comes(meeting, agency) for agency in members}
        cases.sort(key=lambda case: (case.children == 0, case.proposed_at))
        assert meeting.began_at is not None
        moment = meeting.began_at
        pace = 22 * MINUTE if meeting.kind == Meeting.Kind.WEEKLY else 8 * MINUTE
        for position, case in enumerate(cases, start=1):
            hearing = self._hearing(meeting, case, position, moment, moment + pace - MINUTE)
            self._keep(hearing)
            self._research(hearing, members, there)
            self._said(hearing, moment)
            self._actions(hearing, members, moment + pace - 2 * MINUTE)
            moment += pace

    def _comes(self, meeting: Meeting, agency: Agency) -> str:
        draw = self.random.random()
        state = (
            Invitation.State.ATTENDED
            if draw < 0.84 or agency.kind == Agency.Kind.POLICE
            else Invitation.State.APOLOGIES
            if draw < 0.94
            else Invitation.State.ABSENT
        )
        person = self._speaks_for(agency)
        answered = meeting.starts_at - 6 * DAY
        self._keep(
            Invitation(
                meeting=meeting,
                agency=agency,
                is_core=agency.kind in (Agency.Kind.POLICE, Agency.Kind.IDVA_SERVICE),
                state=state,
                invited_at=meeting.starts_at - 30 * DAY,
                answered_at=None if state == Invitation.State.ABSENT else answered,
                answered_by=None if state == Invitation.State.ABSENT else person,
                apologies=words.APOLOGIES if state == Invitation.State.APOLOGIES else "",
            )
        )
        if state == Invitation.State.ATTENDED:
            signed = meeting.starts_at - 10 * MINUTE
            self._keep(
                Attendance(
                    meeting=meeting,
                    person=person,
                    agency=agency,
                    added_at=answered,
                    added_by=person,
                    signed_at=signed,
                    statement=1,
                    present_at=signed + 9 * MINUTE,
                )
            )
        return state

    def _hearing(
        self, meeting: Meeting, case: MaracCase, position: int, began: datetime, ended: datetime
    ) -> Hearing:
        adviser = self.random.choice(self.force.with_role(Role.IDVA))
        told = ended + (2 + 20 * self.random.random()) * HOUR
        return Hearing(
            meeting=meeting,
            case=case,
            victim=case.victim,
            part=Hearing.Part.CHILDREN if case.children else Hearing.Part.ADULTS,
            position=position,
            state=Hearing.State.CONCLUDED,
            listed_at=meeting.starts_at - 8 * DAY,
            listed_by=meeting.coordinator,
            is_repeat=case.repeat_of is not None,
            began_at=began,
            ended_at=ended,
            wanted=self.random.choice(words.WANTED),
            wanted_at=meeting.starts_at - 26 * HOUR,
            wanted_by=adviser,
            told=words.TOLD,
            told_at=told,
            told_by=adviser,
        )

    def _research(self, hearing: Hearing, members: list[Agency], there: dict[int, str]) -> None:
        if hearing.meeting.kind == Meeting.Kind.WEEKLY:
            return
        for agency in members:
            missing = there[agency.pk] == Invitation.State.ABSENT and self._one_in(2)
            known = not missing and self.random.random() < 0.55
            answered = not missing
            self._keep(
                ResearchRequest(
                    hearing=hearing,
                    victim=hearing.victim,
                    agency=agency,
                    team=self._team(agency),
                    state="asked" if missing else "returned" if known else "nothing_known",
                    asked_at=hearing.meeting.starts_at - 7 * DAY,
                    asked_by=hearing.meeting.coordinator,
                    due_at=hearing.meeting.starts_at - 2 * DAY,
                    words=self.random.choice(words.KNOWN[agency.kind]) if known else "",
                    returned_at=hearing.meeting.starts_at - 3 * DAY if answered else None,
                    returned_by=self._speaks_for(agency) if answered else None,
                )
            )

    def _said(self, hearing: Hearing, moment: datetime) -> None:
        said = (
            (HearingLine.Section.PRESENT, words.PRESENTED),
            (HearingLine.Section.ANALYSE, words.ANALYSED),
            (HearingLine.Section.CONCLUDE, words.CONCLUDED),
        )
        for minutes, (section, choices) in enumerate(said, start=1):
            self._keep(
                HearingLine(
                    hearing=hearing,
                    victim=hearing.victim,
                    section=section,
                    agency=self.force.teams[CONFERENCES].agency,
                    words=self.random.choice(choices),
                    by=hearing.meeting.coordinator,
                    at=moment + minutes * MINUTE,
                    number=self._count(hearing.meeting),
                    key=self._key(),
                )
            )

    def _actions(self, hearing: Hearing, members: list[Agency], moment: datetime) -> None:
        for agency in self.random.sample(members, k=self.random.randint(2, 4)):
            self._keep(self._action(hearing, agency, moment))

    def _action(self, hearing: Hearing, agency: Agency, moment: datetime) -> MaracAction:
        said, for_officers = self.random.choice(words.ACTIONS[agency.kind])
        due = moment + self.random.randint(3, 28) * DAY
        due_on = local(due).date()
        due_at = datetime.combine(due_on, datetime.max.time().replace(microsecond=0), LOCAL)
        person = self._speaks_for(agency)
        settled = moment + (due_at - moment) * (0.3 + 0.85 * self.random.random())
        draw = self.random.random()
        state, evidence = (
            (MaracAction.State.DONE, words.DONE)
            if draw < 0.86
            else (MaracAction.State.NOT_DONE, words.NOT_DONE)
            if draw < 0.93
            else (MaracAction.State.OVERTAKEN, words.OVERTAKEN)
        )
        if settled > self.at - HOUR:
            state = MaracAction.State.OPEN
        still = state == MaracAction.State.OPEN
        return MaracAction(
            hearing=hearing,
            case=hearing.case,
            victim=hearing.victim,
            agency=agency,
            team=self._team(agency),
            owner=person,
            words=said,
            due_on=due_on,
            due_at=due_at,
            is_for_officers=for_officers,
            state=state,
            agreed_at=moment,
            agreed_by=hearing.meeting.chair,
            key=self._key(),
            number=self._count(hearing.meeting),
            settled_at=None if still else settled,
            settled_by=None if still else person,
            evidence="" if still else self.random.choice(evidence),
        )

    # --- Rows -------------------------------------------------------------------------------------

    def _keep(self, row: Any) -> None:
        self.rows.setdefault(type(row), []).append(row)

    def _save(self) -> None:
        """Hearings before what hangs from them; references in the order of time."""
        self._number(Kind.MARAC_ACTION, self.rows.get(MaracAction, []), "agreed_at")
        for model in (
            Invitation, Attendance, Hearing, ResearchRequest, HearingLine, MaracAction,
        ):  # fmt: skip
            model.objects.bulk_create(self.rows.get(model, []), batch_size=1_000)

    def _watch(self) -> None:
        """The clocks of what is still to be done; flags, in the order of hearings."""
        for action in self.rows.get(MaracAction, []):
            if action.state == MaracAction.State.OPEN:
                watch(action, actor=action.agreed_by, at=action.agreed_at)
        for hearing in self.rows.get(Hearing, []):
            services.set_flag(
                hearing_id=hearing.pk, actor=hearing.meeting.coordinator, at=hearing.ended_at
            )
        services.lapse_flags(actor=User.objects.system(), at=self.at)

    def _minute(self, held: list[Meeting]) -> None:
        """Minutes of each meeting that heard somebody, sent within days; of the newest, not yet."""
        heard = {row.meeting_id for row in self.rows.get(Hearing, [])}
        those = [meeting for meeting in held if meeting.pk in heard]
        for meeting in those:
            ended = _ended(meeting)
            services.owe_minutes(meeting_id=meeting.pk, actor=meeting.chair, at=ended)
            sent = ended + (20 + 50 * self.random.random()) * HOUR
            if sent > self.at - DAY or meeting is those[-1]:
                continue
            minutes = services.approve_minutes(
                meeting_id=meeting.pk, actor=meeting.chair, at=sent - 3 * HOUR
            )
            services.send_minutes(minutes_id=minutes.pk, actor=meeting.coordinator, at=sent)

    def _number(self, kind: Kind, rows: list[Any], instant: str) -> None:
        numbers = take_many(kind, [getattr(row, instant) for row in rows])
        for row, reference in zip(rows, numbers, strict=True):
            row.reference = reference

    def _count(self, meeting: Meeting) -> int:
        self._numbers[meeting.pk] = self._numbers.get(meeting.pk, 0) + 1
        return self._numbers[meeting.pk]

    def _key(self) -> UUID:
        return UUID(int=self.random.getrandbits(128), version=4)

    def _one_in(self, many: int) -> bool:
        return self.random.random() < 1 / many

    def _team(self, agency: Agency) -> Team:
        return team_of(self.force, agency)

    def _speaks_for(self, agency: Agency) -> User:
        return speaks_for(self.force, agency)


_HIGH = {
    "code": "high_risk",
    "label": "Visible high risk",
    "is_met": True,
    "number": 16,
    "needs": 14,
    "words": "16 yes answers (the conference's from 14)",
}
_AGAIN = {
    "code": "repeat",
    "label": "Repeat",
    "is_met": True,
    "number": 1,
    "needs": 1,
    "words": "1 incident since the hearing",
}


def team_of(force: Force, agency: Agency) -> Team:
    """The team that answers for an agency at conferences."""
    if agency.kind == Agency.Kind.POLICE:
        return force.teams["DAISU"]
    return next(team for team in force.teams.values() if team.agency_id == agency.pk)


def speaks_for(force: Force, agency: Agency) -> User:
    """Who comes for an agency."""
    by_kind = {Agency.Kind.POLICE.value: "investigator", Agency.Kind.IDVA_SERVICE.value: "idva"}
    if agency.kind in by_kind:
        return force.users[by_kind[agency.kind]]
    return force.by_team[team_of(force, agency).pk][0]


def nth_weekday(year: int, month: int, week: int, weekday: int) -> date:
    """The nth such day of a month; 5 is its last."""
    first = date(year, month, 1)
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    days = [day + timedelta(weeks=number) for number in range(5)]
    return [each for each in days if each.month == month][min(week, 5) - 1 if week < 5 else -1]


def _next(
    meetings: list[Meeting], room: dict[int, int], kind: str, after: datetime
) -> Meeting | None:
    return next(
        (
            each
            for each in meetings
            if each.kind == kind and each.starts_at > after and room[each.pk] > 0
        ),
        None,
    )


def _ended(meeting: Meeting) -> datetime:
    assert meeting.ended_at is not None
    return meeting.ended_at
