"""What every page of a victim begins with: may this person see them, and that they looked."""

from datetime import datetime

from django.shortcuts import get_object_or_404

from accounts.models import User
from audit import services as audit
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
