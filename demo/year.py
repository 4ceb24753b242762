"""Calls and what officers did: incidents, the people in them, deployments, first responses, crimes."""

from dataclasses import dataclass, field
from datetime import timedelta

from core.references import Kind
from demo import county, words
from demo.answers import UNGRADED, CallAnswers, Graded
from demo.clocks import Clock, Clocks
from demo.households import Household, People, Someone, VictimRecord
from demo.plan import CrimeToCome, Event, Script, Stage
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, Crew, Worker, World
from incidents import grading
from incidents.deadlines import CRIME_RECORDED
from incidents.models import Crime, Deployment, FirstResponse, Incident, Involvement, ResponseGrade

INCIDENT = Table(
    Incident, "id", "reference", "draft_id", "source", "received_at", "logged_at", "logged_by_id",
    "state", "caller_name", "caller_number", "caller_is", "safe_callback", "language",
    "address_id", "area_id", "narrative", "call_dropped", "answers", "suggested_grade",
    "suggested_reasons", "grade", "grade_override_reason", "attend_by", "officers_advised",
    "earlier_in_year", "non_crime_reason", "closed_at", "version",
)  # fmt: skip
INVOLVEMENT = Table(
    Involvement, "id", "incident_id", "person_id", "role", "victim_id", "received_at",
    "relationship", "recognised_by",
)  # fmt: skip
DEPLOYMENT = Table(
    Deployment, "id", "incident_id", "officer_id", "sent_at", "sent_by_id", "briefing_read_at",
    "arrived_at",
)  # fmt: skip
FIRST_RESPONSE = Table(
    FirstResponse, "id", "incident_id", "officer_id", "positive_action", "positive_action_reason",
    "spoken_apart", "spoken_apart_reason", "children_seen", "children_words", "account",
    "golden_hour", "body_worn_video", "body_worn_video_reason", "supports_prosecution",
    "evidence_led_plan", "safety_plan", "recorded_at", "version", "crimes_committed",
)  # fmt: skip
CRIME = Table(
    Crime, "id", "incident_id", "victim_id", "category", "number", "recorded_at",
    "recorded_by_id", "arrests", "outcome", "outcome_at",
)  # fmt: skip

_SOURCES = (
    ("999",) * 62
    + ("101",) * 21
    + ("agency",) * 6
    + ("online",) * 5
    + ("patrol",) * 4
    + ("counter",) * 2
)
_CALLERS = (
    ("victim",) * 62
    + ("neighbour",) * 13
    + ("family",) * 9
    + ("professional",) * 7
    + ("child",) * 3
    + ("perpetrator",) * 3
    + ("other",) * 3
)
_GOLDEN = (
    '["neighbours","photographs_scene","first_account"]',
    '["call_recording","first_account"]',
    '["neighbours","cctv","photographs_injuries","first_account"]',
    '["messages","first_account"]',
    '["photographs_injuries","photographs_scene","call_recording","clothing"]',
    "[]",
)
_LABELS = {code: str(label).lower() for code, label in Crime.Category.choices}
_GRADE_LABELS = {code: str(label).lower() for code, label in ResponseGrade.choices}
_MINUTES_TO_ARRIVE = {"immediate": (4, 17), "priority": (12, 66), "routine": (60, 900)}


@dataclass(slots=True)
class Case:
    """One incident on its way through the year."""

    id: int
    reference: str
    event: Event
    home: Household
    script: Script
    stage: Stage
    victim: Someone
    perpetrator: Someone
    record: VictimRecord
    crew: Crew
    officer: Worker
    second: Worker
    handler: Worker
    received: int
    logged: int
    gravity: int
    crimes: list[CrimeToCome] = field(default_factory=list)
    children: int = 0
    earlier: int = 0
    grade: str = ""
    sent: int = 0
    arrived: int = 0
    recorded: int = 0
    submitted: int = 0
    reviewed: int = 0
    closed: int = 0
    non_crime: str = ""
    known: str = ""
    answers: str = "{}"
    owed: str = ""
    graded: Graded = UNGRADED
    override: str = ""

    @property
    def about(self) -> str:
        """As the referral says it."""
        if self.crimes:
            return ", ".join(dict.fromkeys(_LABELS[crime.category] for crime in self.crimes))
        if self.non_crime:
            return f"non-crime, {self.non_crime[0].lower()}{self.non_crime[1:]}"
        return "no crime recorded yet"


