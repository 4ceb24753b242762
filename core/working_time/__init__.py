"""When something is due: the five clocks that deadlines run on, as pure functions.

Every function takes timezone-aware datetimes, in any zone, and returns UTC. Days begin and end at
midnight in England and Wales (Europe/London). A naive datetime or a negative allowance is a
`ValueError`. Nothing here reads settings or the database: a force's own days come in as `Calendar`.

======================  ==================================================================
clock                   rule
======================  ==================================================================
`elapsed`               real time: 72 hours is 72 hours across a clock change
`working_days_after`    same time of day on the Nth working day (Monday to Friday, less the
                        bank holidays of England and Wales)
`court_time_after`      real time that stands still on Sundays, Christmas Day, Good Friday
                        and bank holidays; Saturday counts
`next_school_day`       the hour at which the next school day begins
`fixed`                 an instant named by somebody else, or a lead before it
======================  ==================================================================

`due` runs any of them from a `Clock` and an `Allowance`; `describe` puts the rule in words.
"""

from core.working_time.allowances import Allowance, Clock, due
from core.working_time.clocks import (
    calendar_days_after,
    calendar_days_before,
    court_time_after,
    elapsed,
    fixed,
    fraction_points,
    next_school_day,
    working_days_after,
    working_days_before,
)
from core.working_time.days import (
    PLAIN_CALENDAR,
    SCHOOL_DAY_STARTS,
    Calendar,
    is_bank_holiday,
    is_court_day,
    is_school_day,
    is_working_day,
)
from core.working_time.instants import LONDON
from core.working_time.words import describe, format_left

__all__ = [
    "LONDON",
    "PLAIN_CALENDAR",
    "SCHOOL_DAY_STARTS",
    "Allowance",
    "Calendar",
    "Clock",
    "calendar_days_after",
    "calendar_days_before",
    "court_time_after",
    "describe",
    "due",
    "elapsed",
    "fixed",
    "format_left",
    "fraction_points",
    "is_bank_holiday",
    "is_court_day",
    "is_school_day",
    "is_working_day",
    "next_school_day",
    "working_days_after",
    "working_days_before",
]
