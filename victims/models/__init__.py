"""People and where they live; victims, the one scope that every permission hangs from."""

from victims.models.access import VictimAccess
from victims.models.contacts import Contact, PersonalStatement, VictimUpdate
from victims.models.duties import Duty, Handover
from victims.models.grades import RiskGrade
from victims.models.history import track_changes, track_changes_but
from victims.models.markers import Marker
from victims.models.notes import Note
from victims.models.people import Address, Person, PersonName, Residence, Telephone
from victims.models.plans import Circumstance, PlanStep, SafetyPlan
from victims.models.safe_contact import SafeContact
from victims.models.victims import Victim, VictimGrant

__all__ = [
    "Address",
    "Circumstance",
    "Contact",
    "Duty",
    "Handover",
    "Marker",
    "Note",
    "Person",
    "PersonName",
    "PersonalStatement",
    "PlanStep",
    "Residence",
    "RiskGrade",
    "SafeContact",
    "SafetyPlan",
    "Telephone",
    "Victim",
    "VictimAccess",
    "VictimGrant",
    "VictimUpdate",
    "track_changes",
    "track_changes_but",
]
