"""Row history: what a row was before each change, kept by the database."""

from collections.abc import Callable
from typing import TypeVar, cast

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def track_changes(model: M) -> M:
    """Keep, by database trigger, what a row was before each change; the row is the newest."""
    return track_changes_but()(model)


def track_changes_but(*fields: str) -> Callable[[M], M]:
    """The same without these fields: a change of them alone, such as of a counter, is not kept."""
    track = pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old),
        pghistory.DeleteEvent("deleted"),
        exclude=list(fields),
    )

    def tracked(model: M) -> M:
        return cast("M", track(model))

    return tracked
