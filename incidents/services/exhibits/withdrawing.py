"""An exhibit that was added by mistake is withdrawn: kept, and shown to nobody."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.text import clean
from incidents.models import Exhibit
from incidents.permissions import may_supervise

LONGEST_REASON = 300


def may_withdraw(user: User, exhibit: Exhibit) -> bool:
    """Who added it, or a supervisor."""
    return user.is_active and (exhibit.uploaded_by_id == user.pk or may_supervise(user))


@transaction.atomic
def withdraw_exhibit(*, exhibit_id: int, reason: str, actor: User, at: datetime) -> Exhibit:
    """Take an exhibit back, with words; one that is withdrawn already stays as it is.

    Raises PermissionDenied and InvalidInput at `reason`.
    """
    exhibit = (
        Exhibit.objects.select_for_update(of=("self",))
        .select_related("incident")
        .get(pk=exhibit_id)
    )
    if not may_withdraw(actor, exhibit):
        raise PermissionDenied("Only who added it, or a supervisor, withdraws an exhibit.")
    reason = clean(reason, field="reason", longest=LONGEST_REASON, required=True)
    if exhibit.withdrawn_at is not None:
        return exhibit
    exhibit.withdrawn_at, exhibit.withdrawn_by, exhibit.withdrawn_reason = at, actor, reason
    exhibit.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    audit.record(
        actor=actor,
        at=at,
        verb="exhibit.withdrawn",
        headline=f"Exhibit {exhibit.reference} withdrawn",
        subject=exhibit.incident.reference,
        incident_id=exhibit.incident_id,
        is_grave=True,
        detail={"exhibit": str(exhibit.key), "reason": reason},
    )
    return exhibit
