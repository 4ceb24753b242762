"""A supervisor looks at every assessment: accepts, returns with words, or regrades with reasons."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import AlreadyTaken, DomainError, InvalidInput
from core.text import clean
from deadlines import services as deadlines
from risk.deadlines import ASSESSMENT, REVIEW
from risk.events import AssessmentReviewed
from risk.grades import rank
from risk.instruments import BESIDE
from risk.models import Assessment, AssessmentReview
from risk.permissions import can_review, can_see_queue
from risk.services.keeping import JUDGED, LONGEST_REASON
from risk.services.rows import State, changed, lock, require_version
from risk.services.victim_grade import follow
from victims.models import RiskGrade

Decision = AssessmentReview.Decision


@transaction.atomic
def review_assessment(
    *,
    assessment_id: int,
    actor: User,
    decision: str,
    grade: str,
    rationale: str,
    version: int,
    at: datetime,
) -> Assessment:
    """Decide on a submitted assessment. `grade` is read for a regrade only.

    Accepting agrees with the officer's judgement: where that lies below the suggestion the grade
    falls now, and the agreement needs words. Returning hands it back with words, and its clock
    runs again from now; meanwhile the grade counts on. Raises PermissionDenied (one's own, too);
    AlreadyTaken naming who was first; DomainError when it waits for no review; Stale; InvalidInput
    at `decision`, `grade` or `rationale`.
    """
    assessment = lock(assessment_id)
    if not can_see_queue(actor):
        raise PermissionDenied("Only supervisors review assessments.")
    if not can_review(actor, assessment):
        raise PermissionDenied("You made this assessment: another supervisor must review it.")
    _require_waiting(assessment)
    yours = {"decision": decision, "grade": grade, "rationale": rationale}
    require_version(assessment, version, yours)
    before = assessment.grade
    after, words = _checked(assessment, decision, grade, rationale)
    AssessmentReview.objects.create(
        assessment=assessment,
        reviewer=actor,
        at=at,
        decision=decision,
        grade_before=before,
        grade_after=after,
        rationale=words,
    )
    deadlines.meet(kind=REVIEW, subject=assessment, actor=actor, at=at)
    assessment.grade = after
    if decision == Decision.RETURN:
        assessment.state = State.RETURNED
    else:
        assessment.state, assessment.reviewed_at = State.REVIEWED, at
    changed(assessment, "grade", "state", "reviewed_at")
    _record(assessment, decision, before, words, actor, at)
    if decision == Decision.RETURN:
        _hand_back(assessment, actor, at)
    else:
        # A set that stands beside the whole assessment may raise the grade, never lower it.
        is_whole = assessment.instrument.purpose not in BESIDE
        follow(assessment, may_lower=is_whole, actor=actor, at=at)
    if decision == Decision.REGRADE:
        _tell_officer(assessment, "information", "Regraded by a supervisor", at)
    _announce(assessment, decision, before, actor, at)
    return assessment


def _require_waiting(assessment: Assessment) -> None:
    if assessment.state == State.SUBMITTED:
        return
    last = assessment.reviews.select_related("reviewer").order_by("-pk").first()
    if last is not None and assessment.state in {State.REVIEWED, State.RETURNED}:
        done = {"accept": "accepted", "return": "returned", "regrade": "regraded"}[last.decision]
        raise AlreadyTaken(f"{last.reviewer} has {done} this assessment already.")
    raise DomainError("This assessment has not been submitted yet.")


def _checked(assessment: Assessment, decision: str, grade: str, rationale: str) -> tuple[str, str]:
    """The grade afterwards and the cleaned words, or a refusal at the field that is wrong."""
    if decision not in Decision.values:
        raise InvalidInput("Accept, return or regrade.", field="decision")
    lowers = rank(assessment.judged_grade) < rank(assessment.grade)
    needs_words = decision != Decision.ACCEPT or lowers
    words = clean(rationale, field="rationale", longest=LONGEST_REASON)
    if needs_words and not words:
        raise InvalidInput(_words_wanted(decision), field="rationale")
    if decision == Decision.RETURN:
        return assessment.grade, words
    if decision == Decision.ACCEPT:
        return assessment.judged_grade, words
    if grade not in JUDGED:
        raise InvalidInput("Say which grade: standard, medium or high.", field="grade")
    if grade == assessment.judged_grade:
        raise InvalidInput("This is the officer's own grade: accept it.", field="grade")
    return grade, words


def _words_wanted(decision: str) -> str:
    return {
        Decision.ACCEPT: "The officer judges it lower than the answers suggest. Say why you agree.",
        Decision.RETURN: "Say what the officer must do.",
        Decision.REGRADE: "Say why the grade changes.",
    }[Decision(decision)]


def _hand_back(assessment: Assessment, actor: User, at: datetime) -> None:
    officer = assessment.officer
    deadlines.start(
        kind=ASSESSMENT,
        subject=assessment,
        reference=assessment.reference,
        victim_id=assessment.victim_id,
        team=officer.team,
        owner=officer,
        started_at=at,
        actor=actor,
        at=at,
    )
    _tell_officer(assessment, "warning", "Returned to you with words", at)


def _tell_officer(assessment: Assessment, level: str, what: str, at: datetime) -> None:
    deadlines.notify(
        users=[assessment.officer],
        level=level,
        headline=f"{what}: {assessment.reference}",
        reference=assessment.reference,
        path=reverse("risk:assess", args=[assessment.reference]),
        victim_id=assessment.victim_id,
        at=at,
    )


def _record(
    assessment: Assessment, decision: str, before: str, words: str, actor: User, at: datetime
) -> None:
    now = RiskGrade(assessment.grade).label.lower()
    headline = {
        Decision.ACCEPT: f"Risk assessment accepted: {now}",
        Decision.RETURN: "Risk assessment returned to the officer with words",
        Decision.REGRADE: f"Risk regraded {now}, was {RiskGrade(before).label.lower()}",
    }[Decision(decision)]
    if decision == Decision.REGRADE and before == assessment.grade:
        headline = f"Risk kept at {now}: the officer's lower judgement was not agreed"
    audit.record(
        actor=actor,
        at=at,
        verb=f"assessment.{decision}",
        headline=headline,
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
        is_grave=rank(assessment.grade) > rank(before),
        detail={
            "before": before,
            "after": assessment.grade,
            "judged": assessment.judged_grade,
            "suggested": assessment.suggested_grade,
            "rationale": words,
        },
    )


def _announce(
    assessment: Assessment, decision: str, before: str, actor: User, at: datetime
) -> None:
    assert assessment.submitted_at is not None
    events.announce(
        AssessmentReviewed(
            assessment_id=assessment.pk,
            incident_id=assessment.incident_id,
            victim_id=assessment.victim_id,
            decision=decision,
            grade_before=before,
            grade=assessment.grade,
            submitted_at=assessment.submitted_at,
            actor=actor,
            at=at,
        )
    )
