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


@dataclass(frozen=True)
class IncidentRegraded:
    """The response grade of an incident changes after it was logged."""

    incident_id: int
    before: str
    after: str
    actor: User
    at: datetime


@dataclass(frozen=True)
class FurtherCallRecorded:
    """Another call, or other news, comes in about an open incident."""

    further_call_id: int
    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CounterAllegationRecorded:
    """A perpetrator alleges against a victim: both have both roles."""

    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CrimeOutcomeRecorded:
    """What became of a crime is recorded."""

    crime_id: int
    incident_id: int
    outcome: str
    actor: User
    at: datetime


@dataclass(frozen=True)
class NonCrimesRepeated:
    """A victim's incidents without a crime reach the number that a supervisor must review."""

    review_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ClosureRequested:
    """An incident is put before the control-room inspector for closure."""

    closure_id: int
    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ClosureRefused:
    """An inspector refuses a closure and says why."""

    closure_id: int
    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class IncidentClosed:
    """An inspector signs a closure off: the incident is closed."""

    closure_id: int
    incident_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class IncidentSupervised:
    """A supervisor checked what was done about an incident."""

    incident_id: int
    outcome: str
    actor: User
    at: datetime
