"""What a row of the force's table of triggers means for one event: when, by whom, in words."""

from collections.abc import Collection, Mapping
from datetime import datetime

from accounts.models import Team, User
from core.policy import ForcePolicy
from core.trigger_rules import UNGRADED, Trigger, TriggerRule, Who, rule_for
from core.working_time import Clock
from deadlines import kinds
from deadlines.kinds import Terms
from risk.deadlines import REASSESSMENT
from victims.duties import Named, covers_of, named_for
from victims.models import Duty, RiskGrade, Victim

#: What time runs from, where the trigger's own words would not do after "from" or "before".
_RUNS_FROM = {
    Trigger.COURT_DATE: "the date in court",
    Trigger.RELEASE_PLANNED: "the planned release",
    Trigger.PERIODIC: "the last assessment",
}
_DUTIES = {Who.RISK: Duty.RISK, Who.CONTACT: Duty.CONTACT, Who.PLAN: Duty.PLAN}


def due_and_basis(
    trigger: Trigger, grade: str, happened_at: datetime, rules: ForcePolicy
) -> tuple[datetime, str]:
    """When (UTC), and the rule with its numbers.

    "4 hours from released from custody, 22 Nov 2026 16:10 (force policy, high)".
    """
    kind = kinds.get(REASSESSMENT).under(_terms(rule_for(rules.trigger_rules, trigger, grade)))
    return kind.due(happened_at, rules), kind.basis(happened_at, rules)


def _terms(rule: TriggerRule) -> Terms:
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


def owners(
    wanted: Mapping[int, Who], victims: Collection[Victim], at: datetime
) -> dict[int, Named]:
    """Who must look again, by the victim's number; six queries at most for each sort of owner."""
    found: dict[int, Named] = {}
    for who in Who:
        rows = [victim for victim in victims if wanted.get(victim.pk) is who]
        if not rows:
            continue
        found |= named_for(rows, _DUTIES.get(who, Duty.RISK), at)
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
