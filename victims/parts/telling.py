"""Tabs of contacts, updates, statements and changes; and what to tell next."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from victims import panels, permissions
from victims.models import Victim
from victims.to_be_told import NEXT, owed_to

#: First beside the page, before everything that is only read.
FIRST = 1
_TABS = (
    (10, "Contacts", "victims:contacts"),
    (11, "Updates", "victims:updates"),
    (12, "Statement", "victims:statements"),
    (13, "What changed", "victims:circumstances"),
)


def tell_next(victim: Victim, user: User, at: datetime) -> dict[str, Any] | None:
    """What must be told next, with its time; nothing where nothing is owed."""
    rows = list(owed_to(victim).select_related("owner", "team")[: NEXT + 1])
    if not rows:
        return None
    return {
        "rows": rows[:NEXT],
        "more": len(rows) > NEXT,
        "may_log": permissions.can_record_contact(user),
    }


def _tab(label: str, name: str) -> Callable[[Victim, User, datetime], dict[str, Any]]:
    def tab(victim: Victim, user: User, at: datetime) -> dict[str, Any]:
        return {"label": label, "url": reverse(name, args=[victim.reference])}

    tab.__qualname__ = f"tab of {name}"
    return tab


panels.register("aside", FIRST, "victims/parts/tell_next.html", tell_next)
for _order, _label, _name in _TABS:
    panels.register("tab", _order, panels.TAB, _tab(_label, _name))
