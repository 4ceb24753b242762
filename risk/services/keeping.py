"""Answers are kept as they are given, signal or not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import policy
from core.errors import InvalidInput
from core.text import clean
from deadlines import services as deadlines
from risk import due
from risk.answers import checked, merged
from risk.deadlines import ASSESSMENT
from risk.grades import Suggestion, suggest
from risk.instruments import questionnaire
from risk.models import Assessment
from risk.services.rows import State, changed, lock, may_write, require_unfinished, require_version
from victims.models import RiskGrade

#: What an officer or a supervisor may judge; very high is the conference's to say.
JUDGED = (RiskGrade.STANDARD, RiskGrade.MEDIUM, RiskGrade.HIGH)

#: Characters of a judgement or a rationale.
LONGEST_REASON = 10_000


@transaction.atomic
def keep_answers(
    *,
    assessment_id: int,
    actor: User,
    answers: Mapping[str, Any],
    version: int,
    at: datetime,
    judged_grade: str | None = None,
    judged_reason: str | None = None,
    writer: str = "",
) -> Assessment:
    """Keep these topics' answers, half done or whole; topics not named stay as they were.

    `answers` is {topic code: {"answer", "words", "source"}}; a blank topic is taken away. The
    suggestion is computed anew. `version` is the one that the page last heard of; `writer` names
    the page, so that its second try after a lost answer is taken.
    Raises PermissionDenied; DomainError once submitted; Stale with both versions; InvalidInput at
    the topic for an unknown topic or answer, too long a text or a control character.
    """
    assessment = lock(assessment_id)
    if not may_write(actor, assessment, at):
        raise PermissionDenied("Only the officers who were there write this assessment.")
    require_unfinished(assessment)
    changes = checked(questionnaire(assessment.instrument), answers)
    grade, reason = _judgement(assessment, judged_grade, judged_reason)
    yours = {"answers": changes, "judged_grade": grade, "judged_reason": reason}
    require_version(assessment, version, yours, writer=writer)
    assessment.answers = merged(assessment.answers, changes)
    assessment.judged_grade, assessment.judged_reason = grade, reason
    note_suggestion(assessment, at)
    _take_over(assessment, actor, at)
    changed(
        assessment,
        "answers",
        "yes_count",
        "suggested_grade",
        "suggested_reasons",
        "judged_grade",
        "judged_reason",
        "officer",
        writer=writer,
    )
    return assessment


def note_suggestion(assessment: Assessment, at: datetime) -> Suggestion:
    """Write what the answers suggest, by the policy at `at`, on an assessment not yet saved."""
    rules = policy.at(at)
    suggestion = suggest(
        questionnaire(assessment.instrument),
        assessment.answers,
        due.escalates(assessment.incident, assessment.victim_id, rules),
        rules,
    )
    assessment.yes_count = suggestion.yes_count
    assessment.suggested_grade = suggestion.grade
    assessment.suggested_reasons = list(suggestion.reasons)
    return suggestion


def _judgement(assessment: Assessment, grade: str | None, reason: str | None) -> tuple[str, str]:
    if grade and grade not in JUDGED:
        raise InvalidInput("Judge standard, medium or high.", field="judged_grade")
    if grade is None or (not grade and assessment.state == State.RETURNED):
        # What was once submitted keeps a judgement until another takes its place.
        grade = assessment.judged_grade
    if reason is None:
        reason = assessment.judged_reason
    return grade, clean(reason, field="judged_reason", longest=LONGEST_REASON)


def _take_over(assessment: Assessment, actor: User, at: datetime) -> None:
    """Whoever writes has it: the clock and the questions about it are theirs from now on."""
    if actor.pk == assessment.officer_id:
        return
    before, assessment.officer = assessment.officer, actor
    audit.record(
        actor=actor,
        at=at,
        verb="assessment.taken_over",
        headline=f"{actor} took the risk assessment over from {before}",
        subject=assessment.reference,
        victim_id=assessment.victim_id,
        incident_id=assessment.incident_id,
    )
    deadlines.assign(
        kind=ASSESSMENT, subject=assessment, owner=actor, team=actor.team, actor=actor, at=at
    )
