"""Every write to people, addresses, victims, safe contacts and markers."""

from victims.services.cases import close_case, open_again, reopen_case, reopen_cases
from victims.services.duties import (
    Held,
    answer_handover,
    assign,
    follow_duty,
    hand_over,
    withdraw_all,
    withdraw_handover,
)
from victims.services.markers import end_marker, set_marker
from victims.services.newcomers import (
    Newcomer,
    Newly,
    Responsible,
    newcomer,
    newly,
    places_for,
    record_newcomers,
    record_person,
)
from victims.services.people import address_for, note_identifiers
from victims.services.safe_contact import record_safe_contact
from victims.services.updates import News, owe_updates, withdraw_updates
from victims.services.victims import set_grade, set_responsible, victim_for

__all__ = [
    "Held",
    "Newcomer",
    "Newly",
    "News",
    "Responsible",
    "address_for",
    "answer_handover",
    "assign",
    "close_case",
    "end_marker",
    "follow_duty",
    "hand_over",
    "newcomer",
    "newly",
    "note_identifiers",
    "open_again",
    "owe_updates",
    "places_for",
    "record_newcomers",
    "record_person",
    "record_safe_contact",
    "reopen_case",
    "reopen_cases",
    "set_grade",
    "set_marker",
    "set_responsible",
    "victim_for",
    "withdraw_all",
    "withdraw_handover",
    "withdraw_updates",
]
