"""Safety plans of the last two weeks, agreed through the service: their steps lie ahead."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from demo import life_words as words
from demo.lives import PLANNED_LATELY
from demo.people import Force
from victims.models import Victim
from victims.permissions import can_write_plan
from victims.services.plans import Step, write_plan

#: When somebody is to sit down with them, and what they do then.
Meeting = tuple[datetime, int]


def meetings(random: Random, at: datetime) -> Iterator[Meeting]:
    """When the plan of each victim is agreed who came to be at high risk lately; some wait."""
    since = at - timedelta(seconds=PLANNED_LATELY)
    rows = Victim.objects.open().filter(grade="high", grade_since__gt=since).order_by("pk")
    for number, graded in rows.values_list("pk", "grade_since"):
        assert graded is not None
        when = graded + timedelta(hours=4 + 30 * random.random())
        if when < at:
            yield when, number


def agree(number: int, force: Force, random: Random, at: datetime) -> None:
    """Write the first plan of this victim."""
    victim = Victim.objects.select_related("plan_owner").get(pk=number)
    by = victim.plan_owner
    if by is None or not can_write_plan(by):
        by = force.users["investigator"]
    chosen = sorted(random.sample(range(len(words.STEPS)), 4))
    steps = [
        Step(
            words=words.STEPS[place][0],
            owner=None if words.STEPS[place][1] else by,
            owner_words=words.STEPS[place][1],
            due_on=(at + timedelta(days=3 + 6 * order)).date(),
            is_shared=words.STEPS[place][2],
        )
        for order, place in enumerate(chosen)
    ]
    write_plan(
        victim_id=number,
        steps=steps,
        reason=words.PLAN_REASONS[0],
        words=words.PLAN_WORDS,
        version=0,
        actor=by,
        at=at,
    )
