"""The force's table of triggers as people read it: in force now, from when, and what it was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from core import policy
from core.models import PolicyVersion
from core.trigger_rules import AHEAD, GRADES, Trigger, TriggerRule, Who, rule_for
from core.working_time import describe
from victims.models import RiskGrade

Rules = tuple[TriggerRule, ...]
#: Versions shown; older ones stay on record.
MOST = 50

WHO: dict[Who, str] = {
    Who.RISK: "whoever has the risk",
    Who.CONTACT: "whoever has contact",
    Who.PLAN: "whoever has the safety plan",
    Who.NEIGHBOURHOOD: "the area's neighbourhood team",
}


@dataclass(frozen=True)
class Row:
    """One trigger with its rule for each grade, in order of the grades."""

    trigger: Trigger
    rules: tuple[TriggerRule, ...]

    @property
    def name(self) -> str:
        return self.trigger.words.capitalize()

    @property
    def is_ahead(self) -> bool:
        return self.trigger in AHEAD

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Grade and time, in words."""
        return [(grade_words(rule.grade), time_words(rule)) for rule in self.rules]

    @property
    def who(self) -> str:
        """Who must look again, once where it is the same for every grade."""
        return _once(WHO[rule.who] for rule in self.rules)

    @property
    def tells(self) -> str:
        return _once("yes" if rule.tell_victim else "no" for rule in self.rules)


@dataclass(frozen=True)
class Changed:
    """One rule before and after, in sentences."""

    trigger: Trigger
    grade: str
    before: str
    after: str

    @property
    def name(self) -> str:
        return f"{self.trigger.words.capitalize()}, {grade_words(self.grade).lower()}"


@dataclass(frozen=True)
class Version:
    """One version of the table, with what it changed."""

    row: PolicyVersion
    changes: list[Changed]
    is_ahead: bool


def newest() -> PolicyVersion | None:
    """The version that takes effect last, which a change begins from."""
    return PolicyVersion.objects.order_by("-effective_from", "-pk").first()


def rules_of(version: PolicyVersion | None) -> Rules:
    return policy.typed(version.values if version else {}).trigger_rules


def table(rules: Rules) -> list[Row]:
    """Every trigger, in the order in which the force's rules name them."""
    return [row_of(rules, trigger) for trigger in Trigger]


def row_of(rules: Rules, trigger: Trigger) -> Row:
    return Row(trigger, tuple(rule_for(rules, trigger, grade) for grade in GRADES))


def differences(before: Rules, after: Rules) -> list[Changed]:
    """What differs, rule by rule, in sentences."""
    return [
        Changed(new.trigger, new.grade, sentence(old), sentence(new))
        for old, new in zip(_in_order(before), _in_order(after), strict=True)
        if old != new
    ]


def history(at: datetime) -> list[Version]:
    """The versions that changed the table, the newest first."""
    versions = PolicyVersion.objects.select_related("author").order_by("effective_from", "pk")
    found, before = [], rules_of(None)
    for version in versions:
        after = rules_of(version)
        if changed := differences(before, after):
            found.append(Version(version, changed, version.effective_from > at))
        before = after
    return found[::-1][:MOST]


def time_words(rule: TriggerRule) -> str:
    """How long, in words: "4 hours", "7 days before", "before it happens"."""
    if rule.trigger in AHEAD and not rule.amount:
        return "before it happens"
    return describe(rule.clock, rule.allowance)


def sentence(rule: TriggerRule) -> str:
    """A whole rule: "4 hours, whoever has the risk; the victim is told"."""
    told = "the victim is told" if rule.tell_victim else "the victim is not told"
    return f"{time_words(rule)}, {WHO[rule.who]}; {told}"


def grade_words(grade: str) -> str:
    return str(RiskGrade(grade).label)


def _in_order(rules: Rules) -> list[TriggerRule]:
    return [rule_for(rules, trigger, grade) for trigger in Trigger for grade in GRADES]


def _once(words: Iterable[str]) -> str:
    said: Sequence[str] = list(words)
    if len(set(said)) == 1:
        return said[0]
    return "; ".join(
        f"{grade_words(grade).lower()}: {one}" for grade, one in zip(GRADES, said, strict=True)
    )
