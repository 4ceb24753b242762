"""The disclosure scheme: every write, by step.

Nothing here, and nothing that follows from it, tells the person who is asked about.
"""

from perpetrators.services.disclosure.checking import check_application
from perpetrators.services.disclosure.deciding import OUTCOMES, decide_application
from perpetrators.services.disclosure.recording import record_application, take_application
from perpetrators.services.disclosure.visiting import TOLD, record_visit
from perpetrators.services.disclosure.withdrawing import withdraw_application

__all__ = [
    "OUTCOMES",
    "TOLD",
    "check_application",
    "decide_application",
    "record_application",
    "record_visit",
    "take_application",
    "withdraw_application",
]
