"""Row history: what a row was before each change, kept by the database."""

from typing import TypeVar, cast

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def track_changes(model: M) -> M:
    """Keep, by database trigger, what a row was before each change; the row is the newest."""
    track = pghistory.track(
        pghistory.UpdateEvent("changed", row=pghistory.Old), pghistory.DeleteEvent("deleted")
    )
    return cast("M", track(model))
