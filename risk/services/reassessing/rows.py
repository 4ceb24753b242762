"""What every step of a reassessment does with its row."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models.functions import Coalesce, Greatest

from core.clock import local
from core.errors import AlreadyTaken, DomainError, Stale
from core.trigger_rules import Trigger
from risk.models import Reassessment
from risk.services.triggers.rows import lock_victims
from victims.models import Victim

State = Reassessment.State


def lock(reassessment_id: int) -> Reassessment:
    """The reassessment with its victim, both held until the transaction ends, the victim first.

    Raises Reassessment.DoesNotExist.
    """
    victim_id = Reassessment.objects.values_list("victim_id", flat=True).get(pk=reassessment_id)
    victim = lock_victims([victim_id])[victim_id]
    row: Reassessment = (
        Reassessment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner", "team", "done_by")
        .get(pk=reassessment_id)
    )
    row.victim = victim
    return row


def require_open(row: Reassessment) -> None:
    """Raises AlreadyTaken naming who was first, DomainError where nothing calls for it any more."""
    if row.state == State.DONE:
        there = local(row.done_at or row.opened_at)
        raise AlreadyTaken(
            f"{row.done_by} has done this already, {there.day} {there:%b at %H:%M}: "
            f"{row.get_outcome_display().lower()}."
        )
    if row.state == State.FALLEN_AWAY:
        raise DomainError(f"Nothing calls for this any more: {row.words}", code="fallen_away")


def require_version(row: Reassessment, version: int, yours: Mapping[str, object]) -> None:
    """Raises Stale, with the reasons as they are now, unless the page knew the newest."""
    if row.version == version:
        return
    raise Stale(
        "Something has come to this since you opened it: another reason, another time, or "
        "somebody else has it. Read it, then decide.",
        theirs={
            "reasons": [
                f"{Trigger(reason.trigger).words}: {reason.words}"
                for reason in row.reasons.standing().order_by("happened_at", "pk")
            ],
            "owner": str(row.owner or row.team),
            "grade": row.victim.grade,
        },
        yours=dict(yours),
        version=row.version,
    )


def note_looked_at(victim_id: int, at: datetime) -> None:
    """The victim's risk was looked at as a whole at this instant; never back in time."""
    Victim.objects.filter(pk=victim_id).update(
        last_assessed_at=Greatest(Coalesce("last_assessed_at", at), at)
    )
