"""Sharing by the unit: of a referral by whoever has it, of a victim by any of its workers."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from core.errors import InvalidInput
from referrals.models import Sharing
from referrals.services.claiming import lock, require_holder, require_worker
from referrals.services.sharing.telling import tell
from victims.models import Victim


@transaction.atomic
def share(
    *,
    victim_id: int | None = None,
    agency_id: int,
    what: Sequence[str],
    documents: Sequence[UUID] = (),
    why: str,
    basis: str,
    consent: str,
    consent_reason: str = "",
    consent_asked_at: datetime | None = None,
    keep_until: date | None = None,
    referral_id: int | None = None,
    incident_id: int | None = None,
    kind: str = Sharing.Kind.REFERRAL,
    replaces: str = "",
    actor: User,
    at: datetime,
) -> Sharing:
    """Share with one agency; fields as for `telling.tell`.

    Of a referral only whoever has it shares; without one, any worker of the unit who sees the
    victim. `victim_id` may be left out where a referral is named. Raises PermissionDenied,
    DomainError for a finished referral or one that nobody has, and what `tell` raises.
    """
    require_worker(actor)
    if referral_id is not None:
        referral = lock(referral_id)
        require_holder(actor, referral, at)
        if victim_id not in {None, referral.victim_id}:
            raise InvalidInput("That referral is about somebody else.", field="referral")
        victim_id = referral.victim_id
    if victim_id is None:
        raise InvalidInput("Say of whom.", field="victim")
    if not Victim.objects.visible_to(actor).filter(pk=victim_id).exists():
        raise PermissionDenied("You cannot see this record.")
    return tell(
        victim_id=victim_id,
        agency_id=agency_id,
        what=what,
        documents=documents,
        why=why,
        basis=basis,
        consent=consent,
        consent_reason=consent_reason,
        consent_asked_at=consent_asked_at,
        keep_until=keep_until,
        referral_id=referral_id,
        incident_id=incident_id,
        kind=kind,
        replaces=replaces,
        actor=actor,
        at=at,
    )
