"""What a first response says, and which of its answers need words. Pure: no database."""

from dataclasses import dataclass, replace
from typing import Any

from core.errors import InvalidInput
from core.text import LONGEST_NARRATIVE, clean
from incidents.golden_hour import GOLDEN_HOUR
from incidents.models import Crime, FirstResponse
from incidents.safety import MEASURES

YesNo = FirstResponse.YesNo
CounterView = FirstResponse.CounterView

#: More crimes than this from one call are recorded one by one.
MOST_CRIMES = 10
MOST_ARRESTS = 50
MOST_CHILDREN = 20


@dataclass(frozen=True, kw_only=True)
class CrimeNamed:
    """A crime that was committed; the number may come later, within the deadline."""

    category: str
    number: str = ""
    arrests: int = 0


@dataclass(frozen=True, kw_only=True)
class PartyFound:
    """What one of the parties said. `person` is a reference, of somebody in the incident."""

    person: str
    was_spoken_to: bool
    #: What they said; or why they were not spoken to.
    account: str
    injuries: str = ""
    #: What they fear will happen.
    fear: str = ""


@dataclass(frozen=True, kw_only=True)
class ChildFound:
    """One child. `person` is the reference of a child of the incident, "" for one nobody named."""

    person: str = ""
    #: As shown: "Ella, 6". Blank takes the name on record.
    name: str = ""
    was_seen: bool
    was_spoken_to: bool
    #: What they said and how they were; or why they were not seen, or not spoken to.
    words: str


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The answers of a first response, as typed."""

    positive_action: str
    positive_action_reason: str = ""
    spoken_apart: str
    spoken_apart_reason: str = ""
    #: One for each victim, perpetrator and witness of the incident.
    parties: tuple[PartyFound, ...] = ()
    #: yes or no: a child lives there or was there.
    children_present: str
    #: One for each child of the incident, and those found there whom nobody named.
    children: tuple[ChildFound, ...] = ()
    account: str
    golden_hour: tuple[str, ...] = ()
    body_worn_video: str
    body_worn_video_exhibit: str = ""
    body_worn_video_reason: str = ""
    supports_prosecution: str
    #: What the victim wants, in their words.
    wishes: str = ""
    evidence_led_plan: str = ""
    #: Somebody named as perpetrator alleges against a victim.
    counter_allegation: str = "no"
    #: References of who alleges, and against whom; needed where more than two people are named.
    counter_by: str = ""
    counter_against: str = ""
    #: The officer's own view: "one", "both" or "unclear".
    counter_view: str = ""
    #: Reference of whom the officer takes to need protection, where it is one of them.
    counter_protect: str = ""
    #: Why; or, once an allegation is taken back, why that is.
    counter_reason: str = ""
    safety_measures: tuple[str, ...] = ()
    safety_plan: str
    #: yes or no.
    crime_committed: str
    crimes: tuple[CrimeNamed, ...] = ()
    non_crime_reason: str = ""


#: Longest text of each field that is typed, in characters.
LONGEST: dict[str, int] = {
    "positive_action_reason": 5_000,
    "spoken_apart_reason": 300,
    "account": LONGEST_NARRATIVE,
    "body_worn_video_exhibit": 40,
    "body_worn_video_reason": 300,
    "wishes": 5_000,
    "evidence_led_plan": 10_000,
    "counter_reason": 5_000,
    "safety_plan": 10_000,
    "non_crime_reason": 300,
}
LONGEST_OF_PARTY: dict[str, int] = {"account": 20_000, "injuries": 5_000, "fear": 5_000}
LONGEST_OF_CHILD: dict[str, int] = {"name": 120, "words": 5_000}

#: The answers that each choice knows.
CHOICES: dict[str, frozenset[str]] = {
    "positive_action": frozenset(FirstResponse.PositiveAction.values),
    "spoken_apart": frozenset(YesNo.values),
    "children_present": frozenset({YesNo.YES, YesNo.NO}),
    "body_worn_video": frozenset({YesNo.YES, YesNo.NO}),
    "supports_prosecution": frozenset(YesNo.values),
    "counter_allegation": frozenset({YesNo.YES, YesNo.NO}),
    "counter_view": frozenset({"", *CounterView.values}),
    "crime_committed": frozenset({YesNo.YES, YesNo.NO}),
}

#: The checklists, by field.
LISTS: dict[str, dict[str, str]] = {"golden_hour": GOLDEN_HOUR, "safety_measures": MEASURES}

_WISHES = "Say what the victim wants, in their words; or that they would not say."

#: Field with an answer, the answer that needs words, where they belong, and what to ask for
#: (inspection report, recommendations 12 and 14: positive action, golden hour, evidence-led cases).
NEED_WORDS: tuple[tuple[str, str, str, str], ...] = (
    (
        "positive_action",
        "none",
        "positive_action_reason",
        "Say why nothing was done: positive action is expected.",
    ),
    ("spoken_apart", "no", "spoken_apart_reason", "Say why they were not spoken to apart."),
    (
        "body_worn_video",
        "yes",
        "body_worn_video_exhibit",
        "Give the exhibit reference of the video: initials and number, as TH/1.",
    ),
    ("body_worn_video", "no", "body_worn_video_reason", "Say why there is no body-worn video."),
    ("supports_prosecution", "yes", "wishes", _WISHES),
    ("supports_prosecution", "no", "wishes", _WISHES),
    (
        "supports_prosecution",
        "no",
        "evidence_led_plan",
        "Say how the case can be built without the victim: which evidence there is.",
    ),
    (
        "counter_allegation",
        "yes",
        "counter_view",
        "Say what you make of it. That it is not clear yet is an answer.",
    ),
    ("counter_view", "one", "counter_protect", "Say whom you take to need protection."),
    (
        "counter_allegation",
        "yes",
        "counter_reason",
        "Say why: what you saw and heard, injuries, fear, and what happened before.",
    ),
    ("crime_committed", "no", "non_crime_reason", "Say why this was not a crime."),
)


def missing_words(answers: dict[str, Any]) -> dict[str, str]:
    """Field to sentence for each answer whose words are missing; forms and services ask alike."""
    if answers.get("counter_allegation") != YesNo.YES:
        answers = {**answers, "counter_view": ""}
    wrong = {
        words: sentence
        for field, answer, words, sentence in NEED_WORDS
        if answers.get(field) == answer and not str(answers.get(words) or "").strip()
    }
    if answers.get("crime_committed") == YesNo.YES and not answers.get("crimes"):
        wrong["crimes"] = "Choose which crime it was; the number can follow."
    return wrong


def checked(findings: Findings) -> Findings:
    """The same findings with tidy text. Raises InvalidInput at the first field that is wrong.

    Answers that another answer makes pointless (a reason why it was no crime, where it was one) are
    left out.
    """
    for field, known in CHOICES.items():
        if getattr(findings, field) not in known:
            raise InvalidInput("Choose an answer.", field=field)
    texts: dict[str, Any] = {
        name: clean(
            getattr(findings, name),
            field=name,
            longest=longest,
            required=name in {"account", "safety_plan"},
        )
        for name, longest in LONGEST.items()
    }
    lists: dict[str, Any] = {name: _checked_list(name, getattr(findings, name)) for name in LISTS}
    tidy = replace(
        findings,
        **texts,
        **lists,
        parties=_checked_parties(findings),
        children=_checked_children(findings),
        crimes=_checked_crimes(findings),
    )
    for field, sentence in missing_words(vars(tidy)).items():
        raise InvalidInput(sentence, field=field)
    return _without_pointless(tidy)


def _without_pointless(tidy: Findings) -> Findings:
    pointless: dict[str, Any] = {}
    if tidy.crime_committed == YesNo.YES:
        pointless["non_crime_reason"] = ""
    if tidy.body_worn_video == YesNo.NO:
        pointless["body_worn_video_exhibit"] = ""
    if tidy.counter_allegation == YesNo.NO:
        pointless |= {"counter_view": "", "counter_by": "", "counter_against": ""}
    if tidy.counter_allegation == YesNo.NO or tidy.counter_view != CounterView.ONE:
        pointless["counter_protect"] = ""
    return replace(tidy, **pointless)


def _checked_list(name: str, codes: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := sorted(set(codes) - set(LISTS[name])):
        raise InvalidInput(f"There is nothing called {unknown[0]}.", field=name)
    return tuple(code for code in LISTS[name] if code in codes)


def _checked_parties(findings: Findings) -> tuple[PartyFound, ...]:
    return tuple(_checked_party(row, at) for at, row in enumerate(findings.parties))


def _checked_party(row: PartyFound, position: int) -> PartyFound:
    at = f"parties.{position}."
    texts = _tidy(row, LONGEST_OF_PARTY, at)
    if not texts["account"]:
        asked = "what they said" if row.was_spoken_to else "why they were not spoken to"
        raise InvalidInput(f"Say {asked}.", field=f"{at}account")
    return replace(row, **texts)


def _checked_children(findings: Findings) -> tuple[ChildFound, ...]:
    if len(findings.children) > MOST_CHILDREN:
        raise InvalidInput(f"At most {MOST_CHILDREN} children.", field="children")
    tidy = tuple(_checked_child(row, at) for at, row in enumerate(findings.children))
    there = [row for row in tidy if row.was_seen or not row.person]
    if findings.children_present == YesNo.NO and there:
        raise InvalidInput(
            "A child is written down below, so this cannot be no.", field="children_present"
        )
    if findings.children_present == YesNo.YES and not tidy:
        raise InvalidInput("Write down each child, seen or not.", field="children")
    return tidy


def _checked_child(row: ChildFound, position: int) -> ChildFound:
    at = f"children.{position}."
    texts = _tidy(row, LONGEST_OF_CHILD, at)
    if not texts["name"] and not row.person:
        raise InvalidInput("Give a name or an age.", field=f"{at}name")
    if row.was_spoken_to and not row.was_seen:
        raise InvalidInput("Spoken to means seen as well.", field=f"{at}was_seen")
    if not texts["words"]:
        raise InvalidInput(words_of_child_wanted(row), field=f"{at}words")
    return replace(row, **texts)


def words_of_child_wanted(row: ChildFound) -> str:
    """What the words about a child must say, from what was done."""
    if row.was_spoken_to:
        return "Say what the child said, and how they were."
    if row.was_seen:
        return "Say how the child was, and why nobody spoke to them."
    return "Say why the child was not seen, and who will."


def _tidy(row: PartyFound | ChildFound, longest: dict[str, int], at: str) -> dict[str, Any]:
    return {
        name: clean(getattr(row, name), field=f"{at}{name}", longest=most)
        for name, most in longest.items()
    }


def _checked_crimes(findings: Findings) -> tuple[CrimeNamed, ...]:
    if findings.crime_committed != YesNo.YES:
        if findings.crimes:
            raise InvalidInput(
                "A crime is named, but the answer is that there was none.", field="crime_committed"
            )
        return ()
    if len(findings.crimes) > MOST_CRIMES:
        raise InvalidInput(f"At most {MOST_CRIMES} crimes at once.", field="crimes")
    return tuple(
        checked_crime(crime, at=f"crimes.{position}.")
        for position, crime in enumerate(findings.crimes)
    )


def checked_crime(crime: CrimeNamed, *, at: str = "") -> CrimeNamed:
    """A crime with a tidy number. Raises InvalidInput at `<at>category`, `number` or `arrests`."""
    if crime.category not in Crime.Category.values:
        raise InvalidInput("Choose which crime it was.", field=f"{at}category")
    if not 0 <= crime.arrests <= MOST_ARRESTS:
        raise InvalidInput(f"Give a whole number from 0 to {MOST_ARRESTS}.", field=f"{at}arrests")
    return replace(crime, number=crime_number(crime.number, field=f"{at}number"))


def crime_number(typed: str, *, field: str) -> str:
    """A crime number in capitals without blanks, "" for none. Raises InvalidInput at `field`."""
    number = clean("".join(typed.split()), field=field, longest=20).upper()
    if number and not (number.isascii() and number.replace("/", "").replace("-", "").isalnum()):
        raise InvalidInput("A crime number has letters, figures, / and - only.", field=field)
    return number
