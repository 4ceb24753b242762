"""What is done to stop somebody from harming again: one current plan, always with an owner."""

from perpetrators.services.management.measures import Measure
from perpetrators.services.management.passing_on import pass_on, pass_on_of_leavers
from perpetrators.services.management.planning import Plan, edit_plan, write_plan
from perpetrators.services.management.reviewing import end_plan, review_plan

__all__ = [
    "Measure",
    "Plan",
    "edit_plan",
    "end_plan",
    "pass_on",
    "pass_on_of_leavers",
    "review_plan",
    "write_plan",
]
