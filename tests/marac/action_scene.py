"""An action that a meeting agreed, and the steps that people take with it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from core.clock import local
from marac.models import Hearing, MaracAction
from marac.services import actions
from tests.marac.live_scene import actor, under_way
from tests.personas import person, team
from tests.worlds import remembered

DAY = timedelta(days=1)
WORDS = "Fit a camera and test it."
EVIDENCE = "Fitted and tested by R. Pell; she has the leaflet."


def day(at: datetime, days: int = 7) -> date:
    """So many days after `at`, on the wall clock."""
    return local(at).date() + timedelta(days=days)


def agreed(hearing: Hearing, at: datetime, *, by: str = "coordinator", **more: Any) -> MaracAction:
    """An action of the housing agency within a week, unless said otherwise."""
    said: dict[str, Any] = {
        "agency_id": team("partner").agency_id,
        "words": WORDS,
        "due_on": day(at),
        "key": uuid4(),
        **more,
    }
    return actions.agree_action(hearing_id=hearing.pk, actor=actor(by), at=at, **said)


@remembered
def one(at: datetime, **more: Any) -> MaracAction:
    """An action of a meeting that is under way; the housing agency's T. Boyle has it."""
    scene = under_way(at, state="actions")
    return agreed(scene.first, at, **{"owner_id": person("agency").pk, **more})


def settled(
    action: MaracAction, at: datetime, *, by: str = "agency", state: str = "done", **more: Any
) -> MaracAction:
    """What this persona says became of it."""
    said: dict[str, Any] = {"evidence": EVIDENCE, "version": action.version, **more}
    return actions.settle_action(action_id=action.pk, state=state, actor=actor(by), at=at, **said)


def opened_again(
    action: MaracAction, at: datetime, *, by: str = "coordinator", **more: Any
) -> MaracAction:
    said: dict[str, Any] = {"reason": "The camera was taken.", "version": action.version, **more}
    return actions.reopen_action(action_id=action.pk, actor=actor(by), at=at, **said)


def passed(
    action: MaracAction, owner_id: int | None, at: datetime, *, by: str = "agency", **more: Any
) -> MaracAction:
    said: dict[str, Any] = {"version": action.version, **more}
    return actions.pass_action(
        action_id=action.pk, owner_id=owner_id, actor=actor(by), at=at, **said
    )
