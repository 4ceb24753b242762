"""The tab of the safety plan, and what is agreed, beside the page."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from victims import panels, permissions, safety_plan
from victims.models import Victim

#: Steps shown beside the page; how many lie beyond is said there.
MOST = 4


def agreed(victim: Victim, user: User, at: datetime) -> dict[str, Any]:
    """What is agreed, what comes next of it, and whether it must be looked at again."""
    plan = safety_plan.current_of(victim)
    steps = [row for row in safety_plan.by_time_left(plan) if not row.step.done_at] if plan else []
    return {
        "plan": plan,
        "steps": steps[:MOST],
        "more": max(len(steps) - MOST, 0),
        "is_missing": safety_plan.is_missing(victim, plan),
        "may_write": permissions.can_write_plan(user),
    }


def tab(victim: Victim, user: User, at: datetime) -> dict[str, Any]:
    return {"label": "Plan", "url": reverse("victims:plan", args=[victim.reference])}


panels.register("aside", 5, "victims/parts/plan.html", agreed)
panels.register("tab", 15, panels.TAB, tab)
