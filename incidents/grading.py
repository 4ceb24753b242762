"""How soon somebody must be there: a suggestion with its reasons, which the handler may override.

Pure functions. Every rule can only raise the grade, so one more danger never lowers it, and every
reason says whether it speaks of threat, harm or risk. The grades and the raising by repeat are
those of the inspection report; the minutes are force policy.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.policy import ForcePolicy
from incidents.models import ResponseGrade

HIGH_RISK = frozenset({"high", "very_high"})
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
#: Counts stop here: a number that thousands share must not slow the look-up down.
MOST_COUNTED = 100


@dataclass(frozen=True)
class MarkerFact:
    """A warning in force: its kind, and "address" or "person"."""

    kind: str
    on: str


@dataclass(frozen=True)
class HistoryFacts:
    """What is known from before: earlier incidents in the repeat period, grade, markers."""

    earlier_in_year: int = 0
    last_grade: str = ""
    markers: frozenset[MarkerFact] = frozenset()


NOTHING_KNOWN = HistoryFacts()


class Aspect(StrEnum):
    """What a reason speaks of, in the order in which reasons are shown."""

    #: What somebody may do now.
    THREAT = "threat"
    #: What was done, and to whom.
    HARM = "harm"
    #: What is known that makes worse likely.
    RISK = "risk"


@dataclass(frozen=True)
class Ground:
    """One reason in words, and what it speaks of."""

    aspect: Aspect
    words: str


@dataclass(frozen=True)
class Grounds:
    """The reasons of one aspect, for a page."""

    aspect: Aspect
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Suggestion:
    """A grade, why, how long somebody has to get there, and how many should go."""

    grade: ResponseGrade
    grounds: tuple[Ground, ...]
    allowance: timedelta | None
    officers: int

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons in words, the most pressing first."""
        return tuple(ground.words for ground in self.grounds)

    @property
    def grouped(self) -> list[Grounds]:
        """The reasons by threat, harm and risk."""
        return _grouped(self.grounds)

    @property
    def grounds_by_aspect(self) -> dict[str, list[str]]:
        """The same for keeping: {"threat": ["danger now"]}."""
        return {one.aspect.value: list(one.reasons) for one in self.grouped}

    @property
    def within(self) -> str:
        """The allowance in words: "15 minutes"; an appointment has none."""
        return in_words(self.allowance)


@dataclass(frozen=True)
class _Situation:
    answers: Mapping[str, str]
    history: HistoryFacts
    call_dropped: bool
    policy: ForcePolicy

    def says(self, code: str, answer: str = "yes") -> bool:
        return self.answers.get(code) == answer

    def has_marker(self, *kinds: str) -> bool:
        return any(marker.kind in kinds for marker in self.history.markers)

    @property
    def may_be_near(self) -> bool:
        """Nobody has said that the person complained of has gone."""
        return not self.says("whereabouts", "left")

    @property
    def is_repeat(self) -> bool:
        return self.history.earlier_in_year > 0 or self.says("earlier")


@dataclass(frozen=True)
class Rule:
    """When it holds, its words are a reason; no two rules share their words."""

    aspect: Aspect
    words: str
    holds: Callable[[_Situation], bool]


THREAT, HARM, RISK = Aspect.THREAT, Aspect.HARM, Aspect.RISK

IMMEDIATE_RULES: tuple[Rule, ...] = (
    Rule(
        THREAT,
        "perpetrator present, danger now",
        lambda s: s.says("danger") and s.says("whereabouts", "here"),
    ),
    Rule(
        THREAT,
        "danger now",
        lambda s: s.says("danger") and not s.says("whereabouts", "here"),
    ),
    Rule(
        HARM,
        "somebody is hurt, perpetrator not known to have left",
        lambda s: s.says("injury") and s.may_be_near,
    ),
    Rule(
        THREAT,
        "weapon, perpetrator not known to have left",
        lambda s: s.says("weapon") and s.may_be_near,
    ),
    Rule(
        THREAT,
        "perpetrator present, threats",
        lambda s: s.says("whereabouts", "here") and s.says("threats"),
    ),
    Rule(
        HARM,
        "perpetrator present, strangulation",
        lambda s: s.says("whereabouts", "here") and s.says("strangled"),
    ),
    Rule(
        THREAT,
        "perpetrator present despite an order or bail",
        lambda s: s.says("whereabouts", "here") and s.says("orders"),
    ),
    Rule(
        THREAT,
        "call dropped before danger was ruled out",
        lambda s: s.call_dropped and not s.says("danger", "no"),
    ),
)

