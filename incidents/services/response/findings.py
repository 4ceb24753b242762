"""What a first response says, and which of its answers need words. Pure: no database."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from core.errors import InvalidInput
from core.text import LONGEST_NARRATIVE, clean
from incidents.golden_hour import GOLDEN_HOUR
from incidents.models import Crime, FirstResponse

YesNo = FirstResponse.YesNo

#: More crimes than this from one call are recorded one by one.
MOST_CRIMES = 10
MOST_ARRESTS = 50


@dataclass(frozen=True, kw_only=True)
class CrimeNamed:
    """A crime that was committed; the number may come later, within the deadline."""

    category: str
    number: str = ""
    arrests: int = 0


@dataclass(frozen=True, kw_only=True)
class Findings:
    """The answers of a first response, as typed."""

    positive_action: str
    positive_action_reason: str = ""
    spoken_apart: str
    spoken_apart_reason: str = ""
    children_present: str
    account: str
    golden_hour: tuple[str, ...] = ()
    body_worn_video: str
    body_worn_video_reason: str = ""
    supports_prosecution: str
    evidence_led_plan: str = ""
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
    "body_worn_video_reason": 300,
    "evidence_led_plan": 10_000,
    "safety_plan": 10_000,
    "non_crime_reason": 300,
}

#: The answers that each choice knows.
CHOICES: dict[str, frozenset[str]] = {
    "positive_action": frozenset(FirstResponse.PositiveAction.values),
    "spoken_apart": frozenset(YesNo.values),
    "children_present": frozenset({YesNo.YES, YesNo.NO}),
    "body_worn_video": frozenset({YesNo.YES, YesNo.NO}),
    "supports_prosecution": frozenset(YesNo.values),
    "crime_committed": frozenset({YesNo.YES, YesNo.NO}),
}

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
    ("body_worn_video", "no", "body_worn_video_reason", "Say why there is no body-worn video."),
    (
        "supports_prosecution",
        "no",
        "evidence_led_plan",
        "Say how the case can be built without the victim: which evidence there is.",
    ),
    ("crime_committed", "no", "non_crime_reason", "Say why this was not a crime."),
)


def missing_words(answers: dict[str, Any]) -> dict[str, str]:
    """Field to sentence for each answer whose words are missing; forms and services ask alike."""
    wrong = {
        words: sentence
        for field, answer, words, sentence in NEED_WORDS
        if answers.get(field) == answer and not str(answers.get(words) or "").strip()
    }
    if answers.get("crime_committed") == YesNo.YES and not answers.get("crimes"):
        wrong["crimes"] = "Choose which crime it was; the number can follow."
    return wrong


def checked(findings: Findings) -> Findings:
    """The same findings with tidy text. Raises InvalidInput at the first field that is wrong."""
    for field, known in CHOICES.items():
        if getattr(findings, field) not in known:
            raise InvalidInput("Choose an answer.", field=field)
    if unknown := sorted(set(findings.golden_hour) - set(GOLDEN_HOUR)):
        raise InvalidInput(f"There is nothing called {unknown[0]}.", field="golden_hour")
    tidy = replace(
        findings,
        **{
            name: clean(
                getattr(findings, name),
                field=name,
                longest=longest,
                required=name in {"account", "safety_plan"},
            )
            for name, longest in LONGEST.items()
        },
        golden_hour=tuple(code for code in GOLDEN_HOUR if code in findings.golden_hour),
        crimes=_checked_crimes(findings),
    )
    for field, sentence in missing_words(vars(tidy)).items():
        raise InvalidInput(sentence, field=field)
    return replace(tidy, non_crime_reason="") if tidy.crime_committed == YesNo.YES else tidy


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


def record_fields(findings: Findings) -> dict[str, Any]:
    """The columns of FirstResponse that the findings fill."""
    own = {field.name for field in fields(Findings)} - {
        "crime_committed",
        "crimes",
        "non_crime_reason",
        "golden_hour",
    }
    return {
        **{name: getattr(findings, name) for name in sorted(own)},
        "golden_hour": list(findings.golden_hour),
        "crimes_committed": [crime.category for crime in findings.crimes],
    }


def in_words(values: dict[str, Any]) -> dict[str, str]:
    """Columns as a person reads them, for showing two versions side by side."""
    shown = {}
    for name, value in values.items():
        if name == "golden_hour":
            shown[name] = _listed(GOLDEN_HOUR[code] for code in value if code in GOLDEN_HOUR)
        elif name == "crimes_committed":
            shown[name] = _listed(str(Crime.Category(code).label) for code in value)
        elif name == "positive_action":
            shown[name] = str(FirstResponse.PositiveAction(value).label)
        elif name in CHOICES:
            shown[name] = str(YesNo(value).label)
        else:
            shown[name] = str(value)
    return shown


def _listed(words: Iterable[str]) -> str:
    return "; ".join(words)
