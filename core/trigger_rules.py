"""When risk must be looked at again: one table of the force's rules, part of its policy.

A row says, for one trigger and one risk grade: how long the named owner has, on which clock, who
that owner is, and whether the victim must be told of it. Data: a force changes a row with a new
policy version, `trigger_rules` holding the rows that differ from the defaults below.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from core.errors import InvalidInput
from core.working_time import Allowance, Clock

#: The grades that rules are made for; somebody whom nobody has graded yet counts as high.
GRADES = ("standard", "medium", "high", "very_high")
UNGRADED = "high"


class Trigger(StrEnum):
    """What makes a risk that was assessed uncertain again."""

    RELEASE = "release"
    BAIL = "bail"
    BAIL_CHANGE = "bail_change"
    CHARGE = "charge"
    COURT_DATE = "court_date"
    RELEASE_PLANNED = "release_planned"
    PRISON_RELEASE = "prison_release"
    RELEASE_OVERDUE = "release_overdue"
    ORDER_MADE = "order_made"
    ORDER_BREACHED = "order_breached"
    NEW_INCIDENT = "new_incident"
    MOVED = "moved"
    SEPARATED = "separated"
    GONE_QUIET = "gone_quiet"
    GRADE_DOUBTED = "grade_doubted"
    PERIODIC = "periodic"

    @property
    def words(self) -> str:
        """What happened, as a phrase that can stand alone: "released from custody"."""
        return _WORDS[self]


_WORDS = {
    Trigger.RELEASE: "released from custody",
    Trigger.BAIL: "bail granted",
    Trigger.BAIL_CHANGE: "bail changed or ended",
    Trigger.CHARGE: "charged",
    Trigger.COURT_DATE: "court date near",
    Trigger.RELEASE_PLANNED: "release planned",
    Trigger.PRISON_RELEASE: "released from prison",
    Trigger.RELEASE_OVERDUE: "release expected, none recorded",
    Trigger.ORDER_MADE: "order made",
    Trigger.ORDER_BREACHED: "order or bail breached",
    Trigger.NEW_INCIDENT: "new incident",
    Trigger.MOVED: "moved",
    Trigger.SEPARATED: "separated",
    Trigger.GONE_QUIET: "gone quiet",
    Trigger.GRADE_DOUBTED: "grade doubted by the unit or an adviser",
    Trigger.PERIODIC: "periodic review",
}


class Who(StrEnum):
    """Who must look again: each names one person of the victim's (victims.duties)."""

    RISK = "risk"
    CONTACT = "contact"
    PLAN = "plan"
    #: Of the victim's area; whoever has the risk where the area has none.
    NEIGHBOURHOOD = "neighbourhood"


@dataclass(frozen=True, slots=True)
class TriggerRule:
    """One row. `amount` in `unit` ("hours", "days", "working days") on `clock`.

    On the fixed clock it is the lead before the instant (a court date, a planned release), else
    time from the event. Raises InvalidInput for a row that no deadline could be made of.
    """

    trigger: Trigger
    grade: str
    amount: int
    unit: str
    clock: Clock
    who: Who
    tell_victim: bool

    @property
    def allowance(self) -> Allowance:
        """The allowance as clocks take it."""
        match self.unit:
            case "hours":
                return Allowance(hours=self.amount)
            case "days":
                return Allowance(days=self.amount)
            case _:
                return Allowance(working_days=self.amount)


_HOURS, _DAYS = "hours", "days"
#: Triggers whose instant lies ahead: the amount is a lead before it.
AHEAD = frozenset({Trigger.COURT_DATE, Trigger.RELEASE_PLANNED})

