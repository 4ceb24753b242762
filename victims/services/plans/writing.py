"""Writing a version of the plan; the ones before stay as they were."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from core.clock import local
from core.errors import Stale
from core.text import clean
from deadlines import bulk
from victims import permissions
from victims.deadlines.plans import REVIEW, STEP
from victims.models import PlanStep, SafetyPlan
from victims.services.plans.rows import locked, record, require_open_case
from victims.services.plans.steps import Step, check, cleaned, line, rows, said, watch

LONGEST_REASON, LONGEST_WORDS = 300, 4_000


@transaction.atomic
def write_plan(
    *,
    victim_id: int,
    steps: Sequence[Step],
    reason: str,
    words: str = "",
    version: int,
    actor: User,
    at: datetime,
) -> SafetyPlan:
    """Write a version of the plan, which counts from now on; the one before stays on record.

    `version` is the one that `actor` had read, 0 where there was none. A review that is owed is
    done with it; clocks of steps follow their days. Sent twice it is written once. Raises
    PermissionDenied, InvalidInput (at `reason`, `words`, or a step as "steps.0.due_on"), Stale with
    both versions where somebody else wrote one meanwhile, DomainError where the case is closed.
    """
    victim = locked(victim_id)
    if not permissions.can_write_plan(actor):
        raise PermissionDenied("Your role does not write safety plans.")
    require_open_case(victim)
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    words = clean(words, field="words", longest=LONGEST_WORDS)
    steps = cleaned(steps)
    current = victim.plans.current().first()
    before = list(current.steps.all()) if current else []
    if current is not None and version == current.version - 1 and current.written_by == actor:
        written = [said(step) for step in before]
        if (current.reason, current.words, written) == (reason, words, [said(s) for s in steps]):
            return current
    _refuse_stale(current, before, version, reason, words, steps)
    check(steps, before, victim, local(at).date())
    if current is not None:
        _put_away(current, before, actor, at)
    plan = SafetyPlan.objects.create(
        victim=victim,
        version=version + 1,
        written_at=at,
        written_by=actor,
        reason=reason,
        words=words,
    )
    made = PlanStep.objects.bulk_create(rows(plan, steps, before))
    watch(victim, made, actor, at)
    record(
        victim,
        "written",
        f"Safety plan, version {plan.version}: {reason}"[:200],
        actor,
        at,
        version=plan.version,
        reason=reason,
        steps=[step.words for step in made],
        shared=sum(step.is_shared for step in made),
    )
    return plan


def _refuse_stale(
    current: SafetyPlan | None,
    before: Sequence[PlanStep],
    version: int,
    reason: str,
    words: str,
    steps: Sequence[Step],
) -> None:
    on_record = current.version if current else 0
    if version == on_record:
        return
    by = f" by {current.written_by}" if current else ""
    raise Stale(
        f"Version {on_record} was written{by} after you opened this. Compare the two, then write "
        "what is right: what you typed is kept.",
        theirs=_in_words(current.reason if current else "", current.words if current else "")
        | {"steps": "\n".join(line(said(step)) for step in before)},
        yours=_in_words(reason, words) | {"steps": "\n".join(line(step) for step in steps)},
        version=on_record,
    )


def _in_words(reason: str, words: str) -> dict[str, Any]:
    return {"reason": reason, "words": words}


def _put_away(plan: SafetyPlan, steps: Sequence[PlanStep], actor: User, at: datetime) -> None:
    """The version before counts no more; a new one is a review of it, and its clocks end."""
    plan.is_current = False
    plan.save(update_fields=["is_current"])
    deadlines.services.meet(kind=REVIEW, subject=plan, actor=actor, at=at)
    bulk.cancel_many(
        kind=STEP,
        subject_ids=[step.pk for step in steps],
        reason=f"Version {plan.version + 1} of the plan was written",
        actor=actor,
        at=at,
    )
