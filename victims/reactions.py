"""What this app does when it, or a lower app, announces a fact."""

from core.events import when
from victims import services
from victims.events import CaseClosed, DutyPassed
from victims.models import Duty


@when(
    DutyPassed,
    then="what the victim must be told goes to whoever has contact now; an offer of the duty is "
    "over",
)
def follow(event: DutyPassed) -> None:
    services.follow_duty(
        victim_id=event.victim_id,
        duty=event.duty,
        person=event.person,
        team_id=event.team_id,
        actor=event.actor,
        at=event.at,
    )


@when(DutyPassed, then="the plan's review and its steps go to whoever has the safety plan now")
def plan_follows(event: DutyPassed) -> None:
    if event.duty == Duty.PLAN:
        services.follow_plan_duty(victim_id=event.victim_id, at=event.at)


@when(CaseClosed, then="duties that were offered are offered no more")
def end_offers(event: CaseClosed) -> None:
    services.withdraw_all(
        victim_id=event.victim_id, reason="The case is closed.", actor=event.actor, at=event.at
    )
