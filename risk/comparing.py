"""Two assessments of one victim beside each other, topic by topic. Pure.

Within one instrument a code means the same in every version. Between two instruments a topic is
the same where code and words are; anything else was asked in one of them only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from risk.instruments import (
    ANSWERS,
    SOURCES,
    YES,
    Questionnaire,
    Topic,
    answer_of,
    questionnaire,
    words_of,
)
from risk.models import Assessment

NO_ANSWER = "No answer"


@dataclass(frozen=True)
class Side:
    """One topic in one of the two."""

    number: str
    text: str
    answer: str
    words: str
    source: str

    @property
    def is_yes(self) -> bool:
        return self.answer == ANSWERS[YES]


@dataclass(frozen=True)
class Row:
    """One topic in both; None where it was not among what was asked."""

    then: Side | None
    now: Side | None

    @property
    def name(self) -> str:
        side = self.now or self.then
        assert side is not None
        return f"{side.number} {side.text}"

    @property
    def is_other_answer(self) -> bool:
        return (self.then.answer if self.then else "") != (self.now.answer if self.now else "")

    @property
    def is_changed(self) -> bool:
        """Another answer, or other words with the same one.

        What was asked in one of them only is news where it was answered yes or with words.
        """
        if self.then is None or self.now is None:
            only = self.then or self.now
            return only is not None and (only.is_yes or bool(only.words))
        return self.is_other_answer or self.then.words != self.now.words


@dataclass(frozen=True)
class Part:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Comparison:
    """`new_reasons` and `gone_reasons` are grounds of the suggestion in one of the two only."""

    parts: tuple[Part, ...]
    new_reasons: tuple[str, ...]
    gone_reasons: tuple[str, ...]
    is_same_instrument: bool

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for part in self.parts for row in part.rows)

    @property
    def changed(self) -> tuple[Part, ...]:
        """The parts with only what changed; a part without any is left out."""
        kept = [
            Part(part.title, tuple(row for row in part.rows if row.is_changed))
            for part in self.parts
        ]
        return tuple(part for part in kept if part.rows)


def compare(then: Assessment, now: Assessment) -> Comparison:
    """Every topic asked in either, in the order of `now`; last what was asked only `then`."""
    before, after = questionnaire(then.instrument), questionnaire(now.instrument)
    same = in_both(before, after)
    asked_then, asked_now = _asked(before, then), _asked(after, now)
    parts = [
        Part(
            title,
            tuple(
                Row(
                    _side(then, same[one.code]) if one.code in asked_then & same.keys() else None,
                    _side(now, one) if one.code in asked_now else None,
                )
                for one in topics
            ),
        )
        for title, topics in _parts(after, asked_now | (asked_then & same.keys()))
    ]
    if only_then := asked_then - same.keys():
        topics = [one for code, one in before.by_code.items() if code in only_then]
        rows = tuple(Row(_side(then, one), None) for one in topics)
        parts.append(Part("Asked only then", rows))
    return Comparison(
        tuple(parts),
        tuple(one for one in now.suggested_reasons if one not in then.suggested_reasons),
        tuple(one for one in then.suggested_reasons if one not in now.suggested_reasons),
        is_same_instrument=before.code == after.code,
    )


def in_both(before: Questionnaire, after: Questionnaire) -> dict[str, Topic]:
    """Code to the topic of `before`, for the topics that mean the same in both."""
    is_same = before.code == after.code
    return {
        code: topic
        for code, topic in before.by_code.items()
        if code in after.by_code and (is_same or topic.text == after.by_code[code].text)
    }


def _asked(read: Questionnaire, assessment: Assessment) -> set[str]:
    """What this assessment was asked, with whatever was answered beyond it."""
    answers = assessment.answers
    return {topic.code for topic in read.asked(answers)} | {
        code for code in read.by_code if answer_of(answers, code) or words_of(answers, code)
    }


def _parts(read: Questionnaire, codes: Iterable[str]) -> list[tuple[str, list[Topic]]]:
    wanted = set(codes)
    parts = [(one.title, one.topics) for one in read.sections]
    parts += [(one.title, one.topics) for one in read.follow_ups]
    kept = [(title, [one for one in topics if one.code in wanted]) for title, topics in parts]
    return [(title, topics) for title, topics in kept if topics]


def _side(assessment: Assessment, topic: Topic) -> Side:
    stored = assessment.answers.get(topic.code, {})
    return Side(
        topic.number,
        topic.text,
        ANSWERS.get(answer_of(assessment.answers, topic.code), NO_ANSWER),
        words_of(assessment.answers, topic.code),
        SOURCES.get(stored.get("source", ""), ""),
    )
