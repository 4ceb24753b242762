"""Very high is the conference's grade: given while it has a case, and back to high afterwards."""

from datetime import datetime

from accounts.models import User
from core import events
from risk.events import GradeChanged
from risk.models import GradeChange, GradeJudgement
from risk.services.victim_grade import in_a_line
from victims import services as victims
from victims.models import RiskGrade, Victim

State = GradeJudgement.State


def grade_very_high(*, victim_id: int, reason: str, actor: User, at: datetime) -> bool:
    """A conference takes a case: the victim is graded very high; whether that is new.

    In the caller's transaction, whose rules decide who may. `reason` is the conference's.
    """
    victim = Victim.objects.select_for_update(of=("self",), no_key=True).get(pk=victim_id)
    if victim.grade == RiskGrade.VERY_HIGH:
        return False
    _set(victim, RiskGrade.VERY_HIGH, State.COUNTS, reason, actor, at)
    return True


def grade_high_again(*, victim_id: int, reason: str, actor: User, at: datetime) -> bool:
    """No conference has a case of the victim any more: very high becomes high; whether it did.

    It is no judgement that the risk is high, so that it meets no criterion of a conference.
    """
    victim = Victim.objects.select_for_update(of=("self",), no_key=True).get(pk=victim_id)
    if victim.grade != RiskGrade.VERY_HIGH:
        return False
    _set(victim, RiskGrade.HIGH, State.AGREED, reason, actor, at)
    return True


def _set(victim: Victim, grade: str, state: str, reason: str, actor: User, at: datetime) -> None:
    before, line = victim.grade, in_a_line(reason)
    judged = GradeJudgement.objects.create(
        victim=victim,
        before=before,
        grade=grade,
        reason=reason,
        by=actor,
        at=at,
        state=state,
        decided_by=None if state == State.COUNTS else actor,
        decided_at=None if state == State.COUNTS else at,
    )
    victims.set_grade(victim_id=victim.pk, grade=grade, reason=line, actor=actor, at=at)
    GradeChange.objects.create(
        victim=victim, at=at, before=before, after=grade, reason=line, judgement=judged, actor=actor
    )
    events.announce(
        GradeChanged(victim_id=victim.pk, before=before, after=grade, actor=actor, at=at)
    )