_PLAIN = Script()


class Calls:
    """Writes incidents and everything up to the first response."""

    def __init__(self, world: World, people: People, clocks: Clocks, answers: CallAnswers) -> None:
        self.world, self.people, self.clocks, self.answers = world, people, clocks, answers
        self.random = world.random
        self.crime_clock = Clock(world, CRIME_RECORDED)
        self._incident, self._incident_id = world.lines.to(INCIDENT), world.ids(INCIDENT)
        self._involved, self._involved_id = world.lines.to(INVOLVEMENT), world.ids(INVOLVEMENT)
        self._sent, self._sent_id = world.lines.to(DEPLOYMENT), world.ids(DEPLOYMENT)
        self._response, self._response_id = (
            world.lines.to(FIRST_RESPONSE),
            world.ids(FIRST_RESPONSE),
        )
        self._crime, self._crime_id = world.lines.to(CRIME), world.ids(CRIME)
        self._minutes = {
            (grade, rural): grading.allowance(grade, world.policy, rural=rural)
            for grade in ResponseGrade.values
            for rural in (False, True)
        }
        self._regular = [
            [officer for officer in crew.officers if officer.username != "officer"]
            for crews in world.cast.crews
            for crew in crews
        ]
        self._crews = [crew for crews in world.cast.crews for crew in crews]

    def begin(self, event: Event, crimes: list[CrimeToCome]) -> Case:
        """A call is received: who it is about, what is asked, how it is graded. Nothing written."""
        home, script = event.home, event.script or _PLAIN
        draw, received = self.random.random, event.received
        home.count += 1
        self._circumstances(home, script, received)
        victim, perpetrator = self._parties(home, script, received)
        crew, officer, second = self._officers(home.area, script)
        handlers = self.world.cast.handlers
        case = Case(
            self._incident_id(),
            self.world.reference(Kind.INCIDENT, received),
            event,
            home,
            script,
            script.stage,
            victim,
            perpetrator,
            self.people.victim_of(victim, crew, received),
            crew,
            officer,
            second,
            handlers[int(draw() * len(handlers))],
            received,
            received + 40 + int(draw() * 200),
            self._gravity(home, script),
            crimes,
        )
        if script.stage is not Stage.CLOSED:
            case.logged = min(case.logged, self.world.at - 15)
        year_ago = received - 365 * DAY
        earlier = {
            number for at, number in (*victim.involved, *perpetrator.involved) if at > year_ago
        }
        case.earlier = len(earlier)
        case.known = self._known(victim, perpetrator, year_ago)
        return case

    def _gravity(self, home: Household, script: Script) -> int:
        if script.gravity is not None:
            return script.gravity
        drawn = self.random.random()
        step = -1 if drawn < 0.12 else 1 if drawn > 0.97 else 0
        return min(2, max(0, home.gravity + step))

    @staticmethod
    def _known(victim: Someone, perpetrator: Someone, since: int) -> str:
        """The limb of the rule for an assessment that history gives, in the rule's words."""
        one = bool(victim.involved) and victim.involved[-1][0] > since
        other = bool(perpetrator.involved) and perpetrator.involved[-1][0] > since
        if one and other:
            return "both people known in the last 12 months"
        if one:
            return "the victim known in the last 12 months"
        return "the other person known in the last 12 months" if other else ""

    def _circumstances(self, home: Household, script: Script, at: int) -> None:
        """Where they live and what number they use; both change now and then."""
        draw = self.random.random
        if script.place is not None:
            self.people.settle(home, at, script.place)
        elif not home.address or draw() < 0.04:
            self.people.settle(home, at)
        if script.number:
            home.phone = script.number
        elif not home.phone or draw() < 0.06:
            home.phone = self.people.new_number()

    def _parties(self, home: Household, script: Script, at: int) -> tuple[Someone, Someone]:
        """Victim and perpetrator this time. Sometimes roles are turned round; sometimes the victim
        is not recognised and stands on record twice, to be offered as a match later."""
        draw = self.random.random
        victim, perpetrator = home.victim, home.perpetrator
        if script is _PLAIN and home.count > 1:
            chance = draw()
            if chance < 0.02:
                victim, perpetrator = perpetrator, victim
            elif chance < 0.055:
                victim = self._unrecognised(home.victim)
                self.people.lives_at(victim, home.address, at)
        for person in (victim, perpetrator):
            self.people.known(person, at)
        return victim, perpetrator

    def _unrecognised(self, person: Someone) -> Someone:
        given, family = (self._as_heard(part) for part in (person.given, person.family))
        born = person.born if self.random.random() < 0.6 else NULL
        return Someone(given, family, person.sex, born)

    def _as_heard(self, name: str) -> str:
        spellings = county.heard(name)
        return spellings[int(self.random.random() * len(spellings))]

    def _officers(self, area: int, script: Script) -> tuple[Crew, Worker, Worker]:
        """Two officers of a team of the area; at the end of the year the demo officer has only
        what is meant for him."""
        named, draw = self.world.cast.named, self.random.random
        if script.officer or script.team:
            leader = named[script.team or "supervisor"]
            crew = next(crew for crew in self._crews if crew.supervisor.id == leader.id)
        else:
            crews = self.world.cast.crews[area]
            crew = crews[int(draw() * len(crews))]
        pool = crew.officers if script is _PLAIN else self._regular[self._crews.index(crew)]
        number = int(draw() * len(pool))
        officer = named[script.officer] if script.officer else pool[number]
        second = pool[(number + 1) % len(pool)]
        return crew, officer, second

    # --- Writing -----------------------------------------------------------------------------

    def write(self, case: Case) -> None:
        """Everything of the case that is the control room's and the response team's."""
        self._write_people(case)
        self._write_incident(case)
        if case.sent:
            self._write_deployments(case)
        if case.recorded:
            self._write_response(case)
        moment = (case.received, case.id)
        case.victim.involved.append(moment)
        case.perpetrator.involved.append(moment)
        case.record.times.append(case.received)
        case.record.last = case.received

    def times(self, case: Case) -> None:
        """Grade first, then when they are sent, arrive, record."""
        draw, stage, at = self.random.random, case.stage, self.world.at
        number = self.answers.draw(self.random, case.gravity)
        was_high = case.record.grade == "high"
        graded = self.answers.graded(number, case.earlier, was_high, case.home.emergency)
        case.answers = self.answers.json[number]
        case.grade = graded.grade
        case.graded = graded
        if draw() < 0.03 and graded.grade in {"priority", "routine"}:
            case.grade = "immediate" if graded.grade == "priority" else "priority"
            case.override = words.OVERRIDES[int(draw() * len(words.OVERRIDES))]
        if stage is Stage.WAITING:
            return
        age = at - case.received
        case.sent = min(case.logged + 20 + int(draw() * 400), at - 10)
        if stage is Stage.SENT:
            return
        low, high = _MINUTES_TO_ARRIVE.get(case.grade, (240, 1_300))
        case.arrived = case.sent + int((low + (high - low) * draw() ** 1.6) * MINUTE)
        if stage is not Stage.CLOSED:
            case.arrived = min(case.arrived, case.received + min(40 * MINUTE, age // 2))
            case.sent = min(case.sent, case.arrived - 30)
        if stage is Stage.ARRIVED:
            return
        case.recorded = case.arrived + int((25 + 70 * draw()) * MINUTE)
        if stage is not Stage.CLOSED:
            case.recorded = min(case.recorded, at - 5 * MINUTE)
        if not case.crimes:
            case.non_crime = words.NON_CRIME[int(draw() * len(words.NON_CRIME))]
            if stage is Stage.RECORDED and draw() < 0.4:
                case.owed, case.non_crime = "criminal_damage", ""

    def _write_people(self, case: Case) -> None:
        received = stamp(case.received)
        people, home, draw = self.people, case.home, self.random.random
        known = "same name and birth date" if case.victim.involved else ""
        self._involved(
            f"{self._involved_id()}\t{case.id}\t{case.victim.id}\tvictim\t{case.record.id}\t"
            f"{received}\t\t{known}"
        )
        known = "same name" if case.perpetrator.involved else ""
        self._involved(
            f"{self._involved_id()}\t{case.id}\t{case.perpetrator.id}\tperpetrator\t\\N\t"
            f"{received}\t{home.relation}\t{known}"
        )
        for child in home.children:
            if draw() < 0.8:
                people.known(child, case.received)
                case.children += 1
                self._involved(
                    f"{self._involved_id()}\t{case.id}\t{child.id}\tchild\t\\N\t{received}\tchild\t"
                )

    def _caller(self, case: Case) -> tuple[str, str, str]:
        """(who called, name as taken down, number)."""
        draw, script = self.random.random, case.script
        caller_is = _CALLERS[int(draw() * len(_CALLERS))]
        if script.number or caller_is == "victim":
            self.people.uses(case.victim, case.home.phone, case.received)
            heard = script.heard or self._name_heard(case.victim)
            return "victim", heard, case.home.phone if draw() > 0.05 or script.number else ""
        if caller_is == "perpetrator":
            number = self.people.new_number()
            self.people.uses(case.perpetrator, number, case.received)
            return caller_is, case.perpetrator.name, number
        return caller_is, "", self.people.new_number() if draw() > 0.2 else ""

    def _name_heard(self, person: Someone) -> str:
        """One in eight is misspelt; some of the spellings stay on record."""
        draw = self.random.random
        if draw() > 0.12:
            return person.name
        given, family = self._as_heard(person.given), self._as_heard(person.family)
        if draw() < 0.5 and (given, family) not in person.spellings:
            person.spellings.append((given, family))
        return f"{given} {family}"

    def _narrative(self, case: Case) -> str:
        draw = self.random.random
        he, his, him = (
            ("she", "her", "her") if case.perpetrator.sex == "female" else ("he", "his", "him")
        )
        text = (
            f"{words.CALL_OPENINGS[int(draw() * len(words.CALL_OPENINGS))]} "
            f"{words.CALL_MIDDLES[int(draw() * len(words.CALL_MIDDLES))]} "
            f"{words.CALL_ENDINGS[int(draw() * len(words.CALL_ENDINGS))]}"
        )
        if "{" in text:
            text = text.format(name=case.perpetrator.given, he=he, his=his, him=him)
        return text

    def _write_incident(self, case: Case) -> None:
        draw, world, graded = self.random.random, self.world, case.graded
        caller_is, caller, number = self._caller(case)
        rural = case.home.area == 2
        allowance: timedelta | None = self._minutes[case.grade, rural]
        attend_by = stamp(case.received + int(allowance.total_seconds())) if allowance else NULL
        state = {Stage.WAITING: "open", Stage.SENT: "sent"}.get(
            case.stage, "closed" if case.closed else "attended"
        )
        version = 1 + bool(case.sent) + bool(case.arrived) + bool(case.recorded) + bool(case.closed)
        self._incident(
            f"{case.id}\t{case.reference}\t\\N\t{_SOURCES[int(draw() * 100)]}\t"
            f"{stamp(case.received)}\t{stamp(case.logged)}\t{case.handler.id}\t{state}\t{caller}\t"
            f"{number}\t{caller_is}\t{'Text only' if draw() < 0.2 else ''}\t"
            f"{case.victim.language}\t{case.home.address}\t{world.cast.area_ids[case.home.area]}\t"
            f"{self._narrative(case)}\t{'t' if draw() < 0.02 else 'f'}\t{case.answers}\t"
            f"{graded.grade}\t{graded.reasons}\t{case.grade}\t{case.override}\t{attend_by}\t"
            f"{graded.officers}\t{case.earlier}\t{case.non_crime}\t"
            f"{stamp(case.closed) if case.closed else NULL}\t{version}"
        )
        instead = f" instead of {graded.grade}" if case.grade != graded.grade else ""
        world.audit(
            case.logged,
            case.handler,
            "incident.logged",
            f"Call logged, {_GRADE_LABELS[case.grade]}{instead}",
            case.reference,
            NULL,
            case.id,
            f'{{"suggested":"{graded.grade}","reasons":{graded.reasons},"grade":"{case.grade}"}}',
            case.grade == "immediate",
        )

    def _write_deployments(self, case: Case) -> None:
        sent, arrived = stamp(case.sent), stamp(case.arrived) if case.arrived else NULL
        read = stamp(case.sent + 60) if case.arrived else NULL
        for officer in (case.officer, case.second):
            self._sent(
                f"{self._sent_id()}\t{case.id}\t{officer.id}\t{sent}\t{case.handler.id}\t{read}\t"
                f"{arrived}"
            )
        audit = self.world.audit
        audit(
            case.sent,
            case.handler,
            "incident.officers_sent",
            "Two officers sent",
            case.reference,
            NULL,
            case.id,
            f'{{"officers":["{case.officer.name}","{case.second.name}"],"fewer_reason":""}}',
        )
        if case.arrived:
            case.record.responsible, case.record.team = case.officer, case.crew.id
            minutes = (case.arrived - case.received) // MINUTE
            length = f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
            audit(
                case.arrived,
                case.officer,
                "incident.officer_arrived",
                f"{case.officer.name} arrived {length} after the call",
                case.reference,
                NULL,
                case.id,
            )

    def _write_response(self, case: Case) -> None:
        draw = self.random.random
        arrested = any(crime.arrests for crime in case.crimes)
        action, reason = self._action(arrested)
        apart = "yes" if draw() < 0.93 else "no"
        seen = "n/a" if not case.children else "yes" if draw() < 0.9 else "no"
        said = (
            {"n/a": "", "no": words.NO_CHILD_SEEN[0]}.get(seen)
            if seen != "yes"
            else (words.CHILD_WORDS[int(draw() * len(words.CHILD_WORDS))])
        )
        video = "yes" if draw() < 0.95 else "no"
        supports = "n/a" if not case.crimes else "yes" if draw() < 0.55 else "no"
        led = words.EVIDENCE_LED[int(draw() * 3)] if supports == "no" else ""
        named = [crime.category for crime in case.crimes] or ([case.owed] if case.owed else [])
        listed = ",".join([f'"{category}"' for category in named])
        recorded = stamp(case.recorded)
        self._response(
            f"{self._response_id()}\t{case.id}\t{case.officer.id}\t{action}\t{reason}\t{apart}\t"
            f"{words.NOT_APART[0] if apart == 'no' else ''}\t{seen}\t{said}\t"
            f"{words.ACCOUNTS[int(draw() * len(words.ACCOUNTS))]}\t{_GOLDEN[int(draw() * 6)]}\t"
            f"{video}\t{words.NO_VIDEO[0] if video == 'no' else ''}\t{supports}\t{led}\t"
            f"{words.SAFETY_PLANS[int(draw() * len(words.SAFETY_PLANS))]}\t{recorded}\t1\t[{listed}]"
        )
        words_of = {"none": "no positive action"}.get(action, _ACTIONS[action])
        self.world.audit(
            case.recorded,
            case.officer,
            "incident.first_response_recorded",
            f"First response recorded: {words_of}",
            case.reference,
            NULL,
            case.id,
            "{}",
            arrested,
        )
        if case.crimes:
            self._write_crimes(case)
        elif case.owed:
            self._crime_duty(case, None)

    def _action(self, arrested: bool) -> tuple[str, str]:
        draw = self.random.random
        if arrested:
            return "arrest", words.ACTION_REASONS[0]
        chance = draw()
        if chance < 0.45:
            return "support", words.ACTION_REASONS[2]
        if chance < 0.7:
            return "referral", words.ACTION_REASONS[3]
        if chance < 0.88:
            return "removal", words.ACTION_REASONS[1]
        return "none", words.NO_ACTION_REASONS[int(draw() * len(words.NO_ACTION_REASONS))]

    def _write_crimes(self, case: Case) -> None:
        """Most get their number with the first response, the others within the day, few later."""
        draw, at = self.random.random, self.world.at
        recorded = case.recorded
        if draw() < 0.25:
            recorded = min(recorded + int(draw() * 9 * HOUR) + (DAY if draw() < 0.04 else 0), at)
            self._crime_duty(case, recorded)
        for crime in case.crimes:
            number = self._crime_id()
            decided = 0
            if crime.outcome:
                decided = max(min(recorded + int((1 + 60 * draw()) * DAY), at - HOUR), recorded)
            written = f"35/{number:06}/{stamp(recorded)[2:4]}"
            self._crime(
                f"{number}\t{case.id}\t{case.record.id}\t{crime.category}\t{written}\t"
                f"{stamp(recorded)}\t{case.officer.id}\t{crime.arrests}\t{crime.outcome}\t"
                f"{stamp(decided) if decided else NULL}"
            )
            self.world.audit(
                recorded,
                case.officer,
                "incident.crime_recorded",
                f"Crime recorded: {_LABELS[crime.category]}, {written}",
                case.reference,
                NULL,
                case.id,
                f'{{"number":"{written}","category":"{crime.category}"}}',
                True,
            )

    def _crime_duty(self, case: Case, recorded: int | None) -> None:
        self.clocks.write(
            self.crime_clock,
            case.id,
            case.reference,
            case.record.id,
            case.crew.id,
            case.received,
            recorded,
            owner=case.officer,
        )


_ACTIONS = {code: str(label).lower() for code, label in FirstResponse.PositiveAction.choices}
