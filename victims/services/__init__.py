"""Every write to people, addresses, victims, safe contacts and markers."""

from victims.services.markers import end_marker, set_marker
from victims.services.people import address_for, note_identifiers, record_person
from victims.services.safe_contact import record_safe_contact
from victims.services.victims import set_grade, set_responsible, victim_for

__all__ = [
    "address_for",
    "end_marker",
    "note_identifiers",
    "record_person",
    "record_safe_contact",
    "set_grade",
    "set_marker",
    "set_responsible",
    "victim_for",
]
