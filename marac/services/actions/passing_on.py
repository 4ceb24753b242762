"""An action goes to somebody else of the same agency."""

from datetime import datetime

from django.db import transaction

import deadlines.services
from accounts.models import Team, User
from marac.deadlines.actions import ACTION
from marac.models import MaracAction
from marac.services.actions.rows import (
    checked_owner,
    locked_action,
    record,
    require_may,
    require_open,
    require_seen_by,
    require_version,
    tell_doers,
)


@transaction.atomic
def pass_action(
    *, action_id: int, owner_id: int | None, version: int, actor: User, at: datetime
) -> MaracAction:
    """Somebody else of the agency does it from now on, or whoever leads its team (None).

    The agency's own people may, and whoever keeps the conference. To whoever has it already it
    changes nothing. Raises PermissionDenied, InvalidInput at "owner_id", DomainError where it is
    settled, Stale.
    """
    action = locked_action(action_id)
    require_may(actor, action)
    require_open(action)
    if action.owner_id == owner_id:
        return action
    owner, team = None, action.team
    if owner_id is not None:
        owner, team = checked_owner(owner_id, action.agency, action.case_id)
        require_seen_by(owner, action)
    require_version(action, version, {"who": str(owner or team)})
    give(action, owner, team, f"Given by {actor}.", actor=actor, at=at)
    return action


def give(
    action: MaracAction, owner: User | None, team: Team, why: str, *, actor: User, at: datetime
) -> None:
    """Write down who has a locked action from now on, and tell them."""
    before = action.owner or action.team
    action.owner, action.team, action.version = owner, team, action.version + 1
    action.save(update_fields=["owner", "team", "version"])
    deadlines.services.assign(
        kind=ACTION, subject=action, owner=owner, team=team, actor=actor, at=at
    )
    headline = f"Action goes from {before} to {owner or team}: {action.reference}"
    record(action, "passed_on", headline[:300], actor=actor, at=at, why=why)
    tell_doers(action, f"An action is yours now: {action.reference}", actor=actor, at=at)
