"""Every write to deadlines but the sweep's: starting, settling, moving, and telling people.

These run inside the transaction of whoever owns the duty, after that service asked whether its
actor may do what it does; so there is no second permission here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction

from accounts.cover import covers_of
from accounts.models import Team, User
from accounts.withheld import withheld_from
from audit import services as audit
from audit.models import AuditEvent
from core import policy, shut
from core.errors import DomainError
from core.policy import ForcePolicy
from core.text import clean
from core.working_time import format_left
from deadlines import kinds
from deadlines.journal import entry, when
from deadlines.kinds import Terms
from deadlines.models import Deadline, Notification

State = Deadline.State


@transaction.atomic
def start(
    *,
    kind: str,
    subject: models.Model,
    reference: str,
    victim_id: int | None,
    team: Team | None,
    owner: User | None,
    started_at: datetime,
    actor: User,
    at: datetime,
    terms: Terms | None = None,
) -> Deadline:
    """Begin to watch a duty that runs from `started_at` (which may lie before `at`).

    A duty is owed once: if one of this kind is open for the subject it is returned as it is, so
    the earlier start counts. `terms` is the rule where the kind leaves it open. Raises LookupError
    for an unknown kind and ValueError for a subject of another model than the kind's.
    """
    row = _new_row(
        kind, subject, reference, victim_id, started_at, at, policy.at(started_at), terms
    )
    row.team, row.owner = team, owner
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # Somebody else started it in the meantime: the database lets only one be open.
        running = _locked(kind, subject)
        if running is None:
            raise
        return running
    audit.record_many([_started(row, actor, at)])
    return row


def to_start(
    *,
    kind: str,
    subject: models.Model,
    reference: str,
    victim_id: int | None,
    team_id: int | None,
    started_at: datetime,
    actor: User,
    at: datetime,
    rules: ForcePolicy,
    terms: Terms | None = None,
) -> tuple[Deadline, AuditEvent]:
    """As `start`, not written yet, for a subject that this very transaction makes; nobody has it.

    The row and what the audit says of it, for the caller to write together with the subject: nobody
    else can have started it, so nothing is guarded against. `rules` is the policy that the caller
    has read.
    """
    row = _new_row(kind, subject, reference, victim_id, started_at, at, rules, terms)
    row.team_id = team_id
    return row, _started(row, actor, at)


@transaction.atomic
def meet(*, kind: str, subject: models.Model, actor: User, at: datetime) -> Deadline | None:
    """The duty was done at `at`. None when none is open.

    What counts is `at` against the due time, not whether the sweep has seen the breach yet: done
    after due is met late, for ever; done in time is met, even if the sweep was quicker to write.
    """
    row = _locked(kind, subject)
    if row is None:
        return None
    if row.paused_at is not None:
        _run_again(row, at)
    late = at > row.due_at
    _settle(row, State.MET_LATE if late else State.MET, at)
    headline = f"{kinds.get(kind).name} done " + (
        format_left(row.due_at - at).replace(" over", " late") if late else "in time"
    )
    _record(row, actor, at, row.state, headline, is_grave=late)
    return row


@transaction.atomic
def cancel(
    *, kind: str, subject: models.Model, actor: User, at: datetime, reason: str
) -> Deadline | None:
    """The duty fell away, for a reason in words. None when none is open."""
    reason = clean(reason, field="reason", longest=1_000, required=True)
    row = _locked(kind, subject)
    if row is None:
        return None
    _settle(row, State.CANCELLED, at)
    name = kinds.get(kind).name
    _record(row, actor, at, "cancelled", f"{name} no longer due", {"reason": reason})
    return row


@transaction.atomic
def assign(
    *,
    kind: str,
    subject: models.Model,
    owner: User | None,
    team: Team | None = None,
    actor: User,
    at: datetime,
) -> Deadline | None:
    """Give the duty to a person, or back to the team (owner None); a team given replaces its team.

    The service that hands over the subject writes the audit; this only follows it. None when none
    is open.
    """
    row = _locked(kind, subject)
    if row is None:
        return None
    row.owner = owner
    row.team = team or row.team
    row.save(update_fields=["owner", "team"])
    return row


@transaction.atomic
def reschedule(
    *,
    kind: str,
    subject: models.Model,
    started_at: datetime,
    actor: User,
    at: datetime,
    terms: Terms | None = None,
) -> Deadline | None:
    """The date that the duty runs from moved. Due time, basis and steps are computed anew.

    A due time that lies ahead again undoes the breach (what was told stays told); the steps of the
    new time are a new round. Nothing happens when the due time stays the same. None when none is
    open.
    """
    row = _locked(kind, subject)
    if row is None:
        return None
    declared, rules = kinds.get(kind).under(terms), policy.at(started_at)
    due_at = declared.due(started_at, rules)
    if due_at == row.due_at:
        return row
    before = row.due_at
    row.started_at = declared.begins(started_at, due_at, at)
    row.due_at, row.basis = due_at, declared.basis(started_at, rules)
    row.step_times = declared.steps(row.started_at, due_at, rules)
    row.round, row.steps_taken = row.round + 1, 0
    row.state = State.RUNNING if due_at > at else row.state
    row.look_at = None if row.paused_at else row.step_times[0]
    row.save(
        update_fields=[
            "started_at",
            "due_at",
            "basis",
            "step_times",
            "round",
            "steps_taken",
            "state",
            "look_at",
        ]
    )
    headline = f"{declared.name} now due {when(due_at)}, not {when(before)}"
    _record(row, actor, at, "moved", headline, {"due_before": before.isoformat()})
    return row


@transaction.atomic
def pause(
    *, kind: str, subject: models.Model, actor: User, at: datetime, reason: str
) -> Deadline | None:
    """Let the clock stand still from `at`, for a reason. None when none is open.

    Raises DomainError where the kind does not allow it, when it stands still already, and when the
    time is over.
    """
    reason = clean(reason, field="reason", longest=1_000, required=True)
    row = _locked(kind, subject)
    if row is None:
        return None
    declared = kinds.get(kind)
    if not declared.may_pause:
        raise DomainError(f"The clock of this cannot be paused: {declared.name}.")
    if row.paused_at is not None:
        raise DomainError("The clock stands still already.")
    if row.state != State.RUNNING or row.due_at <= at:
        raise DomainError("The time is over: it cannot be paused any more.")
    row.paused_at, row.paused_reason, row.look_at = at, reason, None
    row.save(update_fields=["paused_at", "paused_reason", "look_at"])
    _record(row, actor, at, "paused", f"{declared.name}: clock paused", {"reason": reason})
    return row


@transaction.atomic
def resume(*, kind: str, subject: models.Model, actor: User, at: datetime) -> Deadline | None:
    """Let a paused clock run again: what lies ahead moves by the length of the pause.

    None when none is open. Raises DomainError when it does not stand still.
    """
    row = _locked(kind, subject)
    if row is None:
        return None
    if row.paused_at is None:
        raise DomainError("The clock is running already.")
    pause_length = _run_again(row, at)
    row.save(
        update_fields=["step_times", "due_at", "basis", "look_at", "paused_at", "paused_reason"]
    )
    headline = f"{kinds.get(kind).name}: clock runs again, due {when(row.due_at)}"
    _record(row, actor, at, "resumed", headline, {"paused_seconds": pause_length.total_seconds()})
    return row


def notify(
    *,
    users: Iterable[User],
    level: str,
    headline: str,
    reference: str,
    path: str,
    victim_id: int | None,
    at: datetime,
    deadline: Deadline | None = None,
) -> None:
    """Tell people something, in the caller's transaction; delivery by e-mail follows by itself.

    `level` is a `Notification.Level`; `headline` holds no victim's details. A person named twice
    is told once, who has left is not told, and who stands in for somebody is told with them.
    Whoever must not receive anything about the victim is told nothing, nor is somebody to whom the
    reference is shut (`core.shut`). `deadline` is the duty that
    it is about, where who has the duty may read of it without seeing the victim's record.
    """
    told = {user.pk: user for user in users if user.is_active and not user.is_system}
    told |= {row.cover_id: row.cover for row in covers_of(told, at).values()}
    barred = withheld_from(told, victim_id) if victim_id is not None else set()
    barred |= shut.shut_out(reference, told)
    Notification.objects.bulk_create(
        Notification(
            user=user,
            deadline=deadline,
            victim_id=victim_id,
            level=Notification.Level(level),
            reference=reference,
            path=path,
            headline=clean(headline, field="headline", longest=200, required=True),
            created_at=at,
        )
        for user in told.values()
        if user.pk not in barred
    )


def mark_seen(*, user: User, notification_ids: Sequence[int], at: datetime) -> int:
    """A person saw these of their own notifications. How many were unseen until now."""
    unseen = Notification.objects.visible_to(user).unseen().filter(pk__in=notification_ids)
    return unseen.update(seen_at=at)


def _new_row(
    kind: str,
    subject: models.Model,
    reference: str,
    victim_id: int | None,
    started_at: datetime,
    at: datetime,
    rules: ForcePolicy,
    terms: Terms | None = None,
) -> Deadline:
    declared = _kind_for(kind, subject).under(terms)
    due_at = declared.due(started_at, rules)
    begins = declared.begins(started_at, due_at, at)
    steps = declared.steps(begins, due_at, rules)
    return Deadline(
        kind=kind,
        subject_type=declared.subject_type,
        subject_id=subject.pk,
        subject_reference=reference,
        victim_id=victim_id,
        started_at=begins,
        due_at=due_at,
        basis=declared.basis(started_at, rules),
        step_times=steps,
        look_at=steps[0],
    )


def _started(row: Deadline, actor: User, at: datetime) -> AuditEvent:
    headline = f"{kinds.get(row.kind).name} due {when(row.due_at)}"
    return entry(row, actor, at, "started", headline)


def _kind_for(code: str, subject: models.Model) -> kinds.Kind:
    declared = kinds.get(code)
    if subject._meta.label_lower != declared.subject_type:
        raise ValueError(f"{code} is owed for {declared.subject_type}, not {subject!r}")
    return declared


def _locked(code: str, subject: models.Model) -> Deadline | None:
    """The open deadline of a subject, locked: settling and the sweep wait for one another."""
    _kind_for(code, subject)
    open_ones = Deadline.objects.open().of(subject).filter(kind=code)
    return open_ones.select_for_update().first()


def _settle(row: Deadline, state: str, at: datetime) -> None:
    row.state, row.settled_at, row.look_at, row.paused_at = state, at, None, None
    row.save(
        update_fields=[
            "state",
            "settled_at",
            "look_at",
            "paused_at",
            "step_times",
            "due_at",
            "basis",
        ]
    )


def _run_again(row: Deadline, at: datetime) -> timedelta:
    """Move what lies ahead of a paused clock by the length of the pause; the row is not saved."""
    assert row.paused_at is not None
    pause_length = max(at - row.paused_at, timedelta(0))
    ahead = [instant + pause_length for instant in row.step_times[row.steps_taken :]]
    row.step_times = [*row.step_times[: row.steps_taken], *ahead]
    row.due_at += pause_length
    row.basis = _basis_with_pauses(row)
    row.look_at = ahead[0] if ahead else None
    row.paused_at, row.paused_reason = None, ""
    return pause_length


def _basis_with_pauses(row: Deadline) -> str:
    """The rule, and how much longer the pauses made it."""
    declared, rules = kinds.get(row.kind), policy.at(row.started_at)
    paused = row.due_at - declared.due(row.started_at, rules)
    minutes = int(paused.total_seconds() // 60)
    pauses = f" and {minutes // 60} h {minutes % 60:02d} min of pauses" if minutes > 0 else ""
    return declared.basis(row.started_at, rules) + pauses


def _record(
    row: Deadline,
    actor: User,
    at: datetime,
    verb: str,
    headline: str,
    detail: dict[str, Any] | None = None,
    *,
    is_grave: bool = False,
) -> None:
    audit.record_many([entry(row, actor, at, verb, headline, detail, is_grave=is_grave)])
