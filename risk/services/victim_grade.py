"""The victim's grade follows assessments and judgements: up at once, down only when agreed to."""

from datetime import datetime

from accounts.models import User
from core import events
from core.errors import DomainError
from risk.events import GradeChanged
from risk.grades import rank
from risk.models import Assessment, GradeChange, GradeJudgement
from victims import services as victims
from victims.models import RiskGrade, Victim


def follow(assessment: Assessment, *, may_lower: bool, actor: User, at: datetime) -> None:
    """Set the victim's grade from an assessment, in the caller's transaction.

    A higher grade counts at once. A lower one counts only when `may_lower` (a supervisor reviewed
    it) and nothing later says more: no assessment was submitted and nobody judged it higher since.
    Very high is the conference's and is not lowered.
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


def set_by_judgement(judgement: GradeJudgement, *, actor: User, at: datetime) -> None:
    """Set the victim's grade from a judgement that counts, in the caller's transaction.

    The caller holds the victim's row. Raises DomainError where the grade is the conference's, or
    is what was judged already.
    """
    victim = Victim.objects.select_for_update(of=("self",)).get(pk=judgement.victim_id)
    before, reason = victim.grade, why_judged(judgement)
    if before == RiskGrade.VERY_HIGH:
        raise DomainError("Very high was given by the conference: judgement does not change it.")
    if before == judgement.grade:
        raise DomainError("The grade is what was judged already.")
    victims.set_grade(victim_id=victim.pk, grade=judgement.grade, reason=reason, actor=actor, at=at)
    GradeChange.objects.create(
        victim=victim,
        at=at,
        before=before,
        after=judgement.grade,
        reason=reason,
        judgement=judgement,
        actor=actor,
    )
    events.announce(
        GradeChanged(victim_id=victim.pk, before=before, after=judgement.grade, actor=actor, at=at)
    )


def why_judged(judgement: GradeJudgement) -> str:
    """The grounds of a judged grade in one line."""
    return in_a_line(f"professional judgement: {judgement.reason}")


def why(assessment: Assessment) -> str:
    """The grounds of the grade in one line: what suggested it, else whose judgement it was."""
    if assessment.grade == assessment.suggested_grade and assessment.suggested_reasons:
        words = "; ".join(assessment.suggested_reasons)
    else:
        whose = "officer" if assessment.grade == assessment.judged_grade else "supervisor"
        counted = assessment.instrument.is_counted
        score = f"{assessment.yes_count} yes answers" if counted else "no score"
        words = f"the {whose}'s judgement, {score}"
    return in_a_line(words)


def in_a_line(words: str) -> str:
    """At most 300 characters, as a grade's reason is kept."""
    line = " ".join(words.split())
    return line if len(line) <= 300 else f"{line[:297]}..."


def _is_newest(assessment: Assessment) -> bool:
    later = Assessment.objects.filter(
        victim=assessment.victim_id, submitted_at__gt=assessment.submitted_at
    )
    # Somebody raised it knowing this assessment: its review does not take that back.
    raised = GradeJudgement.objects.filter(
        victim=assessment.victim_id,
        at__gt=assessment.submitted_at,
        state=GradeJudgement.State.COUNTS,
    )
    return not (later.exists() or raised.exists())
