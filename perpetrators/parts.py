"""Parts of the page of a person complained of: custody, bail, orders, plan."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from victims.models import Person

#: What the part's template needs, or None where there is nothing to show this person.
Context = Callable[[Person, User, datetime], dict[str, Any] | None]

#: banner: across the page, above all; tab: a link of the page's own navigation; main and aside:
#: cards of the wide and of the narrow column.
SLOTS = ("banner", "tab", "main", "aside")
#: The template of an ordinary tab: its context gives label and url, and count where there is one.
TAB = "victims/parts/tab.html"


@dataclass(frozen=True)
class Panel:
    """One part of the page; `order` decides where in its slot it stands."""

    slot: str
    order: int
    template: str
    context: Context


@dataclass(frozen=True)
class Shown:
    """A panel with what it shows, for `{% include panel.template with panel=panel.context %}`."""

    template: str
    context: dict[str, Any]


_panels: dict[tuple[str, str, str], Panel] = {}


def register(slot: str, order: int, template: str, context: Context) -> None:
    """Add a part to the page of everybody complained of; the same function again replaces it.

    The template reads `panel` (what `context` gave), `person` and `now`. Raises ValueError for an
    unknown slot.
    """
    if slot not in SLOTS:
        raise ValueError(f"there is no slot {slot!r}")
    key = (slot, context.__module__, context.__qualname__)
    _panels[key] = Panel(slot, order, template, context)


def shown_to(
    user: User, person: Person, at: datetime, *, slots: Sequence[str] = SLOTS
) -> dict[str, list[Shown]]:
    """The parts that have something for this person, by slot, each slot in order.

    A page that shows only some slots names them, so that the others cost nothing.
    """
    shown: dict[str, list[Shown]] = {slot: [] for slot in slots}
    for panel in sorted(_panels.values(), key=lambda panel: panel.order):
        if panel.slot not in slots:
            continue
        context = panel.context(person, user, at)
        if context is not None:
            shown[panel.slot].append(Shown(panel.template, context))
    return shown
