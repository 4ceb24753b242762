"""What a row of the force's table of triggers means for one event: when, by whom, in words."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from accounts.models import Team, User
from core.policy import ForcePolicy
from core.trigger_rules import AHEAD, UNGRADED, Trigger, TriggerRule, Who, rule_for
from core.working_time import Clock
from deadlines import kinds
from deadlines.kinds import Kind, Terms
from risk.deadlines import REASSESSMENT
from victims.duties import Named, covers_of, named_for
from victims.models import Duty, RiskGrade, Victim

#: What time runs from, where the trigger's own words would not do after "from" or "before".
_RUNS_FROM = {
    Trigger.COURT_DATE: "the date in court",
    Trigger.RELEASE_PLANNED: "the planned release",
    Trigger.PERIODIC: "the last assessment",
    Trigger.GRADE_DOUBTED: "the doubt about the grade",
}
_DUTIES = {Who.RISK: Duty.RISK, Who.CONTACT: Duty.CONTACT, Who.PLAN: Duty.PLAN}


def due_and_basis(
    trigger: Trigger, grade: str, happened_at: datetime, rules: ForcePolicy, *, heard_at: datetime
) -> tuple[datetime, str]:
    """When (UTC), and the rule with its numbers.

    "4 hours from released from custody, 22 Nov 2026 16:10 (force policy, high)".

    What lies ahead (a date in court, a planned release) is due so long before it. Heard of at
    `heard_at`, when that lead is over or all but over, it is due as long after it was heard of as
    bail granted allows at this grade: there must be time to do it in. Never after the instant
    itself: nobody is to look at the risk once the hearing has been, or the door is open.
    """
    rule = rule_for(rules.trigger_rules, trigger, grade)
    kind = kinds.get(REASSESSMENT).under(terms_of(rule))
    due_at = kind.due(happened_at, rules)
    if trigger in AHEAD and due_at < happened_at:
        soon = _soon(trigger, grade, rules)
        earliest = soon.due(heard_at, rules)
        if earliest >= happened_at:
            by_then = kinds.get(REASSESSMENT).under(terms_of(replace(rule, amount=0)))
            return happened_at, by_then.basis(happened_at, rules)
        if earliest > due_at:
            return earliest, soon.basis(heard_at, rules)
    return due_at, kind.basis(happened_at, rules)


def _soon(trigger: Trigger, grade: str, rules: ForcePolicy) -> Kind:
    """As long as bail granted allows, from when it was heard of."""
    bail = terms_of(rule_for(rules.trigger_rules, Trigger.BAIL, grade))
    said = replace(bail, runs_from=f"hearing of {_RUNS_FROM[trigger]}")
    return kinds.get(REASSESSMENT).under(said)


def terms_of(rule: TriggerRule) -> Terms:
    """The clock of a row, as deadlines take it."""
    runs_from = _RUNS_FROM.get(rule.trigger, rule.trigger.words)
    if rule.clock is Clock.FIXED and not rule.amount:
        runs_from = f"for {runs_from}"
    grade = RiskGrade(rule.grade or UNGRADED).label.lower()
    return Terms(
        clock=rule.clock,
        allowance=rule.allowance,
        runs_from=runs_from,
        source=f"force policy, {grade}",
    )


def duty_of(who: Who) -> Duty:
    """The duty that names them; a neighbourhood's leader stands in place of whoever has risk."""
    return _DUTIES.get(who, Duty.RISK)


def owners(
    wanted: Mapping[int, Who], victims: Collection[Victim], at: datetime
) -> dict[int, Named]:
    """Who must look again, by the victim's number; six queries at most for each sort of owner."""
    found: dict[int, Named] = {}
    for who in Who:
        rows = [victim for victim in victims if wanted.get(victim.pk) is who]
        if not rows:
            continue
        found |= named_for(rows, duty_of(who), at)
        if who is Who.NEIGHBOURHOOD:
            found |= _neighbourhood_leaders(rows, at)
    return found


def _neighbourhood_leaders(victims: Collection[Victim], at: datetime) -> dict[int, Named]:
    """Leaders of the neighbourhood teams of the victims' areas, or whoever stands in for them."""
    teams: dict[int | None, Team] = {}
    for team in (
        Team.objects.filter(
            kind=Team.Kind.NEIGHBOURHOOD,
            area__in={victim.area_id for victim in victims if victim.area_id},
            supervisor__is_active=True,
        )
        .select_related("supervisor")
        .order_by("-pk")
    ):
        teams[team.area_id] = team
    covers = covers_of({team.supervisor_id for team in teams.values()}, at)
    found = {}
    for victim in victims:
        own = teams.get(victim.area_id)
        if own is None or own.supervisor is None:
            continue
        leader: User = own.supervisor
        absence = covers.get(leader.pk)
        found[victim.pk] = (
            Named(absence.cover, own, leader, f"stands in for {leader}")
            if absence
            else Named(leader, own, leader, "")
        )
    return found
