"""Going there: who is sent, who arrives, what they did and found, and which crimes it was."""

from incidents.services.response.attending import read_briefing, record_arrival
from incidents.services.response.crimes import record_crime
from incidents.services.response.drafts import draft_of, keep_first_response_draft
from incidents.services.response.findings import (
    ChildFound,
    CrimeNamed,
    Findings,
    PartyFound,
    missing_words,
)
from incidents.services.response.first_response import may_put_right, record_first_response
from incidents.services.response.sending import send_officers

__all__ = [
    "ChildFound",
    "CrimeNamed",
    "Findings",
    "PartyFound",
    "draft_of",
    "keep_first_response_draft",
    "may_put_right",
    "missing_words",
    "read_briefing",
    "record_arrival",
    "record_crime",
    "record_first_response",
    "send_officers",
]
