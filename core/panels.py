"""Parts that higher apps add to a lower app's page, without that one knowing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from accounts.models import User

S = TypeVar("S")

#: banner: across the page, above all; tab: a link of the page's own navigation; main and aside:
#: cards of the wide and of the narrow column.
SLOTS = ("banner", "tab", "main", "aside")
#: The template of an ordinary tab: its context gives label and url, and count where there is one.
TAB = "components/tab.html"


@dataclass(frozen=True)
class Shown:
    """A part with what it shows, for `{% include panel.template with panel=panel.context %}`."""

    template: str
    context: dict[str, Any]


@dataclass(frozen=True)
class Part(Generic[S]):
    """One part of a page; `order` decides where in its slot it stands.

    `context` gives what the template needs, or None where there is nothing to show this person.
    """

    slot: str
    order: int
    template: str
    context: "Callable[[S, User, datetime], dict[str, Any] | None]"


@dataclass
class Parts(Generic[S]):
    """The parts of one kind of page, by the function that gives what each shows."""

    known: dict[tuple[str, str, str], Part[S]] = field(default_factory=dict)

    def register(
        self,
        slot: str,
        order: int,
        template: str,
        context: "Callable[[S, User, datetime], dict[str, Any] | None]",
    ) -> None:
        """Add a part to every page of this kind; registering the same function again replaces it.

        The template reads `panel` (what `context` gave), the page's subject and `now`. Raises
        ValueError for an unknown slot.
        """
        if slot not in SLOTS:
            raise ValueError(f"there is no slot {slot!r}")
        key = (slot, context.__module__, context.__qualname__)
        self.known[key] = Part(slot, order, template, context)

    def shown_to(
        self, user: "User", subject: S, at: datetime, *, slots: Sequence[str] = SLOTS
    ) -> dict[str, list[Shown]]:
        """The parts that have something for this person, by slot, each slot in order.

        A page that shows only some slots names them, so that the others cost nothing.
        """
        shown: dict[str, list[Shown]] = {slot: [] for slot in slots}
        for part in sorted(self.known.values(), key=lambda part: part.order):
            if part.slot not in slots:
                continue
            context = part.context(subject, user, at)
            if context is not None:
                shown[part.slot].append(Shown(part.template, context))
        return shown
