"""What is shut to somebody although they see the victim: higher apps say which references.

Somebody may be near to one case of a victim whose record their role opens to them. The app that
keeps such cases says so here, and timelines, deadlines and notifications leave them out.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Q, QuerySet

if TYPE_CHECKING:
    from accounts.models import User

Rows = TypeVar("Rows", bound="QuerySet[Any]")


@dataclass(frozen=True, slots=True)
class Shut:
    """`references`: queries that give what is shut to a person; none for whoever has nothing to do
    with it. `people`: of these people, those to whom one reference is shut."""

    references: Callable[["User"], Iterable["QuerySet[Any]"]]
    people: Callable[[str, Collection[int]], set[int]]


_kept: list[Shut] = []


def register(shut: Shut) -> None:
    """Called once by an app that keeps something from people by their own word."""
    _kept.append(shut)


def open_to(rows: Rows, user: "User", field: str) -> Rows:
    """Of rows with a reference in `field`, those that are not shut to this person. No query."""
    shut = Q()
    for one in _kept:
        for references in one.references(user):
            shut |= Q(**{f"{field}__in": references})
    return rows.exclude(shut) if shut else rows


def shut_out(reference: str, person_ids: Collection[int]) -> set[int]:
    """Of these people, those who are told nothing under this reference."""
    return {pk for one in _kept for pk in one.people(reference, person_ids)}
