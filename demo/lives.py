"""What became of victims since: who spoke with them, what was agreed, looked at again, closed.

Written once the year is told, for everybody who is a victim by then.
"""

from core.references import Kind
from core.trigger_rules import Trigger, rule_for
from demo import life_words as words
from demo.clocks import Clock, Clocks
from demo.households import Someone, VictimRecord
from demo.tables import NULL, Table, stamp
from demo.world import DAY, HOUR, MINUTE, Worker, World
from risk.deadlines import REASSESSMENT
from risk.models import Reassessment, ReassessmentReason
from risk.services.scans import SOURCE
from risk.services.triggers.rules import terms_of
from victims.models import Contact, PlanStep, RiskGrade, SafetyPlan

CONTACT = Table(
    Contact, "id", "victim_id", "at", "recorded_at", "by_id", "way", "outcome", "words",
    "safe_contact_id", "other_way_reason",
)  # fmt: skip
PLAN = Table(
    SafetyPlan, "id", "victim_id", "version", "is_current", "written_at", "written_by_id",
    "reason", "words", "reviewed_at", "reviewed_by_id", "review_because", "review_words",
)  # fmt: skip
STEP = Table(
    PlanStep, "id", "plan_id", "position", "words", "owner_id", "owner_words", "due_on",
    "is_shared", "done_at", "done_by_id",
)  # fmt: skip
REASSESSED = Table(
    Reassessment, "id", "reference", "victim_id", "state", "opened_at", "due_at",
    "grade_when_opened", "team_id", "owner_id", "done_at", "done_by_id", "outcome", "words",
    "version",
)  # fmt: skip
REASON = Table(
    ReassessmentReason, "id", "reassessment_id", "victim_id", "trigger", "happened_at",
    "recorded_at", "is_late", "words", "due_at", "basis", "source_type", "source_id",
    "fallen_away_at", "fallen_away_because",
)  # fmt: skip

#: Days without an incident after which a case is closed, by grade; more stay open where it happened
#: again and again.
CLOSED_AFTER = {"": 45, "standard": 45, "medium": 100, "high": 140}
#: Of those to whom it happened often and who were not reached since: one in so many is found by
#: the next scan.
QUIET = 9
#: Seconds back from which on plans are agreed afterwards, through the service: their steps have
#: days that lie ahead.
PLANNED_LATELY = 14 * DAY
#: The scan runs at three at night.
_NIGHT = 3 * HOUR


