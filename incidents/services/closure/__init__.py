"""The closure gate: asked for with answers, withdrawn, signed off or refused."""

from incidents.services.closure.deciding import decide_closure
from incidents.services.closure.requesting import (
    NotReady,
    officers_to_answer,
    request_closure,
    withdraw_closure,
)
from incidents.services.response.rows import read_anew

__all__ = [
    "NotReady",
    "decide_closure",
    "officers_to_answer",
    "read_anew",
    "request_closure",
    "withdraw_closure",
]
