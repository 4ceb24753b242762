"""A digest is acknowledged, or whoever leads the team is told that it was not."""

from collections import defaultdict
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from core.clock import local
from deadlines import services
from deadlines.models import Digest, Notification

HEAD = Role.HEAD_OF_PUBLIC_PROTECTION


@transaction.atomic
def acknowledge(*, digest_id: int, actor: User, at: datetime) -> Digest:
    """Somebody has read their digest, or their team's. Acknowledging again changes nothing.

    After the time it is acknowledged late: that it was told to the leader stays. Raises
    PermissionDenied for somebody else's.
    """
    row = Digest.objects.select_for_update(of=("self",)).get(pk=digest_id)
    if not Digest.objects.visible_to(actor).filter(pk=row.pk).exists():
        raise PermissionDenied("A digest is acknowledged by whoever it is for.")
    if row.acknowledged_at is not None:
        return row
    row.acknowledged_at, row.acknowledged_by = at, actor
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    audit.record(
        actor=actor,
        at=at,
        verb="digest.acknowledged",
        subject=_subject(row),
        headline="Digest of the team acknowledged" if row.person_id is None else "Digest read",
        detail={"team": row.team_id, "late": at > row.answer_by},
    )
    return row


@transaction.atomic
def escalate(*, at: datetime) -> int:
    """Tell each leader how many digests of their people nobody acknowledged in time.

    One message a leader, however many there are; a leader's own, and their team's, go to the head
    of public protection. Each digest is told once. How many.
    """
    late = Digest.objects.unanswered().filter(escalated_at__isnull=True, answer_by__lte=at)
    rows = list(
        late.select_related("person", "team__supervisor")
        .order_by("pk")
        .select_for_update(of=("self",), skip_locked=True)
    )
    if not rows:
        return 0
    head = User.objects.filter(groups__name=HEAD, is_active=True).order_by("pk").first()
    told: dict[User, list[Digest]] = defaultdict(list)
    for row in rows:
        row.escalated_at, row.escalated_to = at, _leader(row, head)
        if row.escalated_to is not None:
            told[row.escalated_to].append(row)
    Digest.objects.bulk_update(rows, ["escalated_at", "escalated_to"], batch_size=500)
    for leader, theirs in told.items():
        _tell(leader, theirs, at)
    return len(rows)


def _leader(row: Digest, head: User | None) -> User | None:
    """Who hears that nobody answered; nobody for whoever has left, or leads everybody."""
    if row.person is not None and not row.person.is_active:
        return None
    leader = row.team.supervisor if row.team else None
    if row.person is None or leader is None or not leader.is_active or leader == row.person:
        leader = head
    return None if leader == row.person else leader


def _tell(leader: User, rows: list[Digest], at: datetime) -> None:
    many = "1 digest was" if len(rows) == 1 else f"{len(rows)} digests were"
    services.notify(
        users=[leader],
        level=Notification.Level.WARNING,
        headline=f"{many} not acknowledged in time by those who answer to you",
        reference=_subject(rows[-1]),
        path=reverse("deadlines:digests"),
        victim_id=None,
        at=at,
    )
    audit.record(
        actor=User.objects.system(),
        at=at,
        verb="digest.escalated",
        subject=_subject(rows[-1]),
        headline=f"{many} not acknowledged: {leader} was told",
        detail={"digests": [row.pk for row in rows], "leader": leader.pk},
    )


def _subject(row: Digest) -> str:
    return f"Digest {local(row.created_at).date().isoformat()}"
