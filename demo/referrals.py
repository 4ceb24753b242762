"""Referrals to the MARU in every state, and what was shared with whom."""

from core.references import Kind
from demo import words
from demo.answers import rank
from demo.assessments import Judged
from demo.case import Case
from demo.clocks import Clock, Clocks
from demo.plan import Stage
from demo.tables import NULL, Table, instant, stamp
from demo.world import DAY, HOUR, Worker, World
from referrals.models import Referral, Sharing
from referrals.services.opening import KIND
from referrals.services.sharing.ending import OVER

REFERRED = Table(
    Referral, "id", "reference", "victim_id", "incident_id", "assessment_id", "grade", "risk_rank",
    "state", "submitted_at", "due_at", "earlier_in_year", "children", "about", "claimed_by_id",
    "claimed_at", "completed_at", "outcome", "outcome_words", "no_idva_reason", "late_because",
    "late_reason", "agency_id", "paused_at", "version",
)  # fmt: skip
SHARED = Table(
    Sharing, "id", "reference", "kind", "referral_id", "incident_id", "victim_id", "agency_id",
    "what", "told", "why", "basis", "consent", "consent_reason", "consent_asked_at",
    "shared_by_id", "shared_at", "keep_until", "withdrawn_at", "withdrawn_by_id",
    "withdrawn_because", "replaced_by_id", "opened_at", "opened_by_id", "answer", "answer_words",
    "answered_at", "answered_by_id",
)  # fmt: skip

#: The weeks in the middle of the year when the unit fell behind, in days before loading.
BAD_PATCH = (213, 178)
_FOUR_WAYS = (
    ("consent", "given", ""), ("consent", "given", ""), ("public_task", "not_needed", ""),
    ("child", "refused", words.REFUSED), ("public_task", "not_sought", words.NOT_SOUGHT),
)  # fmt: skip
_WHAT = (
    "{identity,incident,risk}", "{identity,address,children,incident,risk}",
    "{identity,risk,safety_plan,safe_contact}",
)  # fmt: skip
#: An agency keeps what it was told for so long.
KEPT_DAYS = 60
_OUTCOME_LABELS = {code: str(label) for code, label in Referral.Outcome.choices}


