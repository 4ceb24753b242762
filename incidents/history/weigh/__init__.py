"""How much each thing found is worth, and what it is in words. Pure functions over rows."""

from incidents.history.weigh.people import (
    SAME_FROM,
    SHOWN_FROM,
    Hits,
    KeyedClue,
    Known,
    age_of,
    children,
    concerns,
    dangerous,
    match,
    notice,
    person,
    strongest,
)

__all__ = [
    "SAME_FROM",
    "SHOWN_FROM",
    "Hits",
    "KeyedClue",
    "Known",
    "age_of",
    "children",
    "concerns",
    "dangerous",
    "match",
    "notice",
    "person",
    "strongest",
]
