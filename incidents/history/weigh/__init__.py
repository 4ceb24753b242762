"""How much each thing found is worth, and what it is in words. Pure functions over rows."""

from incidents.history.weigh.around import (
    children,
    concerns,
    dangerous,
    homes,
    notice,
    safe_ways,
)
from incidents.history.weigh.incidents import Hits, company, described, match, parts, strongest
from incidents.history.weigh.people import (
    SAME_FROM,
    SHOWN_FROM,
    KeyedClue,
    Known,
    age_of,
    person,
)

__all__ = [
    "SAME_FROM",
    "SHOWN_FROM",
    "Hits",
    "KeyedClue",
    "Known",
    "age_of",
    "children",
    "company",
    "concerns",
    "dangerous",
    "described",
    "homes",
    "match",
    "notice",
    "parts",
    "person",
    "safe_ways",
    "strongest",
]
