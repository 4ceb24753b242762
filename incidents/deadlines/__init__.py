"""What must be done by when in this app, by topic."""

from incidents.deadlines.arrivals import ARRIVAL, ATTENDANCE
from incidents.deadlines.closure import CLOSURE_SIGN_OFF
from incidents.deadlines.crimes import CRIME_RECORDED, owing_a_crime_number
from incidents.deadlines.non_crimes import NON_CRIME_REVIEW

#: The subject of most kinds here.
SUBJECT = "incidents.incident"

__all__ = [
    "ARRIVAL",
    "ATTENDANCE",
    "CLOSURE_SIGN_OFF",
    "CRIME_RECORDED",
    "NON_CRIME_REVIEW",
    "SUBJECT",
    "owing_a_crime_number",
]
