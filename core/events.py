"""Facts and what follows from them.

An app announces a fact (a frozen dataclass from its `events.py`); the registered reactions of
higher apps run at once, in order, inside the announcing transaction, so that either all of it
happened or none. `manage.py show_reactions` prints the whole table.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

E = TypeVar("E")


@dataclass(frozen=True)
class Reaction:
    """One row of the "when ... then ..." table."""

    event: type
    then: str
    handler: Callable[[Any], None]

    @property
    def app(self) -> str:
        return self.handler.__module__.split(".")[0]


_reactions: dict[type, list[Reaction]] = {}


def when(event: type[E], then: str) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a reaction to `event`; `then` says in words what it does."""

    def register(handler: Callable[[E], None]) -> Callable[[E], None]:
        rows = _reactions.setdefault(event, [])
        # Reloading a module must not make a reaction happen twice.
        rows[:] = [
            row
            for row in rows
            if row.handler.__qualname__ != handler.__qualname__
            or row.handler.__module__ != handler.__module__
        ]
        rows.append(Reaction(event, then, handler))
        return handler

    return register


def announce(event: object) -> None:
    """Run every reaction to `event`, in the order of registration, in the caller's transaction.

    Whatever a reaction raises reaches the caller and rolls everything back.
    """
    for reaction in _reactions.get(type(event), ()):
        reaction.handler(event)


def reactions() -> list[Reaction]:
    """All reactions, grouped by event in the order of the apps."""
    return [reaction for rows in _reactions.values() for reaction in rows]
