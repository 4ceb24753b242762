"""The closure gate as the year left it: asked for, refused, asked again, signed off, waiting."""

from random import Random

from demo import words
from demo.answers import as_json
from demo.case import Case, Request
from demo.clocks import Clock, Clocks
from demo.tables import NULL, Table, stamp
from demo.world import HOUR, MINUTE, World
from incidents import closing
from incidents.deadlines import CLOSURE_SIGN_OFF
from incidents.models import Closure

#: Stands before the incidents: a closed one goes in only where its signed closure is.
CLOSURE = Table(
    Closure, "id", "incident_id", "kind", "non_crime_reason", "answers", "answered_by_id",
    "requested_by_id", "requested_at", "decision", "words", "decided_by_id", "decided_at",
)  # fmt: skip

_KINDS = {code: str(label).lower() for code, label in Closure.Kind.choices}
#: Sets of answers made beforehand, with children and without.
POOL = 24


def some_answers(random: Random, children: bool) -> dict[str, dict[str, str]]:
    """Answers to every closing question, with words where the question wants them."""
    said: dict[str, dict[str, str]] = {
        "seen_alone": {"answer": "yes", "words": ""},
        "safe_now": {"answer": "yes", "words": random.choice(words.SAFE_NOW)},
        "plan_agreed": {"answer": "yes", "words": ""},
        "children_safe": {"answer": "yes", "words": ""}
        if children
        else {"answer": "n/a", "words": words.NO_CHILD},
        "suspect": {"answer": "yes", "words": random.choice(words.SUSPECT_AT)},
        "injuries": {"answer": "yes", "words": ""}
        if random.random() < 0.5
        else {"answer": "n/a", "words": words.NO_INJURY},
        "evidence": {"answer": "yes", "words": ""}
        if random.random() < 0.8
        else {"answer": "no", "words": words.EVIDENCE_TO_COME},
        "assessed_with": {"answer": "yes", "words": ""},
        "contact": {"answer": "yes", "words": random.choice(words.CONTACT_NEXT)},
        "warnings": {"answer": "yes", "words": ""}
        if random.random() < 0.6
        else {"answer": "n/a", "words": words.WARNING_NONE},
    }
    return {question.code: said[question.code] for question in closing.QUESTIONS}


class Closures:
    """Decides when closure of a case is asked for and decided, and writes it."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self.clock = Clock(world, CLOSURE_SIGN_OFF)
        self._line, self._id = world.lines.to(CLOSURE), world.ids(CLOSURE)
        self._answers = {
            children: [as_json(some_answers(world.random, children)) for _ in range(POOL)]
            for children in (False, True)
        }
        self._path = self.clock.path
        self._inspector = world.cast.named["inspector"]

    def times(self, case: Case) -> None:
        """When it is asked for: mostly answered within the four hours, at times refused first."""
        if case.script.asked:
            asked = self.world.at - case.script.asked * MINUTE
            refused = case.script.is_refused
            case.requests.append(Request(asked, asked + 43 * MINUTE if refused else 0, refused))
        if not case.closed:
            return
        draw = self.random.random
        # A counter-allegation's own assessment comes a little later than the first one's.
        base = max(case.recorded, case.reviewed) + (26 * MINUTE if case.counter else MINUTE)
        wait = (
            int((4.1 + 3 * draw()) * HOUR)
            if draw() < 0.02
            else int((8 + 200 * draw() ** 1.7) * MINUTE)
        )
        asked = max(min(base + 30 * MINUTE, case.closed - 30), case.closed - wait)
        room = asked - base
        if room > 4 * HOUR and draw() < 0.05:
            first = base + room // 5
            case.requests.append(Request(first, first + int((10 + 80 * draw()) * MINUTE), True))
        case.requests.append(Request(asked, case.closed))

    def write(self, case: Case) -> None:
        """Each request with its answers, its decision and its clock."""
        for request in case.requests:
            self._write(case, request)

    def _write(self, case: Case, request: Request) -> None:
        choice, audit = self.random.choice, self.world.audit
        number, kind = self._id(), "non_crime" if case.non_crime else "crime"
        answers = choice(self._answers[case.children > 0])
        decision = "refused" if request.is_refused else "signed_off" if request.decided else ""
        said = choice(words.SIGNED) if decision == "signed_off" else ""
        if decision == "refused":
            said = case.script.refused_with or choice(words.REFUSED_CLOSURE)
        decider = self._inspector.id if decision else NULL
        self._line(
            f"{number}\t{case.id}\t{kind}\t{case.non_crime}\t{answers}\t{case.officer.id}\t"
            f"{case.officer.id}\t{stamp(request.asked)}\t{decision}\t{said}\t{decider}\t"
            f"{stamp(request.decided) if decision else NULL}"
        )
        audit(
            request.asked,
            case.officer,
            "incident.closure_requested",
            f"Closure asked for, {_KINDS[kind]}",
            case.reference,
            NULL,
            case.id,
            f'{{"closure":{number},"answers":{answers},"answered_by":"{case.officer.name}",'
            f'"non_crime_reason":"{case.non_crime}"}}',
        )
        self.clocks.write(
            self.clock,
            number,
            case.reference,
            case.record.id,
            self.world.cast.control_room,
            request.asked,
            request.decided or None,
            owner=None,
            by=self._inspector,
        )
        if decision:
            self._decided(case, request, number, kind, decision, said)

    def _decided(
        self, case: Case, request: Request, number: int, kind: str, decision: str, said: str
    ) -> None:
        inspector, refused = self._inspector, decision == "refused"
        headline = "Closure refused" if refused else "Closed: signed off"
        self.world.audit(
            request.decided,
            inspector,
            f"incident.closure_{decision}",
            f"{headline}: {said}" if said else headline,
            case.reference,
            NULL,
            case.id,
            f'{{"closure":{number},"kind":"{kind}","non_crime_reason":"{case.non_crime}",'
            f'"words":"{said}"}}',
            refused,
        )
        if refused:
            self.clocks.tell(
                case.officer,
                "warning",
                f"Closure refused by {inspector.name}: {case.reference}",
                case.reference,
                self._path(case.reference),
                request.decided,
            )
