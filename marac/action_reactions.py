"""What happens to actions when a lower app announces a fact."""

from core.events import when
from marac.events import MaracCaseClosed
from marac.services import actions
from victims.events import Withheld


@when(
    Withheld,
    then="an action of whoever must not know any more goes to their team's lead; what an agency "
    "was to do is put before the conference's chair",
)
def no_action_for_whom_it_is_withheld(event: Withheld) -> None:
    actions.take_from_withheld(
        victim_id=event.victim_id,
        person_id=event.person_id,
        agency_id=event.agency_id,
        actor=event.actor,
        at=event.at,
    )


@when(
    MaracCaseClosed,
    then="whoever has an open action of it is told, and says what becomes of it",
)
def say_that_the_case_closed(event: MaracCaseClosed) -> None:
    actions.tell_of_closing(case_id=event.case_id, actor=event.actor, at=event.at)
