"""The two writes of the audit: what was done, and who looked."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from audit.models import AuditEvent, RecordRead

if TYPE_CHECKING:
    from accounts.models import User


def event(
    *,
    actor: "User",
    at: datetime,
    verb: str,
    headline: str,
    subject: str,
    victim_id: int | None = None,
    incident_id: int | None = None,
    detail: dict[str, Any] | None = None,
    is_grave: bool = False,
) -> AuditEvent:
    """What `actor` did at `at`, not written yet: for `record_many`.

    `headline` goes on timelines and must say enough without `detail`; `detail` holds values before
    and after, and reasons in the person's own words.
    """
    return AuditEvent(
        actor=actor,
        actor_name=str(actor),
        at=at,
        verb=verb,
        headline=headline,
        subject=subject,
        victim_id=victim_id,
        incident_id=incident_id,
        detail=detail or {},
        is_grave=is_grave,
    )


def record(
    *,
    actor: "User",
    at: datetime,
    verb: str,
    headline: str,
    subject: str,
    victim_id: int | None = None,
    incident_id: int | None = None,
    detail: dict[str, Any] | None = None,
    is_grave: bool = False,
) -> AuditEvent:
    """Write what `actor` did at `at`, in the caller's transaction; values as for `event`."""
    written = event(
        actor=actor,
        at=at,
        verb=verb,
        headline=headline,
        subject=subject,
        victim_id=victim_id,
        incident_id=incident_id,
        detail=detail,
        is_grave=is_grave,
    )
    written.save(force_insert=True)
    return written


def record_many(events: Iterable[AuditEvent]) -> None:
    """Write several events at once, in their order, in the caller's transaction."""
    AuditEvent.objects.bulk_create(events)


def record_read(
    *,
    user: "User",
    at: datetime,
    path: str,
    subject: str,
    victim_id: int | None = None,
    incident_id: int | None = None,
) -> RecordRead:
    """Write that `user` opened a record."""
    return RecordRead.objects.create(
        user=user,
        user_name=str(user),
        at=at,
        path=path[:300],
        subject=subject,
        victim_id=victim_id,
        incident_id=incident_id,
    )
