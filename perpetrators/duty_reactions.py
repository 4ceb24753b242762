"""What this app does when a duty for a victim passes."""

from core.events import when
from perpetrators.services import releases
from victims.events import DutyPassed
from victims.models import Duty


@when(DutyPassed, then="whoever has the risk now has the victim's watches over releases")
def watches_pass(event: DutyPassed) -> None:
    if event.duty == Duty.RISK:
        releases.pass_watches(victim_id=event.victim_id, actor=event.actor, at=event.at)
