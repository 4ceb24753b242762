"""The safety plan as pages and the API show it: steps by time left, and changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from victims.deadlines.plans import end_of
from victims.models import PlanStep, RiskGrade, SafetyPlan, Victim

#: Steps that are this alike are one step that was worded anew.
ALIKE = 0.6


@dataclass(frozen=True)
class StepShown:
    """A step with the instant at which its day ends; None where it has no day."""

    step: PlanStep
    due_at: datetime | None

    @property
    def who(self) -> str:
        return str(self.step.owner or self.step.owner_words)


@dataclass(frozen=True)
class Change:
    """What became of one step: "added", "left out", "changed" (then how, in words) or "same"."""

    what: str
    step: PlanStep
    how: tuple[str, ...] = ()


def current_of(victim: Victim) -> SafetyPlan | None:
    """The version that counts, with its steps. Two queries."""
    return (
        victim.plans.current()
        .select_related("written_by", "reviewed_by")
        .prefetch_related("steps__owner", "steps__done_by")
        .first()
    )


def by_time_left(plan: SafetyPlan) -> list[StepShown]:
    """What is to be done first, by its day; then what has no day; then what is done."""
    shown = [
        StepShown(step, end_of(step.due_on) if step.due_on else None) for step in plan.steps.all()
    ]
    return sorted(shown, key=_urgency)


def is_missing(victim: Victim, plan: SafetyPlan | None) -> bool:
    """Somebody at high risk, or higher, of whom nobody wrote a plan."""
    if plan is not None or not victim.grade:
        return False
    return RiskGrade(victim.grade).rank >= RiskGrade.HIGH.rank


def changes(before: Sequence[PlanStep], after: Sequence[PlanStep]) -> list[Change]:
    """Step by step what a version changed, in its own order; what was left out comes last."""
    origins = _origins(before, after)
    found = [_change(origins.get(step.position), step) for step in after]
    kept = {origin.position for origin in origins.values()}
    return [*found, *(Change("left out", step) for step in before if step.position not in kept)]


def _urgency(row: StepShown) -> tuple[bool, bool, datetime | None, int] | tuple[bool, bool, int]:
    done = row.step.done_at is not None
    if row.due_at is None or done:
        return (done, True, row.step.position)
    return (done, False, row.due_at, row.step.position)


def _origins(before: Sequence[PlanStep], after: Sequence[PlanStep]) -> dict[int, PlanStep]:
    """The step before that each step comes from, by position: the same words, else the likest."""
    left = list(before)
    origins: dict[int, PlanStep] = {}
    for least in (1.0, ALIKE):
        for step in after:
            if step.position in origins or not left:
                continue
            likest = max(left, key=lambda one: _likeness(one, step))
            if _likeness(likest, step) >= least:
                origins[step.position] = likest
                left.remove(likest)
    return origins


def _likeness(one: PlanStep, other: PlanStep) -> float:
    if one.words == other.words:
        return 1.0
    return min(SequenceMatcher(None, one.words, other.words).ratio(), 0.99)


def _change(origin: PlanStep | None, step: PlanStep) -> Change:
    if origin is None:
        return Change("added", step)
    how = []
    if origin.words != step.words:
        how.append(f"was: {origin.words}")
    if (origin.owner_id, origin.owner_words) != (step.owner_id, step.owner_words):
        how.append(f"was for {origin.owner or origin.owner_words}")
    if origin.due_on != step.due_on:
        how.append(f"was by {origin.due_on:%d %b %Y}" if origin.due_on else "had no day")
    if origin.is_shared != step.is_shared:
        how.append("shared now" if step.is_shared else "no longer shared")
    return Change("changed" if how else "same", step, tuple(how))
