"""Questionnaires as data: what an `Instrument.content` must look like, and typed access to it.

A force that holds a licence for the official wording loads it as a new version; an assessment
keeps the version that it was made on, so codes of topics never change their meaning.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.errors import InvalidInput
from risk.models import Instrument

YES, NO, DONT_KNOW, NOT_ASKED = "yes", "no", "dont_know", "not_asked"
#: Answer code to its words, in the order of the buttons.
ANSWERS = {YES: "Yes", NO: "No", DONT_KNOW: "Don't know", NOT_ASKED: "Not asked"}

#: Who or what an answer comes from.
SOURCES = {
    "victim": "The victim",
    "child": "A child",
    "witness": "Somebody else",
    "officer": "Seen by an officer",
    "record": "A record",
}

#: The questionnaire that the police use after a domestic incident.
POLICE = "dash_police"

#: Purposes of sets that stand beside a whole assessment: they may raise a grade, never lower it,
#: and do not stand for the assessment that an incident asks for.
BESIDE = (Instrument.Purpose.STALKING, Instrument.Purpose.HONOUR)

#: How an instrument comes to a grade.
BY_COUNT, BY_JUDGEMENT = "count", "judgement"
GRADINGS = {BY_COUNT: "Yes answers are counted", BY_JUDGEMENT: "No score: judgement only"}

_CODE = re.compile(r"^[a-z][a-z0-9]{0,9}$")
#: A questionnaire's own.
CODE = re.compile(r"^[a-z][a-z0-9_]{0,29}$")


@dataclass(frozen=True)
class Topic:
    """One thing to ask. `high_because` names, in words, why a yes alone suggests high."""

    code: str
    number: str
    text: str
    prompt: str = ""
    high_because: str = ""


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class FollowUp:
    """A set that opens when any of `opens_when` is yes; its topics do not add to the count.

    So many yes answers as `high_from` suggest high because of `high_because`; None: never.
    """

    code: str
    title: str
    opens_when: tuple[str, ...]
    topics: tuple[Topic, ...]
    high_from: int | None
    high_because: str


@dataclass(frozen=True)
class Together:
    """Topics that, all of them yes, suggest high."""

    topics: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Grading:
    """How answers come to a grade.

    By count: so many yes answers suggest medium, so many high; None: as force policy says. By
    judgement: nothing is counted, and a grade is suggested by single topics and their rules
    alone. `escalation`: whether so many incidents in so many months suggest high.
    """

    by: str = BY_COUNT
    medium_from: int | None = None
    high_from: int | None = None
    escalation: bool = True

    @property
    def is_counted(self) -> bool:
        return self.by == BY_COUNT


@dataclass(frozen=True)
class Questionnaire:
    """One version of one instrument."""

    code: str
    version: int
    title: str
    note: str
    sections: tuple[Section, ...]
    follow_ups: tuple[FollowUp, ...]
    high_together: tuple[Together, ...]
    grading: Grading = Grading()

    @cached_property
    def topics(self) -> tuple[Topic, ...]:
        """The topics that count, in order."""
        return tuple(topic for section in self.sections for topic in section.topics)

    @cached_property
    def by_code(self) -> dict[str, Topic]:
        """Every topic by its code, those of the follow-up sets included."""
        return {topic.code: topic for topic in self._all()}

    def _all(self) -> Iterator[Topic]:
        yield from self.topics
        for follow_up in self.follow_ups:
            yield from follow_up.topics

    def opened(self, answers: Mapping[str, Any]) -> tuple[FollowUp, ...]:
        """The follow-up sets that these answers call for."""
        return tuple(
            follow_up
            for follow_up in self.follow_ups
            if any(answer_of(answers, code) == YES for code in follow_up.opens_when)
        )

    def asked(self, answers: Mapping[str, Any]) -> tuple[Topic, ...]:
        """The topics to be answered before submission: all that count, and the opened sets."""
        return self.topics + tuple(t for set_ in self.opened(answers) for t in set_.topics)


def answer_of(answers: Mapping[str, Any], code: str) -> str:
    """The answer code of a topic, "" while it has none."""
    return str((answers.get(code) or {}).get("answer", ""))


def words_of(answers: Mapping[str, Any], code: str) -> str:
    """What was noted beside a topic."""
    return str((answers.get(code) or {}).get("words", ""))


_parsed: dict[tuple[str, int], tuple[Any, Questionnaire]] = {}


def questionnaire(instrument: Instrument) -> Questionnaire:
    """The questionnaire of a stored instrument, parsed once per version and process."""
    key = (instrument.code, instrument.version)
    content, known = _parsed.get(key, (None, None))
    # A version does not change once loaded; a test's or a corrected one is parsed anew.
    if known is None or content != instrument.content:
        known = parse(instrument.code, instrument.version, instrument.title, instrument.content)
        _parsed[key] = (instrument.content, known)
    return known


def parse(code: str, version: int, title: str, content: Any) -> Questionnaire:
    """Read and check the content of an instrument.

    Raises InvalidInput naming the place that is wrong: a topic without a code or words, a code
    used twice, a rule about a topic that does not exist.
    """
    numbers = iter(range(1, 1000))
    sections = tuple(
        Section(
            _text(row, "code"),
            _text(row, "title"),
            tuple(_topic(topic, str(next(numbers))) for topic in _rows(row, "topics")),
        )
        for row in _rows(content, "sections")
    )
    read = Questionnaire(
        code=code,
        version=version,
        title=title,
        note=_text(content, "note"),
        sections=sections,
        follow_ups=tuple(_follow_up(row) for row in _rows(content, "follow_ups", may_be_none=True)),
        high_together=tuple(
            Together(_codes(row, "topics"), _text(row, "because"))
            for row in _rows(content, "high_together", may_be_none=True)
        ),
        grading=_grading(content.get("grading", {})),
    )
    _check_codes(read)
    return read


def _check_codes(read: Questionnaire) -> None:
    codes = [topic.code for topic in read._all()]
    if len(codes) != len(set(codes)):
        raise InvalidInput("A topic's code stands twice.", field="content")
    countable = {topic.code for topic in read.topics}
    named = [code for row in read.high_together for code in row.topics]
    named += [code for row in read.follow_ups for code in row.opens_when]
    if unknown := sorted(set(named) - countable):
        raise InvalidInput(f"A rule names {unknown[0]}, which is no topic.", field="content")


def _grading(row: Any) -> Grading:
    """Left out: yes answers counted by the force's own numbers."""
    if not isinstance(row, dict) or set(row) - {"by", "medium_from", "high_from", "escalation"}:
        raise InvalidInput(
            "grading holds by, medium_from, high_from and escalation.", field="content"
        )
    by = row.get("by", BY_COUNT)
    if not isinstance(by, str) or by not in GRADINGS:
        raise InvalidInput(f"grading is by {' or '.join(GRADINGS)}.", field="content")
    medium, high = (_number(row, name) for name in ("medium_from", "high_from"))
    if by == BY_JUDGEMENT and (medium or high):
        raise InvalidInput("Without a score there are no numbers for a grade.", field="content")
    if medium and high and medium >= high:
        raise InvalidInput("medium_from must be below high_from.", field="content")
    escalation = row.get("escalation", by == BY_COUNT)
    if not isinstance(escalation, bool):
        raise InvalidInput("escalation is true or false.", field="content")
    return Grading(by, medium, high, escalation)


