"""What is asked: five statements for each side, in our own words, from 1 to 5.

They are read by the victim, perhaps with somebody looking over their shoulder: nothing in them
names the police, an adviser or abuse.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import InvalidInput
from core.text import clean
from referrals.models import Survey

SCALE: tuple[tuple[int, str], ...] = (
    (1, "Not at all"),
    (2, "A little"),
    (3, "Partly"),
    (4, "Mostly"),
    (5, "Wholly"),
)
LONGEST_WORDS = 3_000


@dataclass(frozen=True)
class Question:
    """A statement that somebody agrees with or not; `short` names it in tables."""

    code: str
    words: str
    short: str


QUESTIONS: Mapping[str, tuple[Question, ...]] = {
    Survey.About.POLICE.value: (
        Question("heard", "I was taken seriously.", "Taken seriously"),
        Question("told", "I was told what was happening, and in time.", "Told in time"),
        Question("chose", "What I wanted was asked and counted.", "Asked what they wanted"),
        Question("calmer", "Life is calmer for me now than before.", "Life is calmer"),
        Question("again", "I would ask for help again.", "Would ask again"),
    ),
    Survey.About.ADVISER.value: (
        Question("listened", "I was listened to without being judged.", "Listened to"),
        Question("clear", "I understood what I could choose from.", "Understood their choices"),
        Question("timely", "Help was there when I needed it.", "Help when needed"),
        Question("calmer", "Life is calmer for me now than before.", "Life is calmer"),
        Question("again", "I would ask for this help again.", "Would ask again"),
    ),
}


def checked(about: str, answers: Mapping[str, Any], words: str) -> tuple[dict[str, int], str]:
    """Answers by question, and free words; what was passed over is left out.

    Raises InvalidInput at the question's own field (its code) for anything but 1 to 5, at `words`
    (to 3,000 characters), and at the first question where nothing was said at all.
    """
    said: dict[str, int] = {}
    for question in QUESTIONS[about]:
        value = answers.get(question.code)
        if value is None or value == "":
            continue
        if type(value) is not int or not 1 <= value <= len(SCALE):
            raise InvalidInput("Choose one of the answers offered.", field=question.code)
        said[question.code] = value
    words = clean(words, field="words", longest=LONGEST_WORDS)
    if not said and not words:
        raise InvalidInput(
            "Answer at least one, or write something.", field=QUESTIONS[about][0].code
        )
    return said, words
