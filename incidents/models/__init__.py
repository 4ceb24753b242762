"""Calls and what became of them."""

from incidents.models.calls import CallDraft, Editing, FurtherCall, Incident, IncidentLink
from incidents.models.closure import Closure
from incidents.models.crimes import Crime, CrimeOwed, NonCrimeReview
from incidents.models.dispatch import Deployment, Duty, Unit
from incidents.models.exhibits import Exhibit
from incidents.models.grades import ResponseGrade
from incidents.models.people import Involvement
from incidents.models.response import (
    ChildSeen,
    CounterAllegation,
    FirstResponse,
    FirstResponseDraft,
    PartyAccount,
)
from incidents.models.supervision import SupervisionCheck

__all__ = [
    "CallDraft",
    "ChildSeen",
    "Closure",
    "CounterAllegation",
    "Crime",
    "CrimeOwed",
    "Deployment",
    "Duty",
    "Editing",
    "Exhibit",
    "FirstResponse",
    "FirstResponseDraft",
    "FurtherCall",
    "Incident",
    "IncidentLink",
    "Involvement",
    "NonCrimeReview",
    "PartyAccount",
    "ResponseGrade",
    "SupervisionCheck",
    "Unit",
]
