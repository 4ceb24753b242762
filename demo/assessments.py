"""Risk assessments in every state, their reviews, and the grades that came of them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from core.references import Kind
from demo import words
from demo.answers import GRADES, Assessed, RiskAnswers, rank
from demo.case import Case
from demo.clocks import Clock, Clocks
from demo.plan import Stage
from demo.tables import NULL, Table, escaped, stamp
from demo.world import DAY, HOUR, MINUTE, Worker, World
from risk.deadlines import ASSESSMENT, REVIEW
from risk.models import Assessment, AssessmentReview, GradeChange

ASSESSED = Table(
    Assessment, "id", "reference", "incident_id", "victim_id", "instrument_id", "officer_id",
    "state", "due_because", "started_at", "answers", "yes_count", "suggested_grade",
    "suggested_reasons", "judged_grade", "judged_reason", "submitted_at", "grade", "reviewed_at",
    "version", "writer", "reassessment_id",
)  # fmt: skip
REVIEWED = Table(
    AssessmentReview, "id", "assessment_id", "reviewer_id", "at", "decision", "grade_before",
    "grade_after", "rationale",
)  # fmt: skip
GRADED = Table(
    GradeChange, "id", "victim_id", "at", "before", "after", "reason", "assessment_id", "actor_id",
    "judgement_id",
)  # fmt: skip

_DONE = frozenset({Stage.REVIEWED, Stage.REFERRED, Stage.CLOSED})


@dataclass(slots=True)
class Judged:
    """An assessment as far as the referral needs it."""

    id: int
    reference: str
    submitted: int
    reviewed: int
    #: The grade that counted from submission, and the one after the review.
    first: str
    grade: str
    officer: Worker
    supervisor: Worker


def each_victim(case: Case) -> Iterator[Case]:
    """The case as each of its victims has it: with a counter-allegation there are two, and each
    is assessed apart, the other one from the first response on."""
    yield case
    if case.counter is None:
        return
    submitted = case.submitted and max(case.submitted, case.recorded + 10 * MINUTE)
    reviewed = case.reviewed and max(case.reviewed, submitted + 10 * MINUTE)
    yield replace(
        case,
        victim=case.perpetrator,
        perpetrator=case.victim,
        record=case.counter,
        gravity=0,
        arrived=case.recorded,
        submitted=submitted,
        reviewed=reviewed,
        known=_known_of_other(case.known),
        counter=None,
    )


def _known_of_other(known: str) -> str:
    """With both in both roles, whoever is now a victim too and was known is so as both."""
    if known.startswith("the victim"):
        return known.replace("the victim", "the other person")
    return known.replace("the other person", "both people")


@dataclass(slots=True)
class _Form:
    """What was answered, judged and decided, before it is written."""

    id: int
    reference: str
    assessed: Assessed
    judged: str = ""
    reason: str = ""
    first: str = ""
    grade: str = ""
    decision: str = ""
    rationale: str = ""
    returned: int = 0


class Assessments:
    """Writes the assessment of a case; gives what the referral is made of."""

    def __init__(self, world: World, clocks: Clocks, answers: RiskAnswers) -> None:
        self.world, self.clocks, self.answers = world, clocks, answers
        self.random = world.random
        self.duty, self.review_duty = Clock(world, ASSESSMENT), Clock(world, REVIEW)
        self._assessment, self._assessment_id = world.lines.to(ASSESSED), world.ids(ASSESSED)
        self._review, self._review_id = world.lines.to(REVIEWED), world.ids(REVIEWED)
        self._change, self._change_id = world.lines.to(GRADED), world.ids(GRADED)

    def times(self, case: Case) -> None:
        """When it is submitted and reviewed, and when the incident is closed after that."""
        draw, at, stage = self.random.random, self.world.at, case.stage
        if not case.arrived or stage in {Stage.ARRIVED, Stage.RECORDED}:
            return
        if stage is Stage.CLOSED:
            wait = 8.2 + 6 * draw() if draw() < 0.02 else 0.7 + 3.4 * draw() ** 1.4
            case.submitted = min(case.arrived + int(wait * HOUR), at - 2 * HOUR)
            wait = 24.5 + 16 * draw() if draw() < 0.03 else 0.6 + 18 * draw() ** 2.4
            case.reviewed = min(case.submitted + int(wait * HOUR), at - HOUR)
            later = int((1 + 28 * draw()) * HOUR)
            case.closed = min(max(case.reviewed, case.recorded) + later, at - 20 * MINUTE)
            return
        if stage is Stage.REFERRED:
            case.submitted = at - self._allowance_left(case)
            case.recorded = min(case.recorded, case.submitted - MINUTE)
        else:
            spent = min((40 + 90 * draw()) * MINUTE, 0.6 * (at - case.arrived))
            case.submitted = case.arrived + int(spent)
        if stage in _DONE:
            since = at - case.submitted
            case.reviewed = case.submitted + int(min((1 + 17 * draw()) * HOUR, 0.8 * since))
        if stage is Stage.REFERRED:
            case.closed = case.reviewed + int((at - case.reviewed) * (0.1 + 0.7 * draw()))

    def _allowance_left(self, case: Case) -> int:
        hours = self.world.policy.referral_hours
        return hours * HOUR - case.script.left * MINUTE

    def write(self, case: Case) -> Judged | None:
        """The assessment that the arrival began. None while it is not submitted."""
        if not case.arrived:
            return None
        form = self._answered(case)
        if case.submitted:
            self._judge(case, form)
            if case.stage is Stage.RETURNED or (case.stage is Stage.CLOSED and self._sent_back()):
                self._send_back(case, form)
            if case.reviewed:
                self._decide(case, form)
        self._write_row(case, form)
        self._write_clocks(case, form)
        if not case.submitted:
            return None
        case.record.assessed = max(case.record.assessed, case.submitted)
        self._record_submission(case, form)
        if case.reviewed:
            self._record_review(case, form)
        return Judged(
            form.id,
            form.reference,
            case.submitted,
            case.reviewed,
            form.first,
            form.grade,
            case.officer,
            case.crew.supervisor,
        )

    def _answered(self, case: Case) -> _Form:
        reference = self.world.reference(Kind.ASSESSMENT, case.arrived)
        if not case.submitted:
            begun = self.answers.begun
            return _Form(
                self._assessment_id(), reference, begun[int(self.random.random() * len(begun))]
            )
        if case.script.topics:
            return _Form(self._assessment_id(), reference, self.answers.grave(*case.script.topics))
        since = case.received - 365 * DAY
        recent = sum(at > since for at in case.record.times)
        escalates = recent >= self.world.policy.escalation_incidents
        assessed = self.answers.draw(self.random, case.gravity, escalates)
        return _Form(self._assessment_id(), reference, assessed)

    def _judge(self, case: Case, form: _Form) -> None:
        """The officer's own judgement: mostly the suggestion, at times higher, seldom lower."""
        draw, suggested = self.random.random, form.assessed.suggested
        judged = suggested
        own = GRADES[case.gravity]
        if rank(own) < rank(suggested) and draw() < 0.6:
            judged = own
        elif suggested != "high" and not case.script.grade and draw() < 0.04:
            judged = GRADES[rank(suggested)]
        reasons = words.JUDGED[judged]
        form.judged = judged
        form.reason = reasons[int(draw() * len(reasons))]
        if rank(judged) < rank(suggested):
            form.reason = words.LOWER
        form.first = form.grade = judged if rank(judged) > rank(suggested) else suggested

    def _sent_back(self) -> bool:
        return self.random.random() < 0.04

    def _send_back(self, case: Case, form: _Form) -> None:
        end = case.reviewed or self.world.at
        part = 0.5 if case.reviewed else 0.6 + 0.35 * self.random.random()
        form.returned = case.submitted + int((end - case.submitted) * part)

    def _decide(self, case: Case, form: _Form) -> None:
        draw = self.random.random
        chance = draw()
        form.decision = "accept"
        if rank(form.judged) < rank(form.first):
            if chance < 0.8:
                form.grade, form.rationale = form.judged, words.REGRADED_DOWN[0]
            else:
                form.decision, form.rationale = "regrade", words.REGRADED_UP[0]
        elif case.script.grade:
            form.rationale = words.ACCEPTED[0]
        elif chance < 0.03 and form.judged != "high":
            form.decision, form.grade = "regrade", GRADES[rank(form.judged)]
            form.rationale = words.REGRADED_UP[int(draw() * 2)]
        elif chance > 0.98 and form.judged != "standard":
            form.decision, form.grade = "regrade", GRADES[rank(form.judged) - 2]
            form.rationale = words.REGRADED_DOWN[1]
        else:
            form.rationale = words.ACCEPTED[int(draw() * len(words.ACCEPTED))]

    # --- Writing -----------------------------------------------------------------------------

    def _write_row(self, case: Case, form: _Form) -> None:
        assessed = form.assessed
        state = "draft"
        if case.submitted:
            state = "reviewed" if case.reviewed else "returned" if form.returned else "submitted"
        version = 2 + bool(case.submitted) + bool(case.reviewed) + 2 * bool(form.returned)
        because = (
            f"every domestic incident, and {case.known}"
            if case.known
            else ("every domestic incident")
        )
        self._assessment(
            f"{form.id}\t{form.reference}\t{case.id}\t{case.record.id}\t"
            f"{self.answers.instrument.pk}\t{case.officer.id}\t{state}\t{because}\t"
            f"{stamp(case.arrived)}\t{assessed.answers}\t{assessed.yes_count}\t"
            f"{assessed.suggested}\t{assessed.reasons}\t{form.judged}\t{form.reason}\t"
            f"{stamp(case.submitted) if case.submitted else NULL}\t{form.grade}\t"
            f"{stamp(case.reviewed) if case.reviewed else NULL}\t{version}\t\t{NULL}"
        )

    def _write_clocks(self, case: Case, form: _Form) -> None:
        team, victim_id = case.crew.id, case.record.id
        write = self.clocks.write
        done = case.submitted or None
        write(self.duty, form.id, form.reference, victim_id, team, case.arrived, done,
              owner=case.officer)  # fmt: skip
        if not case.submitted:
            return
        supervisor = case.crew.supervisor
        first_end = form.returned or case.reviewed or None
        write(self.review_duty, form.id, form.reference, victim_id, team, case.submitted,
              first_end, owner=supervisor)  # fmt: skip
        if form.returned:
            again = self._again(case, form) if case.reviewed else None
            write(self.duty, form.id, form.reference, victim_id, team, form.returned, again,
                  owner=case.officer)  # fmt: skip
            if again:
                write(self.review_duty, form.id, form.reference, victim_id, team, again,
                      case.reviewed, owner=supervisor)  # fmt: skip

    @staticmethod
    def _again(case: Case, form: _Form) -> int:
        """When a returned assessment was submitted a second time."""
        return form.returned + (case.reviewed - form.returned) // 3

    def _record_submission(self, case: Case, form: _Form) -> None:
        assessed = form.assessed
        waits = ", judged lower: waits for a supervisor's agreement"
        lower = waits if rank(form.judged) < rank(assessed.suggested) else ""
        self.world.audit(
            case.submitted,
            case.officer,
            "assessment.submitted",
            f"Risk assessed {form.first}{lower}",
            form.reference,
            case.record.id,
            case.id,
            f'{{"yes_count":{assessed.yes_count},"suggested":"{assessed.suggested}",'
            f'"judged":"{form.judged}","counts":"{form.first}"}}',
            form.first == "high",
        )
        if rank(form.first) > rank(case.record.grade):
            self._grade(case, form, form.first, case.submitted, case.officer)
        if form.returned:
            self._write_return(case, form)

    def _write_return(self, case: Case, form: _Form) -> None:
        supervisor, audit = case.crew.supervisor, self.world.audit
        rationale = words.RETURNED[int(self.random.random() * len(words.RETURNED))]
        self._review(
            f"{self._review_id()}\t{form.id}\t{supervisor.id}\t{stamp(form.returned)}\treturn\t"
            f"{form.first}\t{form.first}\t{rationale}"
        )
        audit(
            form.returned,
            supervisor,
            "assessment.return",
            "Risk assessment returned to the officer with words",
            form.reference,
            case.record.id,
            case.id,
            f'{{"rationale":"{rationale}"}}',
        )
        if case.reviewed:
            audit(
                self._again(case, form),
                case.officer,
                "assessment.submitted",
                f"Risk assessed {form.first}",
                form.reference,
                case.record.id,
                case.id,
            )

    def _record_review(self, case: Case, form: _Form) -> None:
        supervisor = case.crew.supervisor
        self._review(
            f"{self._review_id()}\t{form.id}\t{supervisor.id}\t{stamp(case.reviewed)}\t"
            f"{form.decision}\t{form.first}\t{form.grade}\t{form.rationale}"
        )
        headline = f"Risk assessment accepted: {form.grade}"
        if form.decision == "regrade":
            headline = f"Risk regraded {form.grade}, was {form.first}"
            if form.grade == form.first:
                headline = (
                    f"Risk kept at {form.grade}: the officer's lower judgement was not agreed"
                )
        self.world.audit(
            case.reviewed,
            supervisor,
            f"assessment.{form.decision}",
            headline,
            form.reference,
            case.record.id,
            case.id,
            f'{{"before":"{form.first}","after":"{form.grade}","judged":"{form.judged}",'
            f'"suggested":"{form.assessed.suggested}","rationale":"{form.rationale}"}}',
            rank(form.grade) > rank(form.first),
        )
        if form.grade != case.record.grade:
            self._grade(case, form, form.grade, case.reviewed, supervisor)

    def _grade(self, case: Case, form: _Form, grade: str, at: int, actor: Worker) -> None:
        """The victim's grade changes: the record, its history, the timeline."""
        record, assessed = case.record, form.assessed
        before = record.grade
        if grade == assessed.suggested and assessed.first_reasons:
            reason = escaped(assessed.first_reasons)
        else:
            whose = "officer" if grade == form.judged else "supervisor"
            reason = f"the {whose}'s judgement, {assessed.yes_count} yes answers"
        record.grade, record.since, record.reason = grade, at, reason
        record.changes += 1
        self._change(
            f"{self._change_id()}\t{record.id}\t{stamp(at)}\t{before}\t{grade}\t{reason}\t{form.id}"
            f"\t{actor.id}\t{NULL}"
        )
        was = f", was {before}" if before else ""
        self.world.audit(
            at,
            actor,
            "victim.grade_changed",
            f"Risk now {grade}{was}",
            record.reference,
            record.id,
            NULL,
            f'{{"before":"{before}","after":"{grade}","because":"{reason}",'
            f'"assessment":"{form.reference}"}}',
            rank(grade) > rank(before),
        )