#: (trigger, unit, amounts for standard, medium, high and very high, who, tell the victim).
#: Release, bail, court date and periodic review are decided practice; the rest follow their
#: pattern (a day, less where risk is high) and are the force's to set.
_DEFAULTS: tuple[tuple[Trigger, str, tuple[int, int, int, int], Who, bool], ...] = (
    (Trigger.RELEASE, _HOURS, (24, 24, 4, 4), Who.RISK, True),
    (Trigger.BAIL, _HOURS, (24, 24, 4, 4), Who.RISK, True),
    (Trigger.BAIL_CHANGE, _HOURS, (24, 24, 4, 4), Who.RISK, True),
    (Trigger.CHARGE, _HOURS, (72, 72, 24, 24), Who.RISK, True),
    (Trigger.COURT_DATE, _DAYS, (7, 7, 7, 7), Who.RISK, True),
    (Trigger.RELEASE_PLANNED, _HOURS, (0, 0, 0, 0), Who.RISK, True),
    (Trigger.PRISON_RELEASE, _HOURS, (24, 24, 4, 4), Who.RISK, True),
    (Trigger.RELEASE_OVERDUE, _HOURS, (4, 4, 4, 4), Who.RISK, False),
    (Trigger.ORDER_MADE, _HOURS, (72, 72, 24, 24), Who.RISK, True),
    (Trigger.ORDER_BREACHED, _HOURS, (24, 24, 4, 4), Who.RISK, True),
    (Trigger.NEW_INCIDENT, _HOURS, (24, 24, 24, 24), Who.RISK, False),
    (Trigger.MOVED, _HOURS, (72, 72, 24, 24), Who.RISK, False),
    (Trigger.SEPARATED, _HOURS, (72, 72, 24, 24), Who.RISK, False),
    (Trigger.GONE_QUIET, _HOURS, (168, 72, 24, 24), Who.NEIGHBOURHOOD, False),
    (Trigger.GRADE_DOUBTED, _HOURS, (24, 24, 4, 4), Who.RISK, False),
    # From the last assessment.
    (Trigger.PERIODIC, _DAYS, (365, 90, 28, 28), Who.RISK, False),
)


def _rows() -> Iterable[TriggerRule]:
    for trigger, unit, amounts, who, tell in _DEFAULTS:
        clock = Clock.FIXED if trigger in AHEAD else Clock.ELAPSED
        for grade, amount in zip(GRADES, amounts, strict=True):
            yield TriggerRule(trigger, grade, amount, unit, clock, who, tell)


DEFAULT_RULES: tuple[TriggerRule, ...] = tuple(_rows())


def rule_for(rules: tuple[TriggerRule, ...], trigger: Trigger, grade: str) -> TriggerRule:
    """The row that applies; `grade` blank where nobody has graded yet, which counts as high."""
    return _by_key(rules)[trigger, grade or UNGRADED]


@cache
def _by_key(rules: tuple[TriggerRule, ...]) -> Mapping[tuple[Trigger, str], TriggerRule]:
    return {(rule.trigger, rule.grade): rule for rule in rules}


def typed(value: Any) -> tuple[TriggerRule, ...]:
    """Every row, those of `value` (a list of objects) in place of the defaults.

    Raises InvalidInput naming what is wrong: a clock that does not fit its trigger, a unit that is
    not the clock's, an amount that is no whole number from 0 to 10,000, an unknown name.
    """
    if not isinstance(value, list | tuple):
        raise InvalidInput("Give a list of rows.", field="trigger_rules")
    changed = dict(_by_key(DEFAULT_RULES))
    for row in value:
        rule = row if isinstance(row, TriggerRule) else _rule(row)
        changed[rule.trigger, rule.grade] = rule
    return tuple(changed.values())


def as_values(rules: Iterable[TriggerRule]) -> list[dict[str, Any]]:
    """Rows as policy versions store them: only those that differ from the defaults."""
    return [asdict(rule) for rule in rules if rule not in DEFAULT_RULES]


def _rule(row: Any) -> TriggerRule:
    try:
        rule = TriggerRule(
            Trigger(row["trigger"]),
            row["grade"],
            row["amount"],
            row["unit"],
            Clock(row["clock"]),
            Who(row["who"]),
            row["tell_victim"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"A row cannot be read: {error}.", field="trigger_rules") from error
    if rule.grade not in GRADES:
        raise InvalidInput(f"There is no grade {rule.grade}.", field="trigger_rules")
    if type(rule.amount) is not int or not 0 <= rule.amount <= 10_000:
        raise InvalidInput("An amount is a whole number, 10,000 at most.", field="trigger_rules")
    if type(rule.tell_victim) is not bool:
        raise InvalidInput("tell_victim is true or false.", field="trigger_rules")
    units = {Clock.ELAPSED: {"hours", "days"}, Clock.WORKING_DAYS: {"working days"}}
    units[Clock.FIXED] = {"hours", "days", "working days"}
    if rule.unit not in units.get(rule.clock, set()):
        raise InvalidInput(
            f"The clock {rule.clock} does not run in {rule.unit}.", field="trigger_rules"
        )
    if (rule.clock is Clock.FIXED) != (rule.trigger in AHEAD):
        raise InvalidInput(
            f"{rule.trigger.words.capitalize()} cannot run on the clock {rule.clock}.",
            field="trigger_rules",
        )
    return rule
