"""The grade that the answers suggest, with its reasons. Counting is not the assessment.

Pure: the force's numbers come in as a `ForcePolicy`, what the questionnaire itself says (which
topics alone suggest high, whether it counts, and numbers of its own) stands in its content.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.policy import ForcePolicy
from risk.instruments import DONT_KNOW, YES, Questionnaire, answer_of
from victims.models import RiskGrade


@dataclass(frozen=True)
class Suggestion:
    """`reasons` are the grounds of `grade` as phrases to follow "because of"; none for standard.

    `grade` is "" and `yes_count` 0 where nothing is counted and no topic suggests a grade.

    `unknown` are the numbers of topics answered "don't know": they count nothing and must be
    found out.
    """

    grade: str
    yes_count: int
    reasons: tuple[str, ...]
    unknown: tuple[str, ...] = ()


def suggest(
    questionnaire: Questionnaire,
    answers: Mapping[str, Any],
    escalation: bool,
    policy: ForcePolicy,
) -> Suggestion:
    """The least grade that the answers point to.

    Each yes counts one, everything else nothing. High also follows from a topic that alone
    suggests it (strangulation, threats to kill), from topics that do so together (the victim's
    own view), from a follow-up set (stalking) and from `escalation`: so many incidents of this
    victim in so many months as the policy says. An answer changed to yes never lowers the grade.
    The questionnaire may say otherwise: no count at all, numbers of its own, no escalation.
    """
    grading = questionnaire.grading
    yes_count = _count(questionnaire, answers) if grading.is_counted else 0
    high = _high_reasons(questionnaire, answers)
    if escalation and grading.escalation:
        high.append(
            f"{policy.escalation_incidents} or more incidents in {policy.repeat_months} months"
        )
    high_from = grading.high_from or policy.high_from_yes
    medium_from = grading.medium_from or policy.medium_from_yes
    if yes_count >= high_from:
        high.append(f"{_yes(yes_count)} (high from {high_from})")
    unknown = tuple(
        topic.number
        for topic in questionnaire.topics
        if answer_of(answers, topic.code) == DONT_KNOW
    )
    if high:
        return Suggestion(RiskGrade.HIGH, yes_count, tuple(high), unknown)
    if yes_count >= medium_from:
        reason = f"{_yes(yes_count)} (medium from {medium_from})"
        return Suggestion(RiskGrade.MEDIUM, yes_count, (reason,), unknown)
    least = RiskGrade.STANDARD if grading.is_counted else ""
    return Suggestion(least, yes_count, (), unknown)


def _count(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> int:
    return sum(answer_of(answers, topic.code) == YES for topic in questionnaire.topics)


def _yes(count: int) -> str:
    return "1 yes answer" if count == 1 else f"{count} yes answers"


def higher(one: str, other: str) -> str:
    """The higher of two grades; a blank one is below every grade."""
    return max(one, other, key=rank)


def rank(grade: str) -> int:
    """0 for a blank grade, else the grade's own rank."""
    return RiskGrade(grade).rank if grade else 0


def _high_reasons(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> list[str]:
    reasons = [
        topic.high_because
        for topic in questionnaire.topics
        if topic.high_because and answer_of(answers, topic.code) == YES
    ]
    reasons += [
        rule.because
        for rule in questionnaire.high_together
        if all(answer_of(answers, code) == YES for code in rule.topics)
    ]
    for follow_up in questionnaire.opened(answers):
        count = sum(answer_of(answers, topic.code) == YES for topic in follow_up.topics)
        if follow_up.high_from and count >= follow_up.high_from:
            reasons.append(
                f"{follow_up.high_because} ({count} of {len(follow_up.topics)} topics yes)"
            )
    return reasons