class Referrals:
    """Writes the referral of an assessment, where its grade calls for one."""

    def __init__(self, world: World, clocks: Clocks) -> None:
        self.world, self.clocks = world, clocks
        self.random = world.random
        self.clock = Clock(world, KIND)
        self._referral, self._referral_id = world.lines.to(REFERRED), world.ids(REFERRED)
        self._sharing, self._sharing_id = world.lines.to(SHARED), world.ids(SHARED)
        self._patch = tuple(world.at - days * DAY for days in BAD_PATCH)

    def write(self, case: Case, judged: Judged) -> None:
        """One referral, from submission (or, when only the review raised the grade, counted from
        there all the same)."""
        if rank(judged.first) < 2 and rank(judged.grade) < 2:
            return
        opened = judged.submitted if rank(judged.first) > 1 else judged.reviewed
        started = judged.submitted
        due = started + self.clock.length
        number = self._referral_id()
        reference = self.world.reference(Kind.REFERRAL, opened)
        worker, claimed, completed = self._worked(case, started, opened, due)
        self._open(case, judged, reference, opened, due)
        outcome = ""
        if claimed and worker:
            self._claimed(case, number, reference, worker, claimed)
            end = completed or self.world.at
            outcome = self._outcome(judged.grade, bool(case.children)) if completed else ""
            self._share(case, number, reference, worker, claimed, end, outcome)
        if completed and worker:
            self._completed(case, judged, reference, worker, completed, due, outcome)
        self._write_row(
            case, judged, number, reference, started, due, worker, claimed, completed, outcome
        )
        self.clocks.write(
            self.clock,
            number,
            reference,
            case.record.id,
            self.world.cast.maru_team,
            started,
            completed or None,
            owner=worker,
            owner_since=claimed,
        )

    def _worked(
        self, case: Case, started: int, opened: int, due: int
    ) -> tuple[Worker | None, int, int]:
        """(who has it, since when, when it was finished); noughts for not yet."""
        draw, at = self.random.random, self.world.at
        maru = self.world.cast.maru
        worker = maru[int(draw() * len(maru))]
        if case.stage is Stage.REFERRED:
            if not case.script.worker:
                return None, 0, 0
            worker = self.world.cast.named[case.script.worker]
            return worker, opened + int((at - opened) * (0.2 + 0.6 * draw())), 0
        if case.stage is not Stage.CLOSED:
            return None, 0, 0
        in_patch = self._patch[0] < started < self._patch[1]
        if draw() < (0.30 if in_patch else 0.012):
            completed = due + int((0.4 + 46 * draw() ** 2) * HOUR)
        else:
            hours = 20 + 51 * draw() if in_patch else 3 + 62 * draw() ** 2.2
            completed = started + int(hours * HOUR)
        completed = max(completed, opened + int((1 + 5 * draw()) * HOUR))
        if completed >= at:
            completed = opened + int((at - opened) * (0.3 + 0.6 * draw()))
        claimed = opened + int((completed - opened) * (0.05 + 0.5 * draw()))
        return worker, claimed, completed

    def _open(self, case: Case, judged: Judged, reference: str, opened: int, due: int) -> None:
        grade = judged.first if rank(judged.first) > 1 else judged.grade
        actor = judged.officer if opened == judged.submitted else judged.supervisor
        audit = self.world.audit
        audit(
            opened,
            actor,
            "referral.opened",
            f"Referred to the MARU, {grade} risk",
            reference,
            case.record.id,
            case.id,
            f'{{"assessment":"{judged.reference}","grade":"{grade}","due_at":"{stamp(due)}"}}',
        )
        if judged.reviewed and grade != judged.grade:
            audit(
                judged.reviewed,
                judged.supervisor,
                "referral.regraded",
                f"Referral follows the grade: {grade} to {judged.grade}",
                reference,
                case.record.id,
                case.id,
                f'{{"before":"{grade}","after":"{judged.grade}"}}',
                rank(judged.grade) > rank(grade),
            )

    def _claimed(self, case: Case, number: int, reference: str, worker: Worker, at: int) -> None:
        world = self.world
        world.read(at - 40, worker, f"/referrals/{reference}/", reference, case.record.id, case.id)
        world.audit(
            at,
            worker,
            "referral.claimed",
            "Referral claimed",
            reference,
            case.record.id,
            case.id,
            f'{{"before":"","after":"{worker.name}","reason":""}}',
        )
        case.record.responsible, case.record.team = worker, worker.team
        case.record.changes += 1

    def _outcome(self, grade: str, children: bool) -> str:
        chance = self.random.random()
        if grade == "high":
            return "shared_idva" if chance < 0.86 else "shared"
        if children:
            return "shared" if chance < 0.75 else "owner_named"
        return "owner_named" if chance < 0.48 else "shared" if chance < 0.9 else "nothing_to_share"

    def _share(
        self,
        case: Case,
        number: int,
        reference: str,
        worker: Worker,
        since: int,
        until: int,
        outcome: str,
    ) -> None:
        """With whom: children's services where there are children, others as it falls."""
        draw, cast = self.random.random, self.world.cast
        kinds = []
        if outcome == "nothing_to_share" or (not outcome and draw() < 0.6):
            return
        if outcome == "shared_idva":
            kinds.append("idva_service")
        if case.children:
            kinds.append("children")
        if draw() < 0.35 or (outcome == "shared" and not kinds):
            kinds.append(("housing", "health", "probation", "voluntary", "adults")[int(draw() * 5)])
        for kind in kinds:
            at = since + int((until - since) * (0.1 + 0.85 * draw()))
            agencies = cast.agencies[kind]
            agency = agencies[int(draw() * len(agencies))]
            basis, consent, reason = _FOUR_WAYS[int(draw() * len(_FOUR_WAYS))]
            asked = stamp(at - 3 * HOUR) if consent in ("given", "refused") else NULL
            over = at + KEPT_DAYS * DAY
            ended = f"{NULL}\t{NULL}\t"
            if over + DAY < self.world.at:
                ended = f"{stamp(over + DAY)}\t{self.world.cast.sweep.id}\t{OVER}"
            self._sharing(
                f"{self._sharing_id()}\t{self.world.reference(Kind.SHARING, at)}\treferral\t"
                f"{number}\t{NULL}\t{case.record.id}\t{agency}\t{_WHAT[int(draw() * 3)]}\t[]\t"
                f"{words.SHARED_WHY[kind]}\t{basis}\t{consent}\t{reason}\t{asked}\t"
                f"{worker.id}\t{stamp(at)}\t{instant(over).date()}\t{ended}\t{NULL}\t{NULL}\t"
                f"{NULL}\t\t\t{NULL}\t{NULL}"
            )
            self.world.audit(
                at,
                worker,
                "referral.shared",
                f"Shared with {cast.agency_names[agency]}",
                reference,
                case.record.id,
                case.id,
                f'{{"basis":"{basis}","consent":"{consent}"}}',
                consent == "refused",
            )

    def _completed(
        self,
        case: Case,
        judged: Judged,
        reference: str,
        worker: Worker,
        at: int,
        due: int,
        outcome: str,
    ) -> None:
        late = at > due
        self.world.audit(
            at,
            worker,
            "referral.completed",
            f"Referral finished{' late' if late else ''}: {_OUTCOME_LABELS[outcome]}",
            reference,
            case.record.id,
            case.id,
            f'{{"outcome":"{outcome}","due_at":"{stamp(due)}"}}',
            late,
        )

    def _write_row(
        self,
        case: Case,
        judged: Judged,
        number: int,
        reference: str,
        started: int,
        due: int,
        worker: Worker | None,
        claimed: int,
        completed: int,
        outcome: str,
    ) -> None:
        draw = self.random.random
        state = "completed" if completed else "claimed" if claimed else "waiting"
        late_because, late = ("", "")
        if completed > due:
            late_because, late = words.LATE[int(draw() * len(words.LATE))]
        no_idva = ""
        if judged.grade == "high" and outcome and outcome != "shared_idva":
            no_idva = words.NO_IDVA[int(draw() * len(words.NO_IDVA))]
        version = 1 + bool(claimed) + bool(completed) + (judged.first != judged.grade)
        self._referral(
            f"{number}\t{reference}\t{case.record.id}\t{case.id}\t{judged.id}\t{judged.grade}\t"
            f"{rank(judged.grade)}\t{state}\t{stamp(started)}\t{stamp(due)}\t{case.earlier}\t"
            f"{case.children}\t{case.about}\t{worker.id if worker else NULL}\t"
            f"{stamp(claimed) if claimed else NULL}\t{stamp(completed) if completed else NULL}\t"
            f"{outcome}\t{words.OUTCOMES.get(outcome, '')}\t{no_idva}\t{late_because}\t{late}\t"
            f"{NULL}\t{NULL}\t{version}"
        )
