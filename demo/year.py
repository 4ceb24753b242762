"""Calls: who rings, what is asked, how it is graded, and the incident that it becomes."""

from datetime import timedelta

from core.references import Kind
from demo import county, words
from demo.answers import CallAnswers
from demo.case import Case
from demo.households import Household, People, Someone
from demo.plan import CrimeToCome, Event, Script, Stage
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, Crew, Worker, World
from incidents import grading
from incidents.models import Closure, Incident, Involvement, ResponseGrade

#: Stands before the incidents: a closed one goes in only where its signed closure is.
CLOSURE = Table(
    Closure, "id", "incident_id", "kind", "non_crime_reason", "answers", "answered_by_id",
    "requested_by_id", "requested_at", "decision", "words", "decided_by_id", "decided_at",
)  # fmt: skip
INCIDENT = Table(
    Incident, "id", "reference", "draft_id", "source", "received_at", "logged_at", "logged_by_id",
    "source_detail", "state", "caller_name", "caller_number", "caller_is", "safe_callback",
    "language", "communication_needs", "address_id", "area_id", "narrative", "verbatim",
    "background", "call_dropped", "answers", "suggested_grade", "suggested_reasons", "grade",
    "grade_override_reason", "set_aside", "attend_by", "officers_advised", "not_sent_reason",
    "earlier_in_year", "non_crime_reason", "closed_at", "supervised_at", "version",
)  # fmt: skip
INVOLVEMENT = Table(
    Involvement, "id", "incident_id", "person_id", "role", "victim_id", "received_at",
    "relationship", "recognised_by",
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
_GRADE_LABELS = {code: str(label).lower() for code, label in ResponseGrade.choices}
_MINUTES_TO_ARRIVE = {"immediate": (4, 17), "priority": (12, 66), "routine": (60, 900)}


_PLAIN = Script()


def _about(he: str, his: str, him: str) -> tuple[list[str], ...]:
    """Openings, middles and endings with the pronouns of the person complained of."""
    parts = (words.CALL_OPENINGS, words.CALL_MIDDLES, words.CALL_ENDINGS)
    return tuple(
        [text.format(name="{name}", he=he, his=his, him=him) for text in part] for part in parts
    )


#: By whether the person complained of is a woman.
_SAID = {False: _about("he", "his", "him"), True: _about("she", "her", "her")}


class Calls:
    """Receives calls and writes the incidents that they become."""

    def __init__(self, world: World, people: People, answers: CallAnswers) -> None:
        self.world, self.people, self.answers = world, people, answers
        self.random = world.random
        self._closure, self._closure_id = world.lines.to(CLOSURE), world.ids(CLOSURE)
        self._incident, self._incident_id = world.lines.to(INCIDENT), world.ids(INCIDENT)
        self._involved, self._involved_id = world.lines.to(INVOLVEMENT), world.ids(INVOLVEMENT)
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
        """The incident and the people in it."""
        self._write_people(case)
        self._write_incident(case)
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
        openings, middles, endings = _SAID[case.perpetrator.sex == "female"]
        opening = openings[int(draw() * len(openings))].replace("{name}", case.perpetrator.given)
        middle = middles[int(draw() * len(middles))]
        return f"{opening} {middle} {endings[int(draw() * len(endings))]}"

    def _write_incident(self, case: Case) -> None:
        draw, world, graded = self.random.random, self.world, case.graded
        caller_is, caller, number = self._caller(case)
        rural = case.home.area == 2
        allowance: timedelta | None = self._minutes[case.grade, rural]
        attend_by = stamp(case.received + int(allowance.total_seconds())) if allowance else NULL
        state = {Stage.WAITING: "open", Stage.SENT: "sent"}.get(
            case.stage, "closed" if case.closed else "attended"
        )
        closed = stamp(case.closed) if case.closed else NULL
        version = 1 + bool(case.sent) + bool(case.arrived) + bool(case.recorded) + bool(case.closed)
        self._incident(
            f"{case.id}\t{case.reference}\t\\N\t{_SOURCES[int(draw() * 100)]}\t"
            f"{stamp(case.received)}\t{stamp(case.logged)}\t{case.handler.id}\t\t{state}\t{caller}\t"
            f"{number}\t{caller_is}\t{'Text only' if draw() < 0.2 else ''}\t"
            f"{case.victim.language}\t\t{case.home.address}\t{world.cast.area_ids[case.home.area]}\t"
            f"{self._narrative(case)}\t\t\t{'t' if draw() < 0.02 else 'f'}\t{case.answers}\t"
            f"{graded.grade}\t{graded.reasons}\t{case.grade}\t{case.override}\t[]\t{attend_by}\t"
            f"{graded.officers}\t\t{case.earlier}\t{case.non_crime}\t{closed}\t{closed}\t{version}"
        )
        if case.closed:
            self._write_closure(case)
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

    def _write_closure(self, case: Case) -> None:
        kind = "non_crime" if case.non_crime else "crime"
        inspector = self.world.cast.named["inspector"]
        asked = stamp(max(case.recorded, case.closed - HOUR))
        self._closure(
            f"{self._closure_id()}\t{case.id}\t{kind}\t{case.non_crime}\t{{}}\t{case.officer.id}\t"
            f"{case.officer.id}\t{asked}\tsigned_off\t\t{inspector.id}\t{stamp(case.closed)}"
        )
