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
from incidents.models import Incident, Involvement, ResponseGrade

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
_MINUTES_TO_ARRIVE = {"immediate": (3, 13), "priority": (10, 59), "routine": (60, 900)}
#: Shares of calls of which more is known than the narrative.
VERBATIM, HEARD, DROPPED, NEEDS, COUNTER = 0.14, 0.12, 0.02, 0.03, 0.012
_MAY_COUNTER = frozenset({Stage.CLOSED, Stage.RECORDED, Stage.SUBMITTED, Stage.REVIEWED})


_PLAIN = Script()


def _about(he: str, his: str, him: str) -> tuple[list[str], ...]:
    """Openings, middles and endings with the pronouns of the person complained of."""
    parts = (words.CALL_OPENINGS, words.CALL_MIDDLES, words.CALL_ENDINGS)
    return tuple(
        [text.format(name="{name}", he=he, his=his, him=him) for text in part] for part in parts
    )


def _beside(pool: list[Worker], number: int) -> Worker:
    """Who drives with somebody: the other one of the pair."""
    other = number ^ 1
    return pool[other if other < len(pool) else number - 1]


#: By whether the person complained of is a woman.
_SAID = {False: _about("he", "his", "him"), True: _about("she", "her", "her")}


class Calls:
    """Receives calls and writes the incidents that they become."""

    def __init__(self, world: World, people: People, answers: CallAnswers) -> None:
        self.world, self.people, self.answers = world, people, answers
        self.random = world.random
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
        #: Those who are on the way or there now: nobody is at two places.
        self._busy: set[int] = set()

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
        elif not home.address or (draw() < 0.04 and script is _PLAIN):
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
        if script.stage in {Stage.SENT, Stage.ARRIVED}:
            return self._free_officers(crew, script)
        pool = crew.officers if script is _PLAIN else self._regular[self._crews.index(crew)]
        number = int(draw() * len(pool))
        officer = named[script.officer] if script.officer else pool[number]
        return crew, officer, _beside(pool, number)

    def _free_officers(self, crew: Crew, script: Script) -> tuple[Crew, Worker, Worker]:
        """Of the team or, where all of it is busy, of another; of the team when all are."""
        own = self._crews.index(crew)
        order = [own, *(number for number in range(len(self._crews)) if number != own)]
        for number in order:
            free = [each for each in self._regular[number] if each.id not in self._busy]
            if len(free) > 1:
                break
        else:
            number, free = own, self._regular[own]
        named = self.world.cast.named
        officer = named[script.officer] if script.officer else free[0]
        second = free[0] if script.officer else free[1]
        self._busy.update((officer.id, second.id))
        return self._crews[number], officer, second

    # --- Writing -----------------------------------------------------------------------------

    def write(self, case: Case) -> None:
        """The incident and the people in it."""
        self._write_people(case)
        self._write_incident(case)
        if case.counter:
            case.counter.times.append(case.received)
            case.counter.last = case.received
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
        case.dropped = draw() < DROPPED
        graded = self.answers.graded(
            number, case.earlier, was_high, case.home.emergency, case.dropped
        )
        case.answers = self.answers.json[number]
        case.grade = graded.grade
        case.graded = graded
        if draw() < 0.03 and graded.grade in {"priority", "routine"}:
            case.grade = "immediate" if graded.grade == "priority" else "priority"
            case.override = words.OVERRIDES[int(draw() * len(words.OVERRIDES))]
            if case.dropped and case.grade == "immediate":
                case.override = words.DROPPED_HIGHER
        self._agree_visit(case)
        self._target(case)
        if stage is Stage.WAITING:
            case.not_sent = case.script.not_sent
            return
        age = at - case.received
        case.sent = min(case.logged + 20 + int(draw() * 120), at - 10)
        if stage is Stage.SENT:
            return
        low, high = _MINUTES_TO_ARRIVE.get(case.grade, (240, 1_300))
        case.arrived = case.sent + int((low + (high - low) * draw() ** 1.6) * MINUTE)
        if case.appointment:
            case.arrived = case.appointment + int((draw() * 24 - 19) * MINUTE)
            case.sent = case.arrived - 25 * MINUTE
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
        if stage in _MAY_COUNTER:
            self._counter(case)

    def _agree_visit(self, case: Case) -> None:
        """An appointment, where the call lets it wait and the year leaves time for it."""
        draw, script, at = self.random.random, case.script, self.world.at
        wanted = bool(script.visit)
        if not wanted and case.received < at - 9 * DAY and case.stage is Stage.CLOSED:
            wanted = draw() < (0.5 if case.grade == "appointment" else 0.05)
            wanted = wanted and case.grade in {"appointment", "routine"}
        if not wanted:
            return
        if case.graded.grade != "appointment":
            case.override = words.APPOINTED[int(draw() * len(words.APPOINTED))]
        case.grade = "appointment"
        after = at + script.visit * HOUR if script.visit else case.logged + DAY
        case.appointment = (after + int(draw() * 2 * DAY)) // (30 * MINUTE) * 30 * MINUTE
        if script.visit:
            case.appointment = after // (30 * MINUTE) * 30 * MINUTE

    def _target(self, case: Case) -> None:
        allowance = self._minutes[case.grade, case.home.area == 2]
        if allowance is None:
            allowance = timedelta(hours=self.world.policy.routine_hours)
        case.attend_by = case.appointment or case.received + int(allowance.total_seconds())

    def _counter(self, case: Case) -> None:
        """Now and then each accuses the other: both then stand as victims."""
        script = case.script
        if not (script.is_counter or (script is _PLAIN and self.random.random() < COUNTER)):
            return
        record = self.people.victim_of(case.perpetrator, case.crew, case.recorded)
        if record.area is None:
            record.area = case.home.area
        if record.responsible is None:
            record.responsible = case.officer
        case.counter = record

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
                case.kids.append(child)
                self._involved(
                    f"{self._involved_id()}\t{case.id}\t{child.id}\tchild\t\\N\t{received}\tchild\t"
                )
        if case.counter:
            said = "named as the other side of a counter-allegation"
            self._involved(
                f"{self._involved_id()}\t{case.id}\t{case.perpetrator.id}\tvictim\t"
                f"{case.counter.id}\t{received}\t{home.relation}\t{said}"
            )
            self._involved(
                f"{self._involved_id()}\t{case.id}\t{case.victim.id}\tperpetrator\t\\N\t"
                f"{received}\t\t{said}"
            )

    def _caller(self, case: Case) -> tuple[str, str, str]:
        """(who called, name as taken down, number)."""
        draw, script = self.random.random, case.script
        caller_is = script.caller or _CALLERS[int(draw() * len(_CALLERS))]
        if script.caller:
            return caller_is, "", script.number
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
        if case.script.narrative:
            return case.script.narrative
        openings, middles, endings = _SAID[case.perpetrator.sex == "female"]
        opening = openings[int(draw() * len(openings))].replace("{name}", case.perpetrator.given)
        middle = middles[int(draw() * len(middles))]
        return f"{opening} {middle} {endings[int(draw() * len(endings))]}"

    def _write_incident(self, case: Case) -> None:
        draw, world, graded = self.random.random, self.world, case.graded
        caller_is, caller, number = self._caller(case)
        source, source_detail = self._source(case)
        verbatim = background = needs = ""
        if draw() < VERBATIM:
            verbatim = words.VERBATIM[int(draw() * len(words.VERBATIM))]
        if draw() < HEARD:
            background = words.BACKGROUND[int(draw() * len(words.BACKGROUND))]
        if draw() < NEEDS:
            needs = words.NEEDS[int(draw() * len(words.NEEDS))]
        supervised = stamp(case.checks[-1].at) if case.checks else NULL
        state = {Stage.WAITING: "open", Stage.SENT: "sent"}.get(
            case.stage, "closed" if case.closed else "attended"
        )
        closed = stamp(case.closed) if case.closed else NULL
        version = 1 + sum(
            map(bool, (case.sent, case.arrived, case.recorded, case.closed, case.not_sent))
        )
        self._incident(
            f"{case.id}\t{case.reference}\t\\N\t{source}\t"
            f"{stamp(case.received)}\t{stamp(case.logged)}\t{case.handler.id}\t"
            f"{source_detail}\t{state}\t{caller}\t"
            f"{number}\t{caller_is}\t{'Text only' if draw() < 0.2 else ''}\t"
            f"{case.victim.language}\t{needs}\t{case.home.address}\t"
            f"{world.cast.area_ids[case.home.area]}\t{self._narrative(case)}\t{verbatim}\t"
            f"{background}\t{'t' if case.dropped else 'f'}\t{case.answers}\t"
            f"{graded.grade}\t{graded.reasons}\t{case.grade}\t{case.override}\t[]\t"
            f"{stamp(case.attend_by)}\t{graded.officers}\t{case.not_sent}\t{case.earlier}\t"
            f"{case.non_crime}\t{closed}\t{supervised}\t{version}"
        )
        more = ",".join(
            said
            for said, holds in (
                (f'"override":"{case.override}"', case.override),
                ('"call_dropped":true', case.dropped),
            )
            if holds
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
            f'{{"suggested":"{graded.grade}","reasons":{graded.reasons},"grounds":{graded.grounds},'
            f'"grade":"{case.grade}"{", " if more else ""}{more}}}',
            case.grade == "immediate",
        )

    def _source(self, case: Case) -> tuple[str, str]:
        """How it came in, and through whom where that must be said."""
        draw = self.random.random
        if case.script.caller:
            return "999", ""
        source = _SOURCES[int(draw() * 100)]
        if source == "agency":
            return source, words.AGENCY_CALLERS[int(draw() * len(words.AGENCY_CALLERS))]
        if source == "counter":
            return source, words.COUNTERS[int(draw() * len(words.COUNTERS))]
        if source == "patrol":
            return source, case.officer.name
        return source, words.ONLINE if source == "online" else ""