class Lives:
    """Writes the later lives of the year's victims."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks, self.random = world, clocks, world.random
        rules = world.policy.trigger_rules
        self._rules = {
            grade: rule_for(rules, Trigger.PERIODIC, grade) for grade in CLOSED_AFTER if grade
        }
        #: By grade and by how much the wall clock was changed meanwhile.
        self._clocks: dict[tuple[str, int], Clock] = {}
        self._ahead = world.policy.review_raised_days * DAY
        self._contact, self._contact_id = world.lines.to(CONTACT), world.ids(CONTACT)
        self._plan, self._plan_id = world.lines.to(PLAN), world.ids(PLAN)
        self._step, self._step_id = world.lines.to(STEP), world.ids(STEP)
        self._again, self._again_id = world.lines.to(REASSESSED), world.ids(REASSESSED)
        self._reason, self._reason_id = world.lines.to(REASON), world.ids(REASON)

    def write(self, everybody: list[Someone]) -> None:
        """All of it, for each who is a victim."""
        for number, person in enumerate(everybody):
            record = person.victim
            if record is None:
                continue
            self._spoken_with(record, number)
            self._planned(record)
            if not self._closed(record):
                self._reviewed(record)
            if number % 4_000 == 3_999:
                self.world.lines.flush()

    def _by(self, record: VictimRecord) -> Worker:
        return record.responsible or self.world.cast.leaders[record.team]

    # --- Contact ---------------------------------------------------------------------------------

    def _spoken_with(self, record: VictimRecord, number: int) -> None:
        draw, at = self.random.random, self.world.at
        moment = record.last + int((20 + 60 * draw()) * HOUR)
        if self._often(record) and record.last < at - 85 * DAY and number % QUIET:
            moment = at - int((3 + 70 * draw()) * DAY)
        if moment > at - HOUR:
            return
        if draw() < 0.25:
            self._called(record, moment, "no_answer", words.NOBODY)
            moment += int((20 + 8 * draw()) * HOUR)
            if moment > at - HOUR:
                return
        self._called(record, moment, "reached", words.CALLED)
        record.contact = moment

    def _often(self, record: VictimRecord) -> bool:
        since = self.world.at - 365 * DAY
        return sum(at > since for at in record.times) >= self.world.policy.quiet_incidents

    def _called(
        self, record: VictimRecord, moment: int, outcome: str, said: tuple[str, ...]
    ) -> None:
        way = "call"
        if outcome == "reached" and self.random.random() < 0.2:
            way, said = "visit", words.VISITED
        by = self._by(record)
        when = stamp(moment)
        self._contact(
            f"{self._contact_id()}\t{record.id}\t{when}\t{when}\t{by.id}\t{way}\t{outcome}\t"
            f"{said[int(self.random.random() * len(said))]}\t\\N\t"
        )

    # --- The safety plan -------------------------------------------------------------------------

    def _planned(self, record: VictimRecord) -> None:
        if record.grade != "high" or record.since > self.world.at - PLANNED_LATELY:
            return
        draw, by, plan = self.random.random, self._by(record), self._plan_id()
        written = min(record.since + int((4 + 30 * draw()) * HOUR), self.world.at - HOUR)
        reason = words.PLAN_REASONS[int(draw() * len(words.PLAN_REASONS))]
        self._plan(
            f"{plan}\t{record.id}\t1\tt\t{stamp(written)}\t{by.id}\t{reason}\t{words.PLAN_WORDS}\t"
            f"\\N\t\\N\t\t"
        )
        chosen = sorted(self.random.sample(range(len(words.STEPS)), 3 + int(draw() * 3)))
        for position, number in enumerate(chosen, 1):
            self._write_step(plan, position, number, written, by)

    def _write_step(self, plan: int, position: int, number: int, written: int, by: Worker) -> None:
        text, whose, is_shared = words.STEPS[number]
        is_done = self.random.random() < 0.7
        due = stamp(written + (7 + 7 * position) * DAY)[:10] if is_done else NULL
        done = stamp(written + DAY + position * HOUR) if is_done else NULL
        self._step(
            f"{self._step_id()}\t{plan}\t{position}\t{text}\t{NULL if whose else by.id}\t{whose}\t"
            f"{due}\t{'t' if is_shared else 'f'}\t{done}\t{by.id if is_done else NULL}"
        )

    # --- Closed, or looked at again --------------------------------------------------------------

    def _closed(self, record: VictimRecord) -> bool:
        """Whether the case was closed: nothing happened for long enough, nothing is owed."""
        draw, at = self.random.random, self.world.at
        quiet_since = max(record.last, record.contact, record.assessed)
        if self._often(record) or quiet_since > at - CLOSED_AFTER[record.grade] * DAY:
            return False
        moment = quiet_since + int((20 + 20 * draw()) * DAY)
        reason = words.CASE_CLOSED[int(draw() * len(words.CASE_CLOSED))]
        record.closed, record.closed_because = moment, reason
        record.changes += 1
        self.world.audit(
            moment,
            self.world.cast.leaders[record.team],
            "victim.case_closed",
            "Case closed",
            record.reference,
            record.id,
            NULL,
            f'{{"reason":"{reason}"}}',
            True,
        )
        return True

    def _reviewed(self, record: VictimRecord) -> None:
        """The periodic reviews of an open case, each from the assessment or review before it."""
        if not record.grade or not record.assessed:
            return
        while True:
            last, clock = record.assessed, self._clock(record)
            due = last + clock.length
            raised = (due - self._ahead) // DAY * DAY + DAY + _NIGHT
            done = raised + int((10 + 140 * self.random.random()) * HOUR)
            if done > self.world.at - 5 * DAY:
                # What is due about now is the scan's to find, and somebody's to do.
                return
            self._write_review(record, clock, last, raised, done)
            record.assessed = done

    def _clock(self, record: VictimRecord) -> Clock:
        last, rule = record.assessed, self._rules[record.grade]
        days = int(terms_of(rule).allowance.days)
        shift = self.world.offset(last + days * DAY) - self.world.offset(last)
        clock = self._clocks.get((record.grade, shift))
        if clock is None:
            clock = Clock(self.world, REASSESSMENT, terms_of(rule), last)
            self._clocks[record.grade, shift] = clock
        return clock

    def _write_review(
        self, record: VictimRecord, clock: Clock, last: int, raised: int, done: int
    ) -> None:
        world, by, due = self.world, self._by(record), last + clock.length
        number, reference = self._again_id(), world.reference(Kind.REASSESSMENT, raised)
        text = words.REVIEWED[int(self.random.random() * len(words.REVIEWED))]
        self._again(
            f"{number}\t{reference}\t{record.id}\tdone\t{stamp(raised)}\t{stamp(due)}\t"
            f"{record.grade}\t{record.team}\t{by.id}\t{stamp(done)}\t{by.id}\tkept\t{text}\t2"
        )
        there = world.local_words(last)
        basis = f"{clock.before}{there}{clock.after}"
        risk = str(RiskGrade(record.grade).label).lower()
        why = f"Periodic review: {risk} risk, last assessed on {there.rsplit(' ', 1)[0]}"
        self._reason(
            f"{self._reason_id()}\t{number}\t{record.id}\tperiodic\t{stamp(last)}\t{stamp(raised)}"
            f"\tf\t{why}\t{stamp(due)}\t{basis}\t{SOURCE}\t{record.id}\t\\N\t"
        )
        self.clocks.write(
            clock, number, reference, record.id, record.team, last, done, owner=by,
            heard=raised + MINUTE,
        )  # fmt: skip
        self._audit(record, reference, raised, due, by, done, text)

    def _audit(
        self,
        record: VictimRecord,
        reference: str,
        raised: int,
        due: int,
        by: Worker,
        done: int,
        text: str,
    ) -> None:
        audit, sweep = self.world.audit, self.world.cast.sweep
        audit(
            raised,
            sweep,
            "reassessment.opened",
            f"Risk to be looked at again by {by.name}",
            reference,
            record.id,
            NULL,
            f'{{"due":"{stamp(due)}","owner":"{by.name}"}}',
        )
        audit(
            done,
            by,
            "reassessment.concluded",
            f"Risk looked at again: kept at {record.grade}",
            reference,
            record.id,
            NULL,
            f'{{"outcome":"kept","words":"{text}"}}',
        )
