"""An assessment is whole and judged: it counts at once, and a supervisor looks at it."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import InvalidInput
from core.text import clean
from deadlines import services as deadlines
from risk.answers import Incomplete, missing
from risk.deadlines import ASSESSMENT, REVIEW
from risk.events import AssessmentSubmitted
from risk.grades import higher, rank
from risk.instruments import questionnaire
from risk.models import Assessment
from risk.services.keeping import JUDGED, LONGEST_REASON, note_suggestion
from risk.services.reassessing import end_by_assessment
from risk.services.rows import State, changed, lock, may_write, require_unfinished, require_version
from risk.services.victim_grade import follow
from victims.models import RiskGrade


@transaction.atomic
def submit_assessment(
    *,
    assessment_id: int,
    actor: User,
    judged_grade: str,
    judged_reason: str,
    version: int,
    at: datetime,
) -> Assessment:
    """Submit with the officer's own judgement and why; counting ticks is not the assessment.

    Until a supervisor agrees to a judgement below the suggestion, the suggestion counts. The
    instant of the first submission stays when it was returned and comes again: the referral's
    clock runs from it. Raises PermissionDenied; DomainError when submitted already; Stale;
    Incomplete (an InvalidInput) with every field that still wants something.
    """
    assessment = lock(assessment_id)
    if not may_write(actor, assessment, at):
        raise PermissionDenied("Only the officers who were there submit this assessment.")
    require_unfinished(assessment)
    require_version(
        assessment, version, {"judged_grade": judged_grade, "judged_reason": judged_reason}
    )
    reason = clean(judged_reason, field="judged_reason", longest=LONGEST_REASON)
    _require_whole(assessment, judged_grade, reason)
    note_suggestion(assessment, at)
    assessment.officer = actor
    assessment.judged_grade, assessment.judged_reason = judged_grade, reason
    assessment.grade = higher(judged_grade, assessment.suggested_grade)
    assessment.submitted_at = assessment.submitted_at or at
    assessment.state = State.SUBMITTED
    changed(
        assessment,
        "officer",
        "yes_count",
        "suggested_grade",
        "suggested_reasons",
        "judged_grade",
        "judged_reason",
        "grade",
        "submitted_at",
        "state",
    )
    _record(assessment, actor, at)
    _hand_to_supervisor(assessment, actor, at)
    # Before the grade follows: a higher one makes what is still open due sooner.
    end_by_assessment(assessment=assessment, actor=actor, at=at)
    follow(assessment, may_lower=False, actor=actor, at=at)
    events.announce(
        AssessmentSubmitted(
            assessment_id=assessment.pk,
            incident_id=assessment.incident_id,
            victim_id=assessment.victim_id,
            grade=assessment.grade,
            actor=actor,
            at=at,
        )
    )
    return assessment


def _require_whole(assessment: Assessment, judged_grade: str, reason: str) -> None:
    if judged_grade and judged_grade not in JUDGED:
        raise InvalidInput("Judge standard, medium or high.", field="judged_grade")
    wanted = missing(questionnaire(assessment.instrument), assessment.answers)
    if not judged_grade:
        wanted["judged_grade"] = "Say what you judge the risk to be."
    if not reason:
        wanted["judged_reason"] = "Say why: counting is not the assessment."
    if wanted:
        raise Incomplete(wanted)


def _record(assessment: Assessment, actor: User, at: datetime) -> None:
    lower = rank(assessment.judged_grade) < rank(assessment.suggested_grade)
    waits = ", judged lower: waits for a supervisor's agreement" if lower else ""
    audit.record(
        actor=actor,
        at=at,
        verb="assessment.submitted",
        headline=f"Risk assessed {RiskGrade(assessment.grade).label.lower()}{waits}",
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
        is_grave=assessment.grade == RiskGrade.HIGH,
        detail={
            "yes_count": assessment.yes_count,
            "suggested": assessment.suggested_grade,
            "because": assessment.suggested_reasons,
            "judged": assessment.judged_grade,
            "judged_reason": assessment.judged_reason,
            "counts": assessment.grade,
        },
    )


def _hand_to_supervisor(assessment: Assessment, actor: User, at: datetime) -> None:
    deadlines.meet(kind=ASSESSMENT, subject=assessment, actor=actor, at=at)
    team = actor.team
    supervisor = team.supervisor if team else None
    deadlines.start(
        kind=REVIEW,
        subject=assessment,
        reference=assessment.reference,
        victim_id=assessment.victim_id,
        team=team,
        # Nobody reviews their own: a supervisor who assessed leaves it to the team's others.
        owner=None if supervisor == actor else supervisor,
        started_at=at,
        actor=actor,
        at=at,
    )
