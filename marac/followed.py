"""Actions as lists and pages show them: which, in what order, and what may be done with one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from accounts.models import User
from audit.models import AuditEvent
from deadlines.models import Deadline
from marac.models import MaracAction
from marac.permissions import can_attend, can_settle_action, can_view_conferences
from marac.querysets import ActionQuerySet
from victims.models import Victim

State = MaracAction.State
#: Steps of one action that its page shows.
MOST_STEPS = 50


@dataclass(frozen=True)
class Step:
    """One thing that happened to an action: when, by whom, what, and the words with it."""

    at: datetime
    by: str
    headline: str
    words: str


def can_list(user: User) -> bool:
    """May see the list of actions: who keeps conferences, and who goes to meetings."""
    return can_view_conferences(user) or can_attend(user)


def listed(user: User) -> ActionQuerySet:
    """Every action for those who keep conferences; else their own agency's, and what they have."""
    rows = MaracAction.objects.visible_to(user)
    if can_view_conferences(user):
        return rows
    agency_id = user.team.agency_id if user.team else None
    return rows.filter(Q(agency=agency_id) | Q(owner=user.pk))


def found(rows: ActionQuerySet, said: dict[str, Any], user: User, at: datetime) -> ActionQuerySet:
    """Those that a filter asks for, in order: what is due first, or what was settled last."""
    show = said.get("show") or "open"
    if show == "overdue":
        rows = rows.overdue(at)
    elif show != "all":
        rows = rows.filter(state=show)
    if said.get("mine"):
        rows = rows.filter(owner=user.pk)
    if said.get("agency"):
        rows = rows.filter(agency=said["agency"])
    if said.get("conference"):
        rows = rows.filter(case__conference=said["conference"])
    if words := (said.get("q") or "").strip():
        rows = rows.filter(Q(reference__iexact=words) | Q(words__icontains=words))
    by_due = show in ("open", "overdue")
    return rows.order_by(*(["due_at", "pk"] if by_due else ["-settled_at", "-due_at", "pk"]))


def with_people(rows: ActionQuerySet) -> ActionQuerySet:
    """With everything that a row of a list says."""
    return rows.select_related(
        "agency",
        "team",
        "owner",
        "settled_by",
        "victim__person",
        "case__conference",
        "hearing__meeting",
    )


def page_of(action: MaracAction, reader: User, at: datetime) -> dict[str, Any]:
    """What the page of one action shows this reader."""
    seen = Victim.objects.visible_to(reader).filter(pk=action.victim_id).exists()
    return {
        "action": action,
        "victim": action.victim,
        "may_see_victim": seen,
        "may_see_case": seen or can_view_conferences(reader),
        "may_settle": can_settle_action(reader, action),
        "clock": Deadline.objects.of(action).open().first(),
        "steps": steps_of(action),
        "now": at,
    }


def steps_of(action: MaracAction) -> list[Step]:
    """What happened to it, the newest first, with the words of each."""
    rows = AuditEvent.objects.filter(
        subject=action.reference, verb__startswith="marac.action_"
    ).order_by("-at", "-pk")[:MOST_STEPS]
    return [Step(row.at, row.actor_name, row.headline, _words(row.detail)) for row in rows]


def _words(detail: dict[str, Any]) -> str:
    said: Iterable[str] = (detail.get(name, "") for name in ("evidence", "reason", "why"))
    return next((words for words in said if words), "")


def colleagues(action: MaracAction) -> list[User]:
    """Those of the agency who could have it; whether each may see it, the service asks."""
    rows = User.objects.filter(team__agency=action.agency_id, is_active=True, is_system=False)
    may = Q(groups__permissions__codename="attend_meetings") | Q(pk=action.owner_id)
    return list(rows.filter(may).select_related("team").distinct().order_by("name", "pk"))
