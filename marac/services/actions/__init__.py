"""What agencies do for a victim after a meeting: agreed, done with evidence, passed on, chased."""

from marac.services.actions.agreeing import agree_action
from marac.services.actions.falling import (
    pass_on_of_leavers,
    take_from_withheld,
    tell_of_closing,
)
from marac.services.actions.passing_on import pass_action
from marac.services.actions.settling import reopen_action, settle_action

__all__ = [
    "agree_action",
    "pass_action",
    "pass_on_of_leavers",
    "reopen_action",
    "settle_action",
    "take_from_withheld",
    "tell_of_closing",
]
