"""The tab of notes: it counts what its reader may read, and nothing else."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from victims import panels, permissions
from victims.models import Note, Victim


def tab(victim: Victim, user: User, at: datetime) -> dict[str, Any]:
    # Whoever is shown a tab of this victim sees the victim; only the sides are left to ask.
    rows = Note.objects.filter(victim=victim, kept_among__in=permissions.note_sides(user))
    count = rows.filter(struck_at__isnull=True).count()
    return {
        "label": "Notes",
        "url": reverse("victims:notes", args=[victim.reference]),
        "count": count or None,
    }


panels.register("tab", 14, panels.TAB, tab)
