"""Answers as they come in: checked, merged, counted. Pure."""

from collections.abc import Mapping
from typing import Any

from core.errors import InvalidInput
from core.text import clean
from risk.instruments import ANSWERS, NOT_ASKED, SOURCES, Questionnaire, answer_of, words_of

#: Characters beside one topic.
LONGEST_WORDS = 4_000

Answers = dict[str, dict[str, str]]


class Incomplete(InvalidInput):
    """Not ready to be submitted; `missing` maps each field to what it needs, in page order."""

    code = "incomplete"

    def __init__(self, missing: dict[str, str]) -> None:
        first = next(iter(missing))
        count = len(missing)
        more = f" {count - 1} more to do." if count > 1 else ""
        super().__init__(f"{missing[first]}{more}", field=first)
        self.missing = missing


def checked(questionnaire: Questionnaire, raw: Mapping[str, Any]) -> Answers:
    """What was sent, cleaned: {topic code: {"answer", "words", "source"}}.

    A topic left blank comes back as {}. Raises InvalidInput at the topic's code for an unknown
    topic, answer or source, at `<code>_words` for words that are too long or hold control
    characters.
    """
    if not isinstance(raw, Mapping):
        raise InvalidInput("Answers are given by topic.", field="answers")
    return {str(code): _checked_one(questionnaire, str(code), given) for code, given in raw.items()}


def _checked_one(questionnaire: Questionnaire, code: str, given: Any) -> dict[str, str]:
    if code not in questionnaire.by_code:
        raise InvalidInput("There is no topic of this code.", field=code)
    if not isinstance(given, Mapping) or not all(isinstance(part, str) for part in given.values()):
        raise InvalidInput("Give the answer as words by name.", field=code)
    if unknown := sorted(set(map(str, given)) - {"answer", "words", "source"}):
        raise InvalidInput(f"An answer has no part called {unknown[0]}.", field=code)
    answer, source = given.get("answer", ""), given.get("source", "")
    if answer and answer not in ANSWERS:
        raise InvalidInput(f"Answer with one of {', '.join(ANSWERS)}.", field=code)
    if source and source not in SOURCES:
        raise InvalidInput(f"The source is one of {', '.join(SOURCES)}.", field=f"{code}_source")
    words = clean(given.get("words", ""), field=f"{code}_words", longest=LONGEST_WORDS)
    parts = {"answer": answer, "words": words, "source": source if answer or words else ""}
    return {name: value for name, value in parts.items() if value}


def merged(before: Mapping[str, Any], changes: Answers) -> Answers:
    """`before` with the changed topics; a topic left blank goes."""
    both = {**before, **changes}
    return {code: answer for code, answer in both.items() if answer}


def missing(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> dict[str, str]:
    """What stands between these answers and submission: field to words, in page order.

    Every topic of the questionnaire and of the opened sets wants an answer, and "not asked" wants
    a reason: an empty form must not pass for a calm one.
    """
    wanted: dict[str, str] = {}
    for topic in questionnaire.asked(answers):
        answer = answer_of(answers, topic.code)
        if not answer:
            wanted[topic.code] = "Not answered yet."
        elif answer == NOT_ASKED and not words_of(answers, topic.code):
            wanted[f"{topic.code}_words"] = "Say why this was not asked."
    return wanted


def answered(questionnaire: Questionnaire, answers: Mapping[str, Any]) -> int:
    """How many of the topics that count have an answer."""
    return sum(bool(answer_of(answers, topic.code)) for topic in questionnaire.topics)


def changes(
    questionnaire: Questionnaire, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Topic by topic what is different: (number and text, answer before, answer after) in words."""
    rows = []
    for code, topic in questionnaire.by_code.items():
        then, now = answer_of(before, code), answer_of(after, code)
        if then != now:
            name = f"{topic.number} {topic.text}"
            rows.append((name, ANSWERS.get(then, "No answer"), ANSWERS.get(now, "No answer")))
    return rows
