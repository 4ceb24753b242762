"""Which incidents without a crime repeat within the months. Pure: no database.

The months are calendar months on the force's wall clock, and an incident exactly so many months
before another is not counted with it, as everywhere in the service.
"""

from collections.abc import Sequence
from datetime import datetime

from core.clock import months_before


def fullest_window(instants: Sequence[datetime], of: datetime, months: int) -> list[datetime]:
    """Of these instants, the most that lie within so many months together with `of`, in order.

    Incidents are not always established in the order in which they happened: the one that is
    established last may lie between the others. Of two windows with as many, the newer.
    """
    ordered = sorted(instants)
    best: list[datetime] = []
    for last in (instant for instant in ordered if instant >= of):
        since = months_before(last, months)
        if since >= of:
            break
        within = [instant for instant in ordered if since < instant <= last]
        if len(within) >= len(best):
            best = within
    return best
