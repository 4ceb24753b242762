"""What every page of a victim begins with: may this person see them, and that they looked."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from audit import services as audit
from victims import panels, permissions
from victims.models import Victim


def seen_by(user: User, reference: str) -> Victim:
    """The victim of this reference, or 404 for whoever may not see them."""
    victims = Victim.objects.visible_to(user).select_related(
        "person",
        "contact_owner",
        "contact_team",
        "risk_owner",
        "risk_team",
        "plan_owner",
        "plan_team",
    )
    return get_object_or_404(victims, reference=reference)


def note_reading(user: User, path: str, victim: Victim, at: datetime) -> None:
    """Every opening of a victim's record is kept: who, when, by which page."""
    audit.record_read(user=user, at=at, path=path, subject=victim.reference, victim_id=victim.pk)


def tabs_of(request: HttpRequest, user: User, victim: Victim, at: datetime) -> dict[str, Any]:
    """What the page's own navigation needs; the tab that is open is marked."""
    shown = panels.shown_to(user, victim, at, slots=["tab"])
    for tab in shown["tab"]:
        tab.context["current"] = tab.context.get("url") == request.path
    return {"panels": shown, "may_see_who_looked": permissions.can_see_who_looked(user)}
