"""What changed in a victim's life and bears on the risk: they moved, they separated."""

from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import InvalidInput
from core.text import clean
from victims import permissions
from victims.events import CircumstanceRecorded
from victims.models import Circumstance, Victim
from victims.services import once
from victims.services.past import checked_past
from victims.services.seeing import require_seen

LONGEST_WORDS = 1_000


@transaction.atomic
def record_circumstance(
    *,
    victim_id: int,
    kind: str,
    happened_at: datetime,
    words: str,
    key: UUID | None = None,
    actor: User,
    at: datetime,
) -> Circumstance:
    """Record what changed, when and how; what follows for the risk follows at once.

    `kind` is a Circumstance.Kind; `key` is that of a form, so that a double press is one record.
    Raises PermissionDenied, and InvalidInput at `kind`, `happened_at` (within the last year) or
    `words` (needed; to 1,000 characters).
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_record_contact(actor):
        raise PermissionDenied("Your role does not record what changed in a victim's life.")
    require_seen(victim, actor)
    said = {"said": [kind, happened_at, words]}
    what = f"circumstance of {victim.reference}"
    earlier = once.earlier_result(key=key, what=what, said=said, actor=actor, at=at)
    if earlier is not None:
        return Circumstance.objects.get(pk=earlier)
    if kind not in Circumstance.Kind.values:
        raise InvalidInput("Choose what changed.", field="kind")
    ahead = "This lies ahead. Record it when it has happened."
    checked_past(happened_at, at, field="happened_at", ahead=ahead)
    row = Circumstance.objects.create(
        victim=victim,
        kind=kind,
        happened_at=happened_at,
        recorded_at=at,
        recorded_by=actor,
        words=clean(words, field="words", longest=LONGEST_WORDS, required=True),
    )
    audit.record(
        actor=actor,
        at=at,
        verb="victim.circumstance_recorded",
        headline=f"What changed: {row.get_kind_display().lower()}",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"kind": kind, "happened": happened_at.isoformat(), "words": row.words},
    )
    events.announce(
        CircumstanceRecorded(
            circumstance_id=row.pk,
            victim_id=victim.pk,
            kind=kind,
            happened_at=happened_at,
            actor=actor,
            at=at,
        )
    )
    once.remember(key=key, result=row.pk, actor=actor)
    return row
