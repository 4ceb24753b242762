"""Photographs and documents of an incident as its pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from incidents import panels
from incidents.models import Exhibit, Incident
from incidents.permissions import may_add_exhibit
from incidents.services.exhibits import may_withdraw
from incidents.services.exhibits.contents import IMAGES


@dataclass(frozen=True)
class Shown:
    """One exhibit, and what this reader may do with it."""

    exhibit: Exhibit
    is_image: bool
    may_withdraw: bool


def exhibits_of(incident: Incident, reader: User) -> list[Shown]:
    """Those that the reader may see, in the order in which they were added."""
    rows = (
        Exhibit.objects.visible_to(reader)
        .kept()
        .filter(incident=incident)
        .select_related("uploaded_by", "person")
        .order_by("pk")
    )
    return [Shown(row, row.content_type in IMAGES, may_withdraw(reader, row)) for row in rows]


def panel(incident: Incident, reader: User, at: datetime) -> dict[str, Any] | None:
    """The part of the incident's page; nothing where there is nothing to see or to add."""
    rows, may_add = exhibits_of(incident, reader), may_add_exhibit(reader)
    if not rows and not may_add:
        return None
    return {"rows": rows, "may_add": may_add, "incident": incident}


panels.register(50, "incidents/exhibits/panel.html", panel, of_whole=False)