def _number(row: Any, name: str) -> int | None:
    number = row.get(name)
    if number is not None and (type(number) is not int or number < 1):
        raise InvalidInput(f"{name} must be a whole number above nought.", field="content")
    return number


def _topic(row: Any, number: str) -> Topic:
    code = _text(row, "code")
    if not _CODE.match(code):
        raise InvalidInput(f"{code} cannot be a topic's code.", field="content")
    return Topic(
        code,
        number,
        _text(row, "text"),
        _text(row, "prompt", may_be_none=True),
        _text(row, "high_because", may_be_none=True),
    )


def _follow_up(row: Any) -> FollowUp:
    high_from = _number(row, "high_from")
    topics = _rows(row, "topics")
    title = _text(row, "title")
    return FollowUp(
        _text(row, "code"),
        title,
        _codes(row, "opens_when"),
        tuple(_topic(topic, str(number)) for number, topic in enumerate(topics, 1)),
        high_from,
        _text(row, "high_because", may_be_none=True) or title.lower(),
    )


def _rows(row: Any, name: str, *, may_be_none: bool = False) -> list[Any]:
    rows = row.get(name, []) if isinstance(row, dict) else None
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        raise InvalidInput(f"{name} must be a list of objects.", field="content")
    if not rows and not may_be_none:
        raise InvalidInput(f"{name} is empty.", field="content")
    return rows


def _codes(row: Any, name: str) -> tuple[str, ...]:
    codes = row.get(name)
    if not isinstance(codes, list) or not codes or not all(isinstance(one, str) for one in codes):
        raise InvalidInput(f"{name} must be a list of topic codes.", field="content")
    return tuple(codes)


def _text(row: Any, name: str, *, may_be_none: bool = False) -> str:
    text = row.get(name, "") if isinstance(row, dict) else None
    if not isinstance(text, str) or not (text.strip() or may_be_none):
        raise InvalidInput(f"{name} must have words.", field="content")
    return text
