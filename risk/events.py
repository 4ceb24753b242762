"""The facts that this app announces. Grades are values of victims.models.RiskGrade."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User


@dataclass(frozen=True)
class AssessmentSubmitted:
    """An assessment is submitted."""

    assessment_id: int
    incident_id: int
    victim_id: int
    grade: str
    actor: User
    at: datetime


@dataclass(frozen=True)
class AssessmentReviewed:
    """A supervisor reviews an assessment."""

    assessment_id: int
    incident_id: int
    victim_id: int
    decision: str
    grade_before: str
    grade: str
    submitted_at: datetime
    actor: User
    at: datetime


@dataclass(frozen=True)
class GradeChanged:
    """A victim's risk grade changes."""

    victim_id: int
    before: str
    after: str
    actor: User
    at: datetime


@dataclass(frozen=True)
class JudgedHigh:
    """Somebody judges a victim's risk high between assessments, and it counts at once."""

    judgement_id: int
    victim_id: int
    actor: User
    at: datetime


@dataclass(frozen=True)
class UnknownFound:
    """A topic that nobody knew when it was asked is found to be yes.

    `is_reviewed`: the assessment has passed its supervisor already.
    """

    assessment_id: int
    incident_id: int
    victim_id: int
    is_reviewed: bool
    actor: User
    at: datetime


@dataclass(frozen=True)
class ReassessmentOpened:
    """A victim's risk must be looked at again."""

    reassessment_id: int
    victim_id: int
    due_at: datetime
    actor: User
    at: datetime


@dataclass(frozen=True)
class ReassessmentEnded:
    """A victim's risk was looked at again, or need not be any more.

    `outcome` is a Reassessment.Outcome, blank where it fell away.
    """

    reassessment_id: int
    victim_id: int
    outcome: str
    actor: User
    at: datetime
