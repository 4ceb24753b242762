"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class IncidentLogged:
    """A call is logged as an incident."""

    incident_id: int
    victim_ids: tuple[int, ...]
    actor: User
    at: datetime


@dataclass(frozen=True)
class OfficerSent:
    """An officer is sent to an incident."""

    incident_id: int
    officer: User
    actor: User
    at: datetime


@dataclass(frozen=True)
class OfficerArrived:
    """An officer arrives at an incident."""

    incident_id: int
    officer: User
    actor: User
    at: datetime


@dataclass(frozen=True)
class FirstResponseRecorded:
    """The first response to an incident is recorded."""

    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CrimeRecorded:
    """A crime is recorded from an incident."""

    crime_id: int
    incident_id: int
    actor: User
    at: datetime
