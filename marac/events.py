"""The facts that this app announces."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class MaracCaseProposed:
    """A case is put before a conference, by a rule or by a person."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MaracCaseAccepted:
    """A conference will hear a case."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MaracCaseRefused:
    """A conference will not hear a case."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MaracCaseClosed:
    """A case is closed, or moved to another area."""

    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CaseListed:
    """A case is put on the agenda of a meeting."""

    hearing_id: int
    meeting_id: int
    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CaseTakenOff:
    """A case is taken off an agenda, deferred to another meeting, or its meeting is cancelled."""

    hearing_id: int
    meeting_id: int
    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MeetingPlanned:
    """A meeting has a day."""

    meeting_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MeetingMoved:
    """A meeting has another day, time or place."""

    meeting_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MeetingCancelled:
    """A meeting does not take place."""

    meeting_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class AgendaSent:
    """The agenda of a meeting is out: research is asked for."""

    meeting_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MeetingHeld:
    """A meeting is over: minutes are due."""

    meeting_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class CaseHeard:
    """A meeting has concluded a case: a flag stands, the victim is to be told."""

    hearing_id: int
    meeting_id: int
    case_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ActionAgreed:
    """An agency has something to do for a victim by a day."""

    action_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class ActionSettled:
    """An action is done, not done, or overtaken by events."""

    action_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class MinutesSent:
    """Minutes of a meeting go to its agencies."""

    minutes_id: int
    meeting_id: int
    actor: User
    at: datetime
