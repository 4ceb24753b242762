"""What a local supervisor checks of an incident.

The inspection found that some incidents were supervised and others not, to no standard that anybody
had been given. These are its points in our own words: evidence of the first hour, the assessment
and its grade, support for the officer; and those of its recommendations 12, 14 and 15. Codes are
kept in `SupervisionCheck.answers`: words may change, codes never.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

YES, NO, NOT_APPLICABLE = "yes", "no", "n/a"
ANSWERS = {YES: "Yes", NO: "No", NOT_APPLICABLE: "Does not apply"}


@dataclass(frozen=True)
class Check:
    """One thing to look at; `hint` says by what it is judged."""

    code: str
    text: str
    hint: str


CHECKS: tuple[Check, ...] = (
    Check(
        "positive_action",
        "The right positive action was taken",
        "Arrest where there were grounds; if not, the reason stands up",
    ),
    Check(
        "evidence",
        "The evidence of the first hour is secured",
        "Video, photographs, neighbours, recording of the call; nothing that is now lost",
    ),
    Check(
        "children",
        "Each child was seen, and listened to",
        "By name, with what they said; or it is clear that there is none",
    ),
    Check(
        "assessment",
        "The risk assessment is whole",
        "Every topic asked, words where they matter, not only ticks",
    ),
    Check(
        "grade",
        "The risk grade fits what is known",
        "History, escalation and the victim's own view weighed in it",
    ),
    Check(
        "crime",
        "The crime is recorded rightly, or the reason for none is sound",
        "Coercive control and harassment looked for across the earlier incidents too",
    ),
    Check(
        "wishes",
        "The victim's wishes are recorded, and the case does not rest on them alone",
        "A plan led by the evidence where they do not support it",
    ),
    Check(
        "safety_plan",
        "The safety plan is real",
        "Who does what tonight, agreed with the victim, not advice alone",
    ),
    Check(
        "contact",
        "The victim knows whom to ring, and who will ring them",
        "A name and a time, by a way that is safe",
    ),
)
BY_CODE = {check.code: check for check in CHECKS}


def missing(answers: Mapping[str, str]) -> dict[str, str]:
    """Checks without a proper answer: code to sentence."""
    return {
        check.code: "Choose an answer."
        for check in CHECKS
        if answers.get(check.code) not in ANSWERS
    }


def in_words(answers: Mapping[str, str]) -> Iterator[tuple[Check, str, bool]]:
    """Each check, its answer in words, and whether something was amiss."""
    for check in CHECKS:
        answer = answers.get(check.code, "")
        yield check, ANSWERS.get(answer, "Not looked at"), answer == NO
