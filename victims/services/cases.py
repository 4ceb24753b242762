"""A victim's case: closed when nothing is left to do, and open again whenever something happens."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F

from accounts.models import User
from audit import services as audit
from core import events
from core.errors import DomainError
from core.text import clean
from deadlines import kinds
from deadlines.models import Deadline
from victims import permissions
from victims.events import CaseClosed, CasesReopened
from victims.models import Victim

#: What holds no closing up: an offer of a duty, which needs no answer any more, and asking what the
#: victim thought, which comes after the end.
_HOLDS_NOTHING_UP = ["handover", "survey"]


@transaction.atomic
def close_case(*, victim_id: int, reason: str, actor: User, at: datetime) -> Victim:
    """Close a victim's case; who is responsible stays on record and answers for it still.

    Raises PermissionDenied, InvalidInput at `reason` (to 300 characters), and DomainError where the
    case is closed already or something is still due for the victim: it says what.
    """
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_close_case(actor):
        raise PermissionDenied("Your role does not close cases.")
    reason = clean(reason, field="reason", longest=300, required=True)
    if victim.closed_at is not None:
        raise DomainError("The case is closed already.")
    _refuse_while_due(victim)
    victim.closed_at, victim.closed_reason = at, reason
    victim.version += 1
    victim.save(update_fields=["closed_at", "closed_reason", "version"])
    audit.record(
        actor=actor,
        at=at,
        verb="victim.case_closed",
        headline="Case closed",
        subject=victim.reference,
        victim_id=victim.pk,
        detail={"reason": reason},
        is_grave=True,
    )
    events.announce(CaseClosed(victim_id=victim.pk, actor=actor, at=at))
    return victim


@transaction.atomic
def open_again(*, victim_id: int, reason: str, actor: User, at: datetime) -> Victim:
    """Somebody opens a closed case again. Raises PermissionDenied, InvalidInput at `reason`, and
    DomainError where it is open."""
    victim = Victim.objects.select_for_update(no_key=True).get(pk=victim_id)
    if not permissions.can_close_case(actor):
        raise PermissionDenied("Your role does not open cases again.")
    if victim.closed_at is None:
        raise DomainError("The case is open.")
    reopen_case(victim_id=victim_id, reason=reason, actor=actor, at=at)
    victim.refresh_from_db()
    return victim


def reopen_case(*, victim_id: int, reason: str, actor: User, at: datetime) -> bool:
    """As `reopen_cases`, for one victim; whether the case was closed."""
    return bool(reopen_cases(victim_ids=[victim_id], reason=reason, actor=actor, at=at))


@transaction.atomic
def reopen_cases(
    *, victim_ids: Collection[int], reason: str, actor: User, at: datetime
) -> list[int]:
    """Open again those of these cases that are closed: something happened that somebody must see.

    Whether `actor` may is the calling service's rule (a trigger, a new incident). An open case
    stays as it is; returns the victims whose case was closed. Three statements at most, however
    many there are. Raises InvalidInput at `reason` (to 300 characters).
    """
    reason = clean(reason, field="reason", longest=300, required=True)
    closed = list(
        Victim.objects.filter(pk__in=victim_ids, closed_at__isnull=False)
        .order_by("pk")
        .select_for_update(no_key=True)
        .only("pk", "reference")
    )
    if not closed:
        return []
    ids = [victim.pk for victim in closed]
    Victim.objects.filter(pk__in=ids).update(
        closed_at=None, closed_reason="", version=F("version") + 1
    )
    audit.record_many(
        audit.event(
            actor=actor,
            at=at,
            verb="victim.case_reopened",
            headline="Case open again",
            subject=victim.reference,
            victim_id=victim.pk,
            detail={"reason": reason},
            is_grave=True,
        )
        for victim in closed
    )
    events.announce(CasesReopened(victim_ids=tuple(ids), actor=actor, at=at))
    return ids


def _refuse_while_due(victim: Victim) -> None:
    due = Deadline.objects.open().filter(victim=victim).exclude(kind__in=_HOLDS_NOTHING_UP)
    names = sorted({kinds.get(code).name for code in due.values_list("kind", flat=True)})
    if names:
        raise DomainError(
            "Something is still due for this victim: " + "; ".join(names) + ". Finish it first."
        )
