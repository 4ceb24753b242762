"""What the control room asks the attending officer before an incident may be closed.

The inspection asked for such a set, about the plan that keeps the victim safe. The questions are in
our own words; the codes are kept in `Closure.answers`, so a question may change its words but never
its code.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

YES, NO, NOT_APPLICABLE = "yes", "no", "n/a"
ANSWERS = {YES: "Yes", NO: "No", NOT_APPLICABLE: "Does not apply"}

#: Characters of the words beside one answer.
LONGEST_WORDS = 1_000


class Given(TypedDict):
    """One answer as it is kept and as the API takes it."""

    answer: str
    words: NotRequired[str]


#: Question code to what was answered.
Answers = Mapping[str, Given]


@dataclass(frozen=True)
class Question:
    """One question; `words` says what is to be told beside the answer.

    Words are needed with an alarming answer ("no") and with "does not apply"; with every answer
    where `always` is set, because a bare "yes" would say nothing.
    """

    code: str
    text: str
    words: str
    always: bool = False
    may_not_apply: bool = True

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [
            (code, words)
            for code, words in ANSWERS.items()
            if code != NOT_APPLICABLE or self.may_not_apply
        ]

    @property
    def words_field(self) -> str:
        return f"{self.code}_words"

    def needs_words(self, answer: str) -> bool:
        return bool(answer) and (self.always or answer != YES)


QUESTIONS: tuple[Question, ...] = (
    Question(
        "seen_alone",
        "Was the victim seen, and spoken to alone?",
        "Why not, or who else could hear",
    ),
    Question(
        "safe_now",
        "Is the victim safe now?",
        "Where they are, and who is with them",
        always=True,
        may_not_apply=False,
    ),
    Question(
        "plan_agreed",
        "Is there a safety plan that the victim agreed to?",
        "Why not, and what keeps them safe until there is one",
    ),
    Question(
        "children_safe",
        "Are the children safe, and was each one seen?",
        "Which child is not, or how it is known that there is none",
    ),
    Question(
        "suspect",
        "Is it known where the suspect is, and are they kept away from the victim?",
        "Arrested, left, or wanted; where",
        always=True,
    ),
    Question(
        "injuries",
        "Were everybody's injuries seen to?",
        "Who was not treated and why, or that nobody was hurt",
    ),
    Question(
        "evidence",
        "Is the evidence of the first hour secured?",
        "What is not, who will do it and by when",
    ),
    Question(
        "assessed_with",
        "Was the risk assessment made together with the victim?",
        "How it was made instead, and when the victim will be asked",
    ),
    Question(
        "contact",
        "Does the victim know who will be in touch next, and by when?",
        "Who, how and by when",
        always=True,
    ),
    Question(
        "warnings",
        "Are the warnings set that the next call to this address or person will need?",
        "What is still to be set, or why none is needed",
    ),
)
BY_CODE = {question.code: question for question in QUESTIONS}


def missing(answers: Answers) -> dict[str, str]:
    """What is still to be said: form field to sentence, in the order of the questions."""
    wrong: dict[str, str] = {}
    for question in QUESTIONS:
        given = answers.get(question.code) or Given(answer="")
        answer = given.get("answer", "")
        if answer not in dict(question.answers):
            wrong[question.code] = "Choose an answer."
        elif question.needs_words(answer) and not given.get("words", "").strip():
            wrong[question.words_field] = f"Say it in words: {_lowered(question.words)}."
    return wrong


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]


@dataclass(frozen=True)
class Shown:
    """A question with its answer in words, for pages."""

    question: Question
    answer: str
    words: str
    is_alarming: bool


def in_words(answers: Answers) -> Iterator[Shown]:
    """Every question with what was answered; "not asked" where a question came later."""
    for question in QUESTIONS:
        given = answers.get(question.code) or Given(answer="")
        answer = given.get("answer", "")
        yield Shown(
            question, ANSWERS.get(answer, "Not asked"), given.get("words", ""), answer == NO
        )
