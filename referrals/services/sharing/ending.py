"""The end of what an agency may read: withdrawn with words, or its time over."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.clock import local
from core.errors import DomainError
from core.text import clean
from referrals.events import SharingWithdrawn
from referrals.models import Outgoing, Sharing
from referrals.services.claiming import require_worker
from referrals.services.outgoing import owe
from victims.models import Victim

LONGEST_BECAUSE = 1_000
OVER = "Its time is over"
ON_REGISTER = "The agency must not receive anything about this victim"


@transaction.atomic
def withdraw_sharing(*, sharing_id: int, because: str, actor: User, at: datetime) -> Sharing:
    """Take back what an agency was told: from this transaction on it reads nothing of it.

    Any worker of the unit who sees the victim may. One that is withdrawn already stays as it is.
    Raises PermissionDenied, InvalidInput at `because`, DomainError for one that another replaced.
    """
    because = clean(because, field="because", longest=LONGEST_BECAUSE, required=True)
    require_worker(actor)
    row = _locked(sharing_id)
    if not Victim.objects.visible_to(actor).filter(pk=row.victim_id).exists():
        raise PermissionDenied("You cannot see this record.")
    if row.replaced_by is not None:
        raise DomainError(
            f"{row.reference} no longer stands: {row.replaced_by} took its place. Withdraw that.",
            code="replaced",
        )
    if row.withdrawn_at is None:
        _withdraw(row, because, actor, at)
    return row


@transaction.atomic
def withdraw_from(*, victim_id: int, agency_id: int, actor: User, at: datetime) -> int:
    """Withdraw everything that an agency was told of a victim, since it must not receive it.

    For the register, whose keeper was asked already. Gives how many were withdrawn.
    """
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    keys = Sharing.objects.filter(
        victim=victim_id, agency=agency_id, withdrawn_at=None, replaced_by=None
    ).values_list("pk", flat=True)
    for key in sorted(keys):
        _withdraw(_locked(key), ON_REGISTER, actor, at)
    return len(keys)


def end_sharings_over(*, actor: User, at: datetime) -> int:
    """Write down the end of what was to be kept until a day that is over; how many ended.

    Nothing of it was seen from that day on anyway; doing it again changes nothing. Each is a
    transaction of its own, so that one that fails keeps none of the others.
    """
    today = local(at).date()
    keys = list(
        Sharing.objects.filter(
            keep_until__lt=today, withdrawn_at=None, replaced_by=None
        ).values_list("pk", flat=True)
    )
    return sum(_end(key, actor, at) for key in sorted(keys))


@transaction.atomic
def _end(sharing_id: int, actor: User, at: datetime) -> int:
    row = _locked(sharing_id)
    if row.withdrawn_at is not None or row.replaced_by_id is not None or not row.is_over(at):
        return 0
    _withdraw(row, OVER, actor, at)
    return 1


def _locked(sharing_id: int) -> Sharing:
    """The victim first, everywhere (see claiming.lock)."""
    victim_id = Sharing.objects.values_list("victim_id", flat=True).get(pk=sharing_id)
    Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    return (
        Sharing.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agency", "replaced_by")
        .get(pk=sharing_id)
    )


def _withdraw(row: Sharing, because: str, actor: User, at: datetime) -> None:
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_because = at, actor, because
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_because"])
    owe(sharing=row, about=Outgoing.About.WITHDRAWN, at=at)
    over = because == OVER
    audit.record(
        actor=actor,
        at=at,
        verb="sharing.ended" if over else "sharing.withdrawn",
        subject=row.reference,
        headline=f"{row.agency} no longer sees what was shared: "
        f"{'its time is over' if over else 'withdrawn'}"[:300],
        victim_id=row.victim_id,
        incident_id=row.incident_id,
        detail={"agency": row.agency.name, "reason": because},
        is_grave=not over,
    )
    events.announce(SharingWithdrawn(row.pk, row.victim_id, row.agency_id, actor, at))
