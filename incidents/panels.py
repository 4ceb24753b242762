"""Parts that higher apps add to the page of an incident."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents.models import Incident

#: What the panel's template needs, or None where there is nothing to show this person.
Context = Callable[[Incident, User, datetime], dict[str, Any] | None]

#: "top" stands above the crimes: what was said and found. "aside_top" stands above the sending of
#: officers: where those are who were sent, and who writes at this moment.
SLOTS = ("top", "main", "aside_top", "aside")


@dataclass(frozen=True)
class Panel:
    """One part of the page; `order` decides where in its slot it stands."""

    slot: str
    order: int
    template: str
    context: Context
    of_whole: bool


@dataclass(frozen=True)
class Shown:
    """A panel with what it shows, for `{% include panel.template with panel=panel.context %}`."""

    template: str
    context: dict[str, Any]


_panels: dict[str, Panel] = {}


def register(
    order: int, template: str, context: Context, *, slot: str = "main", of_whole: bool = True
) -> None:
    """Add a part to the page of every incident; the template's name is its identity.

    A part speaks of the whole incident unless it says otherwise: where another victim's side is
    hidden from a reader, only parts that hide it themselves (`of_whole=False`) are shown.
    """
    if slot not in SLOTS:
        raise ValueError(f"there is no slot {slot!r}")
    _panels[template] = Panel(slot, order, template, context, of_whole)


def shown_to(
    user: User, incident: Incident, at: datetime, *, slot: str, is_whole: bool
) -> list[Shown]:
    """The parts of one slot that have something for this person, in order."""
    parts = (
        panel
        for panel in _panels.values()
        if panel.slot == slot and (is_whole or not panel.of_whole)
    )
    ordered = sorted(parts, key=lambda panel: panel.order)
    found = ((panel, panel.context(incident, user, at)) for panel in ordered)
    return [Shown(panel.template, context) for panel, context in found if context is not None]
