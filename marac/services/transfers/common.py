"""What every step of a handover asks and writes down."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit import services as audit
from core.errors import DomainError, Stale
from marac import near
from marac.models import MaracCase, Transfer
from marac.permissions import can_decide
from marac.services.locking import locked_case

LONGEST_WORDS = 1_000
LONGEST_CONTACT = 300
LONGEST_AREA = 200


def locked_transfer(transfer_id: int) -> Transfer:
    """The transfer with its case, locked until the transaction ends, the case first."""
    case = locked_case(Transfer.objects.values_list("case_id", flat=True).get(pk=transfer_id))
    Transfer.objects.select_for_update(no_key=True).get(pk=transfer_id)
    row: Transfer = Transfer.objects.select_related("other_conference__team").get(pk=transfer_id)
    row.case, row.victim = case, case.victim
    return row


def require_keeper(actor: User, case: MaracCase) -> None:
    """Raises PermissionDenied but for coordinators and chairs who may know of the victim."""
    if not can_decide(actor, case.conference):
        raise PermissionDenied("Coordinators and chairs hand cases over.")
    near.require_open_to(actor, case)


def require_begun(row: Transfer) -> None:
    """Raises DomainError for one that is over."""
    if row.state != Transfer.State.BEGUN:
        raise DomainError(f"{row.reference} is over: {row.get_state_display().lower()}.")


def refuse_stale(row: Transfer, version: int, yours: dict[str, Any]) -> None:
    """Raises Stale, with what is checked now, where it changed since `version` was read."""
    if row.version != version:
        raise Stale(
            f"{row.reference} changed after you opened this. Look at both, then send yours again.",
            theirs=checks_of(row),
            yours=yours,
            version=row.version,
        )


def checks_of(row: Transfer) -> dict[str, Any]:
    """What both sides have checked, in plain values."""
    return {
        "heard_there": row.heard_there,
        "heard_words": row.heard_words,
        "plan": row.plan_at.isoformat() if row.plan_at else None,
        "minutes": row.minutes_at.isoformat() if row.minutes_at else None,
        "adviser": row.adviser_at.isoformat() if row.adviser_at else None,
        "adviser_words": row.adviser_words,
    }


def other_side(row: Transfer) -> str:
    """The other conference or area, as it is called."""
    return str(row.other_conference) if row.other_conference else row.other_area


def record(
    row: Transfer,
    verb: str,
    headline: str,
    actor: User,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb=f"marac_transfer.{verb}",
        headline=headline[:300],
        subject=row.reference,
        victim_id=row.victim_id,
        detail={"case": row.case.reference, **(detail or {})},
    )
