"""What every step of an action has in common: its row locked, who may, and what is written down."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse

import deadlines.services
from accounts.models import Agency, Team, User
from audit import services as audit
from core.clock import local
from core.errors import DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from marac.deadlines.actions import ACTION, doers_of, end_of
from marac.models import MaracAction
from marac.near import is_near
from marac.permissions import can_settle_action

LONGEST_WORDS, LONGEST_EVIDENCE, LONGEST_REASON = 1_000, 4_000, 1_000
#: An action further ahead than this is a slip of the pen.
FURTHEST = timedelta(days=366)


def locked_action(action_id: int) -> MaracAction:
    """The action with whatever decides who may do what with it, locked until the end."""
    MaracAction.objects.select_for_update(no_key=True).get(pk=action_id)
    return MaracAction.objects.select_related(
        "agency",
        "team__supervisor",
        "owner",
        "settled_by",
        "case",
        "hearing__meeting__conference",
    ).get(pk=action_id)


def require_may(actor: User, action: MaracAction) -> None:
    """Raises PermissionDenied for whoever may not see an action, or does not answer for it."""
    if not MaracAction.objects.visible_to(actor).filter(pk=action.pk).exists():
        raise PermissionDenied("This action is not for you.")
    if not can_settle_action(actor, action):
        raise PermissionDenied(
            f"Those of {action.agency} say what became of this, or whoever keeps the conference."
        )


def require_version(action: MaracAction, version: int, yours: dict[str, Any]) -> None:
    """Raises Stale, with how it stands now and what was sent, where somebody changed it since."""
    if action.version != version:
        raise Stale(
            "Somebody changed this action since you read it. Both versions are below.",
            theirs={
                "state": action.get_state_display(),
                "who": str(action.owner or action.team),
                "due": f"{action.due_on.day} {action.due_on:%b %Y}",
            },
            yours=yours,
            version=action.version,
        )


def require_open(action: MaracAction) -> None:
    """Raises DomainError for an action that is settled."""
    if action.state != MaracAction.State.OPEN:
        raise DomainError(f"This action is settled already: {settled_words(action)}.")


def settled_words(action: MaracAction) -> str:
    """How it was settled, by whom and when: "done, by T. Boyle, 24 Nov 10:00"."""
    assert action.settled_at is not None
    there = local(action.settled_at)
    state = action.get_state_display().lower()
    return f"{state}, by {action.settled_by}, {there.day} {there:%b %H:%M}"


def checked_day(day: date, at: datetime, *, field: str = "due_on") -> date:
    """Raises InvalidInput at `field` for a day that is past, or more than a year ahead."""
    today = local(at).date()
    if day < today:
        raise InvalidInput("This day is past. Give today or a later day.", field=field)
    if day > today + FURTHEST:
        raise InvalidInput("Give a day within a year.", field=field)
    return day


def checked_owner(owner_id: int, agency: Agency, case_id: int) -> tuple[User, Team]:
    """Who does it for the agency, and their team.

    Raises InvalidInput at "owner_id" for somebody who is not of the agency or not here any more,
    and for somebody near to the case. Whether they may see it is asked once it is written.
    """
    owner = User.objects.select_related("team").filter(pk=owner_id, is_system=False).first()
    if owner is None or owner.team is None or owner.team.agency_id != agency.pk:
        raise InvalidInput(f"Choose somebody of {agency}.", field="owner_id")
    if not owner.is_active:
        raise InvalidInput(f"{owner} has left. Choose somebody else.", field="owner_id")
    if is_near(owner, case_id):
        raise InvalidInput(f"{owner} is near to this case. Choose somebody else.", field="owner_id")
    return owner, owner.team


def require_seen_by(owner: User | None, action: MaracAction) -> None:
    """Raises InvalidInput at "owner_id" for somebody who could not read what they are to do."""
    if owner is None:
        return
    if not MaracAction.objects.visible_to(owner).filter(pk=action.pk).exists():
        raise InvalidInput(
            f"{owner} may not see this case. Choose somebody else.", field="owner_id"
        )


def watch(action: MaracAction, *, actor: User, at: datetime) -> Deadline:
    """Its clock: the end of its day."""
    return deadlines.services.start(
        kind=ACTION,
        subject=action,
        reference=action.reference,
        victim_id=action.victim_id,
        team=action.team,
        owner=action.owner,
        started_at=end_of(action.due_on),
        actor=actor,
        at=at,
    )


def tell_doers(action: MaracAction, headline: str, *, actor: User, at: datetime) -> None:
    """Tell whoever has it, unless they did it themselves; no victim's details."""
    tell(action, doers_of(action) - {actor.pk}, headline, at=at)


def tell(
    action: MaracAction,
    people: Iterable[int],
    headline: str,
    *,
    at: datetime,
    level: str = Notification.Level.INFORMATION,
) -> None:
    """Tell people of an action: those of a partner read it without seeing the victim's record."""
    clocks = Deadline.objects.of(action).filter(kind=ACTION).order_by("-pk")
    deadlines.services.notify(
        users=User.objects.filter(pk__in=list(people)),
        level=level,
        headline=headline,
        reference=action.reference,
        path=reverse("marac:action", args=[action.reference]),
        victim_id=action.victim_id,
        at=at,
        deadline=clocks.first(),
    )


def record(
    action: MaracAction,
    verb: str,
    headline: str,
    *,
    actor: User,
    at: datetime,
    is_grave: bool = False,
    **detail: Any,
) -> None:
    """Write down what happened to an action, on the victim's timeline too."""
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac.action_{verb}",
        subject=action.reference,
        headline=headline,
        victim_id=action.victim_id,
        is_grave=is_grave,
        detail={"action": action.words, "agency": action.agency.name, **detail},
    )
