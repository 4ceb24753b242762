"""Reassessments and their clocks follow their standing reasons, many at once."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from accounts.models import User
from audit import services as audit
from audit.models import AuditEvent
from core import events
from core.policy import ForcePolicy
from deadlines import bulk
from deadlines.bulk import Run
from risk.deadlines import REASSESSMENT
from risk.events import ReassessmentEnded
from risk.models import Reassessment, ReassessmentReason
from victims.models import Victim

State = Reassessment.State


def lock_victims(victim_ids: Collection[int]) -> dict[int, Victim]:
    """Held until the transaction ends, always in the order of their numbers.

    The victim's row is the lock of everything about their reassessment: two events at once join
    one reassessment, and nobody waits in a circle.
    """
    rows = Victim.objects.filter(pk__in=victim_ids).order_by("pk")
    return {row.pk: row for row in rows.select_for_update(of=("self",), no_key=True)}


def run_of(reassessment: Reassessment, reason: ReassessmentReason) -> Run:
    """The duty as its most pressing reason makes it."""
    return Run(
        subject_id=reassessment.pk,
        reference=reassessment.reference,
        victim_id=reassessment.victim_id,
        team_id=reassessment.team_id,
        owner_id=reassessment.owner_id,
        started_at=reason.happened_at,
        due_at=reason.due_at,
        basis=reason.basis,
    )


def most_pressing(reasons: Iterable[ReassessmentReason]) -> ReassessmentReason:
    """The reason whose time is over first."""
    return min(reasons, key=lambda reason: (reason.due_at, reason.pk or 0))


def settle(
    reassessments: Sequence[Reassessment],
    *,
    because: str,
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    """Of these open ones, whose reasons changed: due by the earliest that stands.

    With none left it falls away. Each is a new version, so that nobody concludes it without having
    seen what changed.
    """
    if not reassessments:
        return
    standing: dict[int, list[ReassessmentReason]] = {row.pk: [] for row in reassessments}
    for reason in ReassessmentReason.objects.standing().filter(reassessment__in=standing):
        standing[reason.reassessment_id].append(reason)
    _follow([row for row in reassessments if standing[row.pk]], standing, actor, at, rules)
    _end([row for row in reassessments if not standing[row.pk]], because, actor, at)


def _follow(
    rows: Sequence[Reassessment],
    standing: dict[int, list[ReassessmentReason]],
    actor: User,
    at: datetime,
    rules: ForcePolicy,
) -> None:
    runs = []
    for row in rows:
        first = most_pressing(standing[row.pk])
        runs.append(run_of(row, first))
        row.due_at = first.due_at
        row.version += 1
    Reassessment.objects.bulk_update(rows, ["due_at", "version"], batch_size=1_000)
    bulk.move_many(kind=REASSESSMENT, runs=runs, actor=actor, at=at, rules=rules)


def _end(rows: Sequence[Reassessment], because: str, actor: User, at: datetime) -> None:
    if not rows:
        return
    for row in rows:
        row.state, row.done_at, row.words = State.FALLEN_AWAY, at, because
        row.version += 1
    Reassessment.objects.bulk_update(
        rows, ["state", "done_at", "words", "version"], batch_size=1_000
    )
    bulk.cancel_many(
        kind=REASSESSMENT, subject_ids=[row.pk for row in rows], reason=because, actor=actor, at=at
    )
    audit.record_many(
        event(row, "fallen_away", "Risk need not be looked at again", actor, at, because=because)
        for row in rows
    )
    for row in rows:
        events.announce(
            ReassessmentEnded(
                reassessment_id=row.pk, victim_id=row.victim_id, outcome="", actor=actor, at=at
            )
        )


def event(
    row: Reassessment, verb: str, headline: str, actor: User, at: datetime, **detail: object
) -> AuditEvent:
    """What the audit says of a reassessment, not written yet."""
    return audit.event(
        actor=actor,
        at=at,
        verb=f"reassessment.{verb}",
        headline=headline,
        subject=row.reference,
        victim_id=row.victim_id,
        detail=detail,
    )
