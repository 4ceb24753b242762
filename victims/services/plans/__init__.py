"""The safety plan: versions, looked at again when the risk changes, done step by step."""

from victims.services.plans.reviewing import follow_plan_duty, owe_plan_review, review_plan
from victims.services.plans.steps import Step, mark_step
from victims.services.plans.writing import write_plan

__all__ = [
    "Step",
    "follow_plan_duty",
    "mark_step",
    "owe_plan_review",
    "review_plan",
    "write_plan",
]
