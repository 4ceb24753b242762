"""What became of crimes, and incidents without one that repeat."""

from incidents.services.crimes.non_crimes import (
    decide,
    fall_away_where_fewer,
    follow,
    open_where_repeated,
)
from incidents.services.crimes.outcomes import record_arrests, record_outcome

__all__ = [
    "decide",
    "fall_away_where_fewer",
    "follow",
    "open_where_repeated",
    "record_arrests",
    "record_outcome",
]