PRIORITY_RULES: tuple[Rule, ...] = (
    Rule(
        THREAT,
        "perpetrator present",
        lambda s: s.says("whereabouts", "here") and not s.says("danger"),
    ),
    Rule(HARM, "somebody is hurt", lambda s: s.says("injury") and not s.may_be_near),
    Rule(THREAT, "weapon", lambda s: s.says("weapon") and not s.may_be_near),
    Rule(
        THREAT,
        "threats",
        lambda s: s.says("threats") and not s.says("whereabouts", "here"),
    ),
    Rule(
        HARM,
        "strangulation",
        lambda s: s.says("strangled") and not s.says("whereabouts", "here"),
    ),
    Rule(
        RISK,
        "an order or bail should keep the perpetrator away",
        lambda s: s.says("orders") and not s.says("whereabouts", "here"),
    ),
    Rule(THREAT, "caller cannot talk safely", lambda s: s.says("safe_to_talk", "no")),
    Rule(HARM, "children or somebody who needs care in the home", lambda s: s.says("dependants")),
    Rule(THREAT, "call dropped", lambda s: s.call_dropped and s.says("danger", "no")),
    Rule(HARM, "controlling behaviour", lambda s: s.says("control")),
    Rule(HARM, "coercive behaviour", lambda s: s.says("coercion")),
    Rule(RISK, "weapons marker", lambda s: s.has_marker("weapons")),
    Rule(RISK, "marker: violent to officers", lambda s: s.has_marker("violent")),
    Rule(RISK, "marker: child at risk", lambda s: s.has_marker("child_at_risk")),
    Rule(RISK, "marker: self-harm", lambda s: s.has_marker("self_harm")),
)

#: Worth saying, but not enough by itself to change how soon.
NOTED_RULES: tuple[Rule, ...] = (
    Rule(RISK, "pregnancy, new baby or separation", lambda s: s.says("separation")),
    Rule(RISK, "drink or drugs", lambda s: s.says("drink_drugs")),
)

#: By the words of a rule. What is counted or found in a record (a repeat, an emergency marker) is
#: no rule's and speaks of risk, and so does a sentence that no rule has any more.
_ASPECT_OF = {rule.words: rule.aspect for rule in (*IMMEDIATE_RULES, *PRIORITY_RULES, *NOTED_RULES)}

#: Answers that, all together and with nothing known from before, let a visit be arranged.
CALM = (
    ("danger", "no"),
    ("injury", "no"),
    ("whereabouts", "left"),
    ("weapon", "no"),
    ("threats", "no"),
    ("strangled", "no"),
    ("dependants", "no"),
    ("safe_to_talk", "yes"),
    ("earlier", "no"),
    ("orders", "no"),
    ("separation", "no"),
    ("drink_drugs", "no"),
)

LADDER = (
    ResponseGrade.APPOINTMENT,
    ResponseGrade.ROUTINE,
    ResponseGrade.PRIORITY,
    ResponseGrade.IMMEDIATE,
)


def suggest(
    answers: Mapping[str, str],
    history: HistoryFacts,
    policy: ForcePolicy,
    *,
    call_dropped: bool = False,
    rural: bool = False,
) -> Suggestion:
    """Suggest a grade from what was answered and what is known, with every reason in words.

    A repeat, or a last risk grade of high, raises it by one; both together, with the policy's
    number of incidents for an escalation, by two. An emergency marker makes it immediate.
    """
    situation = _Situation(answers, history, call_dropped, policy)
    immediate = [*_words(IMMEDIATE_RULES, situation), *_emergency_markers(history)]
    priority = _words(PRIORITY_RULES, situation)
    repeat, steps = _repeat(situation)
    base = 3 if immediate else 2 if priority else 0 if _is_calm(situation) else 1
    grade = LADDER[min(3, base + steps)]
    reasons = [*immediate, *repeat, *priority, *_words(NOTED_RULES, situation)]
    return Suggestion(
        grade=grade,
        grounds=_grounds(reasons or [_nothing(grade)]),
        allowance=allowance(grade, policy, rural=rural),
        officers=_officers(situation),
    )


