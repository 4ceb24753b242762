"""Who harms several unconnected victims, under whatever spelling they are on record."""

from perpetrators.services.serial.apart import say_not_the_same, take_back
from perpetrators.services.serial.keeping import Kept, keep, sync_plan_duty
from perpetrators.services.serial.looking import Passed, find_all, look_again, look_at

__all__ = [
    "Kept",
    "Passed",
    "find_all",
    "keep",
    "look_again",
    "look_at",
    "say_not_the_same",
    "sync_plan_duty",
    "take_back",
]
