"""A reassessment ends: the grade is kept, raised or put lower with reasons, or assessed anew."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events, policy
from core.errors import InvalidInput
from core.text import clean
from deadlines import services as deadlines
from risk.deadlines import REASSESSMENT
from risk.events import ReassessmentEnded
from risk.grades import rank
from risk.instruments import BESIDE
from risk.models import Assessment, Reassessment, ReassessmentReason
from risk.services.answering import may_answer
from risk.services.judging import judge
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.reassessing.rows import (
    State,
    lock,
    note_looked_at,
    require_open,
    require_version,
)
from risk.services.triggers.firing import carry_over
from risk.services.triggers.rows import event, lock_victims
from victims.models import RiskGrade

Outcome = Reassessment.Outcome
#: What somebody concludes by their own word; assessed anew it ends by the assessment.
CONCLUDED = (Outcome.KEPT, Outcome.RAISED, Outcome.LOWERED)


@transaction.atomic
def conclude(
    *,
    reassessment_id: int,
    outcome: str,
    words: str,
    version: int,
    actor: User,
    at: datetime,
    grade: str = "",
) -> Reassessment:
    """Look at the risk again and say what came of it, with reasons; said twice it is said once.

    `outcome` is kept, raised or lowered, the last two with the `grade` judged: a higher one counts
    at once, a lower one is put to another supervisor and the grade stays until one agrees. Very
    high is the conference's and is kept. `version` is the one that the page showed, so that nobody
    concludes without a reason that came since. Raises PermissionDenied; AlreadyTaken naming who
    was first; DomainError when it fell away; Stale; InvalidInput at `outcome`, `grade` or `words`;
    whatever `judge` raises.
    """
    row = lock(reassessment_id)
    if not may_answer(actor, row, at):
        raise PermissionDenied("Whoever has this, answers for the risk, or leads, concludes it.")
    words = clean(words, field="words", longest=LONGEST_REASON)
    if _is_said_already(row, outcome, words, actor):
        return row
    require_open(row)
    yours = {"outcome": outcome, "grade": grade, "words": words}
    require_version(row, version, yours)
    _check(row, outcome, grade, words)
    # Ended first: the higher grade must not find it open and make it late at the last moment.
    _end(row, outcome, words, actor, at)
    if outcome != Outcome.KEPT:
        judge(
            victim_id=row.victim_id,
            grade=grade,
            reason=words,
            seen=row.victim.grade,
            reassessment_id=row.pk,
            actor=actor,
            at=at,
        )
    return row


@transaction.atomic
def end_by_assessment(*, assessment: Assessment, actor: User, at: datetime) -> Reassessment | None:
    """A submitted assessment is the look that was owed; None where none was, or it is not enough.

    It covers the reasons that were known when it was begun, and the incident that it was made
    after. Later ones are carried over into a reassessment of their own, with their own time. A set
    that stands beside the whole assessment covers nothing. Runs inside the service that submitted
    it, before the grade follows; that service asked for its permission.
    """
    if assessment.instrument.purpose in BESIDE:
        return None
    victim = lock_victims([assessment.victim_id])[assessment.victim_id]
    note_looked_at(victim.pk, at)
    open_ones = Reassessment.objects.open().filter(victim=victim)
    row = open_ones.select_for_update(no_key=True).first()
    if row is None:
        return None
    row.victim = victim
    standing = list(row.reasons.standing().order_by("pk"))
    later = [reason for reason in standing if not _covers(assessment, reason)]
    if len(later) == len(standing):
        return None
    _end(row, Outcome.ASSESSED, f"Assessed anew: {assessment.reference}", actor, at)
    carry_over(later, victim=victim, actor=actor, at=at, rules=policy.at(at))
    return row


def _covers(assessment: Assessment, reason: ReassessmentReason) -> bool:
    """Known when it was begun, whether it had happened or lay ahead; or its own incident."""
    own = (reason.source_type, reason.source_id) == (
        "incidents.incident",
        assessment.incident_id,
    )
    return own or reason.recorded_at <= assessment.started_at


def _is_said_already(row: Reassessment, outcome: str, words: str, actor: User) -> bool:
    said = (row.state, row.outcome, row.words, row.done_by_id)
    return said == (State.DONE, outcome, words, actor.pk)


def _check(row: Reassessment, outcome: str, grade: str, words: str) -> None:
    if outcome not in CONCLUDED:
        raise InvalidInput("Say whether the grade is kept, raised or lowered.", field="outcome")
    if not words:
        raise InvalidInput("Say why: a conclusion is its reasons.", field="words")
    before = row.victim.grade
    if outcome == Outcome.KEPT:
        if not before:
            raise InvalidInput(
                "Nobody has graded this risk yet: assess it, or raise it to what you judge.",
                field="outcome",
            )
        return
    if before == RiskGrade.VERY_HIGH:
        raise InvalidInput(
            "Very high was given by the conference and is not changed by judgement.",
            field="outcome",
        )
    if grade not in JUDGED:
        raise InvalidInput("Judge standard, medium or high.", field="grade")
    label = RiskGrade(before).label.lower() if before else "not graded"
    if outcome == Outcome.RAISED and rank(grade) <= rank(before):
        raise InvalidInput(f"The grade is {label}: choose a higher one.", field="grade")
    if outcome == Outcome.LOWERED and rank(grade) >= rank(before):
        raise InvalidInput(f"The grade is {label}: choose a lower one.", field="grade")


def _end(row: Reassessment, outcome: str, words: str, actor: User, at: datetime) -> None:
    row.state, row.outcome, row.words = State.DONE, outcome, words
    row.done_at, row.done_by = at, actor
    row.version += 1
    row.save(update_fields=["state", "outcome", "words", "done_at", "done_by", "version"])
    note_looked_at(row.victim_id, at)
    deadlines.meet(kind=REASSESSMENT, subject=row, actor=actor, at=at)
    headline = f"Risk looked at again: {Outcome(outcome).label.lower()}"
    audit.record_many([event(row, "done", headline, actor, at, outcome=outcome, words=words)])
    events.announce(
        ReassessmentEnded(
            reassessment_id=row.pk, victim_id=row.victim_id, outcome=outcome, actor=actor, at=at
        )
    )
