"""What the page of one assessment shows, read once."""

from dataclasses import dataclass
from datetime import datetime

from django.forms import BoundField

from accounts.models import User
from core.clock import local
from deadlines.models import Deadline
from risk.answers import answered
from risk.comparing import in_both
from risk.forms import AssessmentForm
from risk.instruments import (
    ANSWERS,
    DONT_KNOW,
    NOT_ASKED,
    SOURCES,
    YES,
    FollowUp,
    Questionnaire,
    Topic,
    answer_of,
    questionnaire,
    words_of,
)
from risk.models import Assessment

#: Month names alone are clear within this many days.
_MONTH_IS_CLEAR = 300


@dataclass(frozen=True)
class TopicRow:
    """One topic as the form shows it; `earlier` is "yes in September" where it was."""

    topic: Topic
    answer: BoundField
    words: BoundField
    source: BoundField
    earlier: str

    @property
    def words_open_when(self) -> str:
        return f"{self.topic.code}={YES}|{DONT_KNOW}|{NOT_ASKED}"

    @property
    def prompt_opens_when(self) -> str:
        return f"{self.topic.code}={YES}"

    @property
    def is_grave(self) -> bool:
        return bool(self.topic.high_because)


@dataclass(frozen=True)
class Part:
    """A section or a follow-up set with its rows."""

    code: str
    title: str
    rows: list[TopicRow]
    opens_when: str = ""


@dataclass(frozen=True)
class Given:
    """One answer as it is read, not edited."""

    number: str
    text: str
    answer: str
    words: str
    source: str
    earlier: str

    @property
    def is_yes(self) -> bool:
        return self.answer == ANSWERS[YES]


@dataclass(frozen=True)
class Progress:
    """The running suggestion, and how far it is."""

    yes_count: int
    grade: str
    because: str
    unknown: str
    answered: int
    total: int
    is_counted: bool = True


def progress(assessment: Assessment) -> Progress:
    """From what is stored; no query."""
    read = questionnaire(assessment.instrument)
    unknown = [t.number for t in read.topics if answer_of(assessment.answers, t.code) == DONT_KNOW]
    return Progress(
        assessment.yes_count,
        assessment.suggested_grade,
        listed(assessment.suggested_reasons),
        ", ".join(unknown),
        answered(read, assessment.answers),
        len(read.topics),
        read.grading.is_counted,
    )


def listed(reasons: list[str]) -> str:
    """Phrases in one sentence: "strangulation, threats to kill and stalking"."""
    if len(reasons) < 2:
        return "".join(reasons)
    return f"{', '.join(reasons[:-1])} and {reasons[-1]}"


def previous_of(assessment: Assessment) -> Assessment | None:
    """The victim's last submitted assessment before this one."""
    earlier = Assessment.objects.filter(victim=assessment.victim_id).before(assessment.started_at)
    return earlier.exclude(pk=assessment.pk).select_related("instrument", "officer").first()


def month_of(then: datetime, now: datetime) -> str:
    """ "September", with its year once that could be another one."""
    there = local(then)
    return f"{there:%B}" if (now - then).days < _MONTH_IS_CLEAR else f"{there:%B %Y}"


def earlier_yes(previous: Assessment | None, read: Questionnaire, now: datetime) -> dict[str, str]:
    """Topic code to "yes in September", for what the previous assessment answered yes."""
    if previous is None:
        return {}
    words = f"yes in {month_of(previous.started_at, now)}"
    same = in_both(questionnaire(previous.instrument), read)
    return {code: words for code in same if answer_of(previous.answers, code) == YES}


def parts(form: AssessmentForm, earlier: dict[str, str]) -> tuple[list[Part], list[Part]]:
    """The sections and the follow-up sets of a form, as the page draws them."""
    read = form.read
    sections = [
        Part(one.code, one.title, _rows(form, one.topics, earlier)) for one in read.sections
    ]
    sets = [
        Part(one.code, one.title, _rows(form, one.topics, earlier), opening_rule(one))
        for one in read.follow_ups
    ]
    return sections, sets


def opening_rule(follow_up: FollowUp) -> str:
    """For the page's script: "q04=yes,q20=yes"."""
    return ",".join(f"{code}={YES}" for code in follow_up.opens_when)


def given(assessment: Assessment, earlier: dict[str, str]) -> list[tuple[str, list[Given]]]:
    """Every answer by section, to be read; a follow-up set only where something was answered."""
    read, answers = questionnaire(assessment.instrument), assessment.answers
    shown = [(one.title, one.topics) for one in read.sections]
    shown += [
        (one.title, one.topics)
        for one in read.follow_ups
        if one in read.opened(answers) or any(t.code in answers for t in one.topics)
    ]
    return [
        (title, [_given(assessment, topic, earlier) for topic in topics]) for title, topics in shown
    ]


def running_deadline(assessment: Assessment, kind: str) -> Deadline | None:
    """What is owed about this assessment, if it is still open."""
    return Deadline.objects.of(assessment).open().filter(kind=kind).first()


def words_label(assessment: Assessment) -> str:
    """Whose words: her, his or theirs."""
    whose = {"female": "her", "male": "his"}.get(assessment.victim.person.sex, "their")
    return f"In {whose} words, or why it was not asked"


def autosave_key(user: User, assessment: Assessment) -> str:
    """Names the person and the record, so that a shared computer shows nobody another's words."""
    return f"assessment:{user.pk}:{assessment.reference}"


def _rows(
    form: AssessmentForm, topics: tuple[Topic, ...], earlier: dict[str, str]
) -> list[TopicRow]:
    return [
        TopicRow(
            topic,
            form[topic.code],
            form[f"{topic.code}_words"],
            form[f"{topic.code}_source"],
            earlier.get(topic.code, ""),
        )
        for topic in topics
    ]


def _given(assessment: Assessment, topic: Topic, earlier: dict[str, str]) -> Given:
    stored = assessment.answers.get(topic.code, {})
    return Given(
        topic.number,
        topic.text,
        ANSWERS.get(answer_of(assessment.answers, topic.code), "No answer"),
        words_of(assessment.answers, topic.code),
        SOURCES.get(stored.get("source", ""), ""),
        earlier.get(topic.code, ""),
    )
