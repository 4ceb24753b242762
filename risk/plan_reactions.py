"""What a change of risk means for the safety plan."""

from core.events import when
from risk.events import GradeChanged
from victims import services as victims
from victims.models import RiskGrade


@when(GradeChanged, then="the safety plan is looked at again by whoever answers for it, in time")
def plan_is_looked_at_again(event: GradeChanged) -> None:
    victims.owe_plan_review(
        victim_id=event.victim_id,
        because=_words(event.before, event.after),
        actor=event.actor,
        at=event.at,
    )


def _words(before: str, after: str) -> str:
    now = RiskGrade(after).label.lower()
    return f"risk now {now}, was {RiskGrade(before).label.lower()}" if before else f"risk {now}"
