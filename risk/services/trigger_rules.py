"""Changing one row of the force's table of triggers, from an instant on."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from accounts.models import User
from core import policy
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from core.models import PolicyVersion
from core.text import clean
from core.trigger_rules import AHEAD, GRADES, Trigger, TriggerRule, as_values, typed
from core.working_time import LONDON, Clock
from risk.trigger_table import Rules, grade_words, newest, row_of, rules_of, sentence

LONGEST_REASON = 1_000


@transaction.atomic
def change_trigger_rule(
    *,
    trigger: str,
    rows: Mapping[str, Mapping[str, Any]],
    from_day: date | None,
    reason: str,
    seen: int,
    actor: User,
    at: datetime,
) -> PolicyVersion:
    """Put the rules of one trigger in force from the beginning of a day, or at once without one.

    `rows` gives, for each grade, amount, unit, who and tell_victim; the clock follows from unit and
    trigger. `seen` is the number of the version that was read, 0 for none. What was fired before
    keeps its times. Raises PermissionDenied; InvalidInput at "amount_high", `from_day`, `reason`;
    Stale with both where the same trigger was changed meanwhile; DomainError where nothing
    changes or another version takes effect later.
    """
    if not actor.has_perm("core.change_policy"):
        raise PermissionDenied("Only those who keep the force policy may change it.")
    # Two changes at once wait, so that the second one begins from the first.
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_policyversion IN SHARE ROW EXCLUSIVE MODE")
    last = newest()
    wanted = wanted_rules(trigger, rows)
    _refuse_stale(last, seen, Trigger(trigger), wanted)
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    effective_from = _begins(from_day, last, at)
    before = rules_of(last)
    after = merged(before, wanted)
    if set(after) == set(before):
        raise DomainError("These are the rules already: nothing changes.")
    return policy.change(
        actor=actor,
        changes={"trigger_rules": as_values(after)},
        effective_from=effective_from,
        reason=reason,
        at=at,
    )


def wanted_rules(trigger: str, rows: Mapping[str, Mapping[str, Any]]) -> list[TriggerRule]:
    """The four rules that somebody asks for. Raises InvalidInput at "amount_high" and the like."""
    if trigger not in set(Trigger) or set(rows) != set(GRADES):
        raise InvalidInput("There is no such trigger.", field="trigger")
    return [_wanted(Trigger(trigger), grade, rows[grade]) for grade in GRADES]


def merged(rules: Rules, wanted: Sequence[TriggerRule]) -> Rules:
    """A whole table with these rules in place of its own."""
    return typed([asdict(rule) for rule in (*rules, *wanted)])


def _wanted(trigger: Trigger, grade: str, given: Mapping[str, Any]) -> TriggerRule:
    unit = given["unit"]
    clock = Clock.WORKING_DAYS if unit == "working days" else Clock.ELAPSED
    row = {
        **given,
        "trigger": trigger.value,
        "grade": grade,
        "clock": (Clock.FIXED if trigger in AHEAD else clock).value,
    }
    try:
        return next(rule for rule in typed([row]) if (rule.trigger, rule.grade) == (trigger, grade))
    except InvalidInput as error:
        raise InvalidInput(error.message, field=f"amount_{grade}") from error


def _begins(from_day: date | None, last: PolicyVersion | None, at: datetime) -> datetime:
    if from_day is not None and from_day < local(at).date():
        raise InvalidInput("A policy cannot change the past.", field="from_day")
    begins = at
    if from_day is not None:
        begins = max(at, datetime.combine(from_day, time(), LONDON))
    if last is not None and last.effective_from > begins:
        there = local(last.effective_from)
        raise InvalidInput(
            f"Another version of the policy takes effect on {there.day} {there:%b %Y}, and would "
            "undo this. Choose that day or a later one.",
            field="from_day",
        )
    return begins


def _refuse_stale(
    last: PolicyVersion | None, seen: int, trigger: Trigger, wanted: Sequence[TriggerRule]
) -> None:
    on_record = last.pk if last else 0
    if seen == on_record or last is None:
        return
    read = PolicyVersion.objects.filter(pk=seen).first()
    theirs = row_of(rules_of(last), trigger).rules
    # Another trigger was changed, or another number: this row is as it was read.
    if theirs == row_of(rules_of(read), trigger).rules:
        return
    raise Stale(
        f"{last.author} changed these rules after you opened them. Compare the two, then change "
        "what is to be changed.",
        theirs={grade_words(rule.grade): sentence(rule) for rule in theirs},
        yours={grade_words(rule.grade): sentence(rule) for rule in wanted},
        version=on_record,
    )
