"""A plan is looked at again when the risk changes, by whoever answers for it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

import deadlines.services
from accounts.models import User
from core.text import clean
from deadlines.models import Deadline
from victims import permissions
from victims.deadlines.plans import REVIEW, STEP
from victims.duties import named
from victims.models import Duty, PlanStep, SafetyPlan, Victim
from victims.services.plans.rows import current, locked, record, require_open_case

LONGEST = 300


@transaction.atomic
def review_plan(
    *, victim_id: int, version: int, words: str, actor: User, at: datetime
) -> SafetyPlan:
    """Say that the plan was looked at and is right as it stands, with words (to 300 characters).

    Sent twice it is done once. Raises PermissionDenied, InvalidInput at `words`, Stale where
    another version was written meanwhile, DomainError where there is no plan or the case is closed.
    """
    victim, plan = current(victim_id, version, words)
    if not permissions.can_write_plan(actor):
        raise PermissionDenied("Your role does not review safety plans.")
    require_open_case(victim)
    words = clean(words, field="words", longest=LONGEST, required=True)
    if not plan.review_because and (plan.reviewed_by, plan.review_words) == (actor, words):
        return plan
    because = plan.review_because
    plan.reviewed_at, plan.reviewed_by, plan.review_words = at, actor, words
    plan.review_because = ""
    plan.save(update_fields=["reviewed_at", "reviewed_by", "review_words", "review_because"])
    deadlines.services.meet(kind=REVIEW, subject=plan, actor=actor, at=at)
    record(
        victim,
        "reviewed",
        f"Safety plan, version {plan.version}, looked at and right",
        actor,
        at,
        version=plan.version,
        words=words,
        because=because,
    )
    return plan


@transaction.atomic
def owe_plan_review(
    *, victim_id: int, because: str, actor: User, at: datetime
) -> SafetyPlan | None:
    """The risk changed: whoever answers for the plan looks at it again. None without a plan.

    Changed again before anybody looked, the first clock goes on. Called where risk is graded; so
    there is no permission here.
    """
    victim = locked(victim_id)
    plan = victim.plans.current().first()
    if plan is None or victim.closed_at is not None:
        return None
    plan.review_because = clean(because, field="because", longest=LONGEST, required=True)
    plan.save(update_fields=["review_because"])
    who = named(victim, Duty.PLAN, at)
    deadlines.services.start(
        kind=REVIEW,
        subject=plan,
        reference=victim.reference,
        victim_id=victim.pk,
        team=who.team,
        owner=who.person,
        started_at=at,
        actor=actor,
        at=at,
    )
    record(
        victim,
        "review_owed",
        f"Safety plan to be looked at again by {who.person or who.team}",
        actor,
        at,
        version=plan.version,
        because=because,
    )
    return plan


def follow_plan_duty(*, victim_id: int, at: datetime) -> None:
    """The plan's review, and steps that are nobody's of ours, go to whoever has the plan now."""
    victim = Victim.objects.select_related("plan_owner", "plan_team").get(pk=victim_id)
    who = named(victim, Duty.PLAN, at)
    open_ones = Deadline.objects.open().filter(victim=victim_id)
    nobodys = PlanStep.objects.filter(
        plan__victim=victim_id, plan__is_current=True, owner__isnull=True
    )
    open_ones.filter(kind=REVIEW).update(owner=who.person, team=who.team)
    open_ones.filter(kind=STEP, subject_id__in=nobodys.values("pk")).update(
        owner=who.person, team=who.team
    )
