"""What is known from before about a number, an address and names: the look-up beside every call."""

from incidents.history.facts import (
    Child,
    Clues,
    Counts,
    Dangerous,
    History,
    Home,
    KnownPerson,
    Match,
    NameClue,
    Notice,
    Part,
    SafeWay,
    SetAside,
    counted,
    name_of_caller,
)
from incidents.history.look_up import earlier_of, facts_of, look_up

__all__ = [
    "Child",
    "Clues",
    "Counts",
    "Dangerous",
    "History",
    "Home",
    "KnownPerson",
    "Match",
    "NameClue",
    "Notice",
    "Part",
    "SafeWay",
    "SetAside",
    "counted",
    "earlier_of",
    "facts_of",
    "look_up",
    "name_of_caller",
]
