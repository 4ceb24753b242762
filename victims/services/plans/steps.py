"""The steps of a plan: what may be agreed, the clocks of their days, and that they are done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from core import policy
from core.errors import InvalidInput
from core.text import clean
from deadlines import bulk
from victims import permissions
from victims.deadlines.plans import STEP, STEP_KIND, end_of
from victims.duties import named
from victims.models import Duty, PlanStep, SafetyPlan, Victim
from victims.people import who_see
from victims.services.plans.rows import current, record, require_open_case

MOST_STEPS = 40
LONGEST_STEP, LONGEST_WHO = 500, 120
#: A step further ahead than this is a slip of the pen.
FURTHEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing agreed: who does it (one of ours, or in words), by which day, shared or not.

    `carries` is the position of the step in the version before that this one goes on from: if that
    was done, so is this.
    """

    words: str
    owner: User | None = None
    owner_words: str = ""
    due_on: date | None = None
    is_shared: bool = False
    carries: int | None = None


@transaction.atomic
def mark_step(
    *, victim_id: int, version: int, position: int, is_done: bool, actor: User, at: datetime
) -> PlanStep:
    """Say that a step of the current plan is done, or that it is not after all.

    Whoever writes plans may, and whoever the step is for. Marked twice it changes once. Raises
    PermissionDenied, Stale where another version was written meanwhile, PlanStep.DoesNotExist,
    DomainError where there is no plan or the case is closed.
    """
    victim, plan = current(victim_id, version, "done" if is_done else "not done")
    step = plan.steps.select_related("owner__team").get(position=position)
    if not permissions.can_mark_step(actor, step):
        raise PermissionDenied("Only those who write plans, and whoever does the step, say so.")
    require_open_case(victim)
    if is_done == (step.done_at is not None):
        return step
    step.done_at, step.done_by = (at, actor) if is_done else (None, None)
    step.save(update_fields=["done_at", "done_by"])
    if is_done:
        deadlines.services.meet(kind=STEP, subject=step, actor=actor, at=at)
    else:
        watch(victim, [step], actor, at)
    what = "done" if is_done else "not done after all"
    record(
        victim,
        "step_done" if is_done else "step_not_done",
        f"Step of the safety plan {what}",
        actor,
        at,
        version=plan.version,
        step=step.words,
    )
    return step


def cleaned(steps: Sequence[Step]) -> list[Step]:
    """As they are written down. Raises InvalidInput at a step, as "steps.0.words"."""
    return [_cleaned(step, f"steps.{place}.") for place, step in enumerate(steps)]


def check(steps: Sequence[Step], before: Sequence[PlanStep], victim: Victim, today: date) -> None:
    """Whether these may be agreed with this victim. Raises InvalidInput at a step."""
    if not 1 <= len(steps) <= MOST_STEPS:
        raise InvalidInput(f"Write at least one step, and {MOST_STEPS} at most.", field="steps")
    done = {step.position for step in before if step.done_at is not None}
    known = {step.position for step in before}
    seeing = who_see(victim, {step.owner.pk for step in steps if step.owner is not None})
    for place, step in enumerate(steps):
        _check_owner(step, seeing, f"steps.{place}.owner")
        _check_day(step, done, today, f"steps.{place}.due_on")
    carried = [step.carries for step in steps if step.carries is not None]
    if len(carried) != len(set(carried)) or not set(carried) <= known:
        raise InvalidInput("Two steps cannot go on from the same one.", field="steps")


def _cleaned(step: Step, at: str) -> Step:
    words = clean(step.words, field=at + "words", longest=LONGEST_STEP, required=True)
    who = clean(step.owner_words, field=at + "owner_words", longest=LONGEST_WHO)
    if step.owner is None and not who:
        raise InvalidInput("Say who does it.", field=at + "owner_words")
    return replace(step, words=words, owner_words="" if step.owner else who)


def _check_owner(step: Step, seeing: Collection[int], field: str) -> None:
    """What is due from somebody is told to them: whoever may not see the victim has no step."""
    if step.owner is None:
        return
    if not step.owner.is_active or step.owner.is_system:
        raise InvalidInput("They no longer work here. Choose somebody else.", field=field)
    if step.owner.pk not in seeing:
        raise InvalidInput("They may not see this victim. Choose somebody else.", field=field)


def _check_day(step: Step, done: Collection[int], today: date, field: str) -> None:
    if step.due_on is None or step.carries in done:
        return
    if step.due_on < today:
        raise InvalidInput(
            "This day is past. Give a new one, or mark the step done first.", field=field
        )
    if step.due_on > today + FURTHEST:
        raise InvalidInput("Give a day within two years.", field=field)


def rows(plan: SafetyPlan, steps: Sequence[Step], before: Sequence[PlanStep]) -> list[PlanStep]:
    earlier = {step.position: step for step in before}
    made = []
    for position, step in enumerate(steps, 1):
        origin = earlier.get(step.carries or 0)
        made.append(
            PlanStep(
                plan=plan,
                position=position,
                words=step.words,
                owner=step.owner,
                owner_words=step.owner_words,
                due_on=step.due_on,
                is_shared=step.is_shared,
                done_at=origin.done_at if origin else None,
                done_by_id=origin.done_by_id if origin else None,
            )
        )
    return made


def watch(victim: Victim, steps: Sequence[PlanStep], actor: User, at: datetime) -> None:
    """The clocks of steps with a day that are not done: their owner's, else the plan's holder's."""
    dated = [step for step in steps if step.due_on is not None and step.done_at is None]
    if not dated:
        return
    rules, who = policy.at(at), named(victim, Duty.PLAN, at)
    bulk.start_many(
        kind=STEP,
        runs=[
            bulk.Run(
                subject_id=step.pk,
                reference=victim.reference,
                victim_id=victim.pk,
                team_id=(step.owner.team_id if step.owner else None) or who.team.pk,
                owner_id=step.owner_id or (who.person.pk if who.person else None),
                started_at=end_of(step.due_on),
                due_at=STEP_KIND.due(end_of(step.due_on), rules),
                basis=STEP_KIND.basis(end_of(step.due_on), rules),
            )
            for step in dated
            if step.due_on is not None
        ],
        actor=actor,
        at=at,
        rules=rules,
    )


def said(step: PlanStep | Step) -> Step:
    """A step as somebody would say it again: what it goes on from does not matter."""
    return Step(step.words, step.owner, step.owner_words, step.due_on, step.is_shared)


def line(step: Step) -> str:
    by = f", by {step.due_on:%d %b %Y}" if step.due_on else ""
    return f"{step.words} ({step.owner or step.owner_words}{by})"
