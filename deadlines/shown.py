"""Deadlines as pages and the API show them: with the kind's name and the way to the subject."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse

from deadlines import kinds
from deadlines.models import Deadline


@dataclass(frozen=True)
class Shown:
    """One deadline for a reader."""

    deadline: Deadline
    what: str
    url: str

    @property
    def who(self) -> str:
        """The person, or the team while nobody has it."""
        return str(self.deadline.owner or self.deadline.team or "")


def shown(row: Deadline) -> Shown:
    """A kind that no app declares any more is shown by its code: nothing disappears."""
    try:
        kind = kinds.get(row.kind)
    except LookupError:
        return Shown(row, row.kind, reverse("deadlines:waiting"))
    return Shown(row, kind.name, kind.path(row.subject_reference))


def all_shown(rows: Iterable[Deadline]) -> list[Shown]:
    return [shown(row) for row in rows]


class BoundedPaginator(Paginator[Any]):
    """Counts no further than a person turns pages: a list of millions costs as a list of 10,000."""

    LIMIT = 10_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.LIMIT].count())
