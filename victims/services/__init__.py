"""Every write to people, addresses, victims, safe contacts and markers."""

from victims.services.markers import end_marker, set_marker
from victims.services.newcomers import (
    Newcomer,
    Responsible,
    newcomer,
    record_newcomers,
    record_person,
    references_for,
)
from victims.services.people import address_for, note_identifiers
from victims.services.safe_contact import record_safe_contact
from victims.services.victims import set_grade, set_responsible, victim_for

__all__ = [
    "Newcomer",
    "Responsible",
    "address_for",
    "end_marker",
    "newcomer",
    "note_identifiers",
    "record_newcomers",
    "record_person",
    "record_safe_contact",
    "references_for",
    "set_grade",
    "set_marker",
    "set_responsible",
    "victim_for",
]
