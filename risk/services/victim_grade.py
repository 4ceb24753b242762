"""The victim's grade follows the assessments: up at once, down only when a supervisor agrees."""

from datetime import datetime

from accounts.models import User
from core import events
from risk.events import GradeChanged
from risk.grades import rank
from risk.models import Assessment, GradeChange
from victims import services as victims
from victims.models import RiskGrade, Victim


def follow(assessment: Assessment, *, may_lower: bool, actor: User, at: datetime) -> None:
    """Set the victim's grade from an assessment, in the caller's transaction.

    A higher grade counts at once. A lower one counts only when `may_lower` (a supervisor reviewed
    it) and no later assessment was submitted. Very high is the conference's and is not lowered.
    """
    victim = Victim.objects.select_for_update(of=("self",)).get(pk=assessment.victim_id)
    before = victim.grade
    if assessment.grade == before or before == RiskGrade.VERY_HIGH:
        return
    if rank(assessment.grade) < rank(before) and not (may_lower and _is_newest(assessment)):
        return
    reason = why(assessment)
    victims.set_grade(
        victim_id=victim.pk, grade=assessment.grade, reason=reason, actor=actor, at=at
    )
    GradeChange.objects.create(
        victim=victim,
        at=at,
        before=before,
        after=assessment.grade,
        reason=reason,
        assessment=assessment,
        actor=actor,
    )
    events.announce(
        GradeChanged(victim_id=victim.pk, before=before, after=assessment.grade, actor=actor, at=at)
    )


def why(assessment: Assessment) -> str:
    """The grounds of the grade in one line: what suggested it, else whose judgement it was."""
    if assessment.grade == assessment.suggested_grade and assessment.suggested_reasons:
        words = "; ".join(assessment.suggested_reasons)
    elif assessment.grade == assessment.judged_grade:
        words = f"the officer's judgement, {assessment.yes_count} yes answers"
    else:
        words = f"the supervisor's judgement, {assessment.yes_count} yes answers"
    return words if len(words) <= 300 else f"{words[:297]}..."


def _is_newest(assessment: Assessment) -> bool:
    later = Assessment.objects.filter(
        victim=assessment.victim_id, submitted_at__gt=assessment.submitted_at
    )
    return not later.exists()