def allowance(grade: str, policy: ForcePolicy, *, rural: bool) -> timedelta | None:
    """Elapsed time within which somebody must be there; none for an appointment."""
    minutes = policy.immediate_minutes_rural if rural else policy.immediate_minutes_urban
    return {
        ResponseGrade.IMMEDIATE: timedelta(minutes=minutes),
        ResponseGrade.PRIORITY: timedelta(minutes=policy.priority_minutes),
        ResponseGrade.ROUTINE: timedelta(hours=policy.routine_hours),
        ResponseGrade.APPOINTMENT: None,
    }[ResponseGrade(grade)]


def attend_by(
    grade: str,
    policy: ForcePolicy,
    *,
    rural: bool,
    received_at: datetime,
    appointment_at: datetime | None = None,
) -> datetime:
    """The instant by which somebody must be there, from when the call was received.

    An appointment is its own instant; until one is agreed, the time for routine calls is the time
    by which it must be.
    """
    time = allowance(grade, policy, rural=rural)
    if time is not None:
        return received_at + time
    return appointment_at or received_at + timedelta(hours=policy.routine_hours)


def grouped(reasons: Iterable[str]) -> list[Grounds]:
    """Stored reasons by threat, harm and risk, each in the order given."""
    return _grouped(_grounds(reasons))


def in_words(time: timedelta | None) -> str:
    if time is None:
        return "a time agreed with the caller"
    minutes = int(time.total_seconds() // 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"


def ordinal(number: int) -> str:
    """ "fourth", "12th", "21st"."""
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 10 < number % 100 < 14 else ending}"


def _words(rules: tuple[Rule, ...], situation: _Situation) -> list[str]:
    return [rule.words for rule in rules if rule.holds(situation)]


def _grounds(reasons: Iterable[str]) -> tuple[Ground, ...]:
    return tuple(Ground(_ASPECT_OF.get(words, RISK), words) for words in reasons)


def _grouped(grounds: Iterable[Ground]) -> list[Grounds]:
    found = list(grounds)
    by_aspect = (
        Grounds(aspect, tuple(one.words for one in found if one.aspect is aspect))
        for aspect in Aspect
    )
    return [one for one in by_aspect if one.reasons]


#: What a marker is on, in the words of a reason.
MARKED = {
    "address": "emergency marker on the address",
    "home": "emergency marker on the home of somebody in this call",
    "person": "emergency marker on a person",
}


def _emergency_markers(history: HistoryFacts) -> list[str]:
    places = sorted({marker.on for marker in history.markers if marker.kind == "emergency"})
    return [MARKED[place] for place in places]


def _repeat(situation: _Situation) -> tuple[list[str], int]:
    """The reason that earlier incidents give, and by how many grades they raise."""
    history, policy = situation.history, situation.policy
    was_high = history.last_grade in HIGH_RISK
    earlier = history.earlier_in_year
    last = f"last graded {history.last_grade.replace('_', ' ')}" if was_high else ""
    if earlier >= MOST_COUNTED:
        count = f"more than {MOST_COUNTED} incidents in {policy.repeat_months} months"
    elif earlier:
        count = f"{ordinal(earlier + 1)} incident in {policy.repeat_months} months"
    else:
        count = "it has happened before" if situation.says("earlier") else ""
    reasons = [", ".join(filter(None, [count, last]))] if count or last else []
    is_escalation = earlier + 1 >= policy.escalation_incidents
    return reasons, int(situation.is_repeat or was_high) + int(is_escalation and was_high)


def _is_calm(situation: _Situation) -> bool:
    known = situation.history != NOTHING_KNOWN
    said = all(situation.says(code, answer) for code, answer in CALM)
    return said and not known and not situation.call_dropped


def _officers(situation: _Situation) -> int:
    """Two, so that the parties can be spoken to apart; three where a weapon may be met."""
    return 3 if situation.says("weapon") or situation.has_marker("weapons", "violent") else 2


def _nothing(grade: ResponseGrade) -> str:
    if grade == ResponseGrade.APPOINTMENT:
        return "every danger was asked about and denied; nothing is known from before"
    return "no danger told yet"
