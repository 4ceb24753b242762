"""Many duties at once whose due times and bases their callers worked out: the earliest of several.

For callers that hold their subjects locked. The rules of a single duty apply: it is owed once, what
moves is a new round, and every row leaves its word in the audit.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.policy import ForcePolicy
from core.working_time import format_left
from deadlines import kinds
from deadlines.journal import entry, when
from deadlines.models import Deadline
from deadlines.querysets import DeadlineQuerySet

State = Deadline.State
_MOVED = ["started_at", "due_at", "basis", "step_times", "round", "steps_taken", "state", "look_at"]


@dataclass(frozen=True, slots=True)
class Run:
    """One duty: what it runs from, when it is due, and the rule in words with its numbers.

    `started_at` may lie ahead (a planned release): time then begins to run now. `reminders` take
    the place of the policy's warnings.
    """

    subject_id: int
    reference: str
    victim_id: int | None
    team_id: int | None
    owner_id: int | None
    started_at: datetime
    due_at: datetime
    basis: str
    reminders: tuple[datetime, ...] = ()


@transaction.atomic
def start_many(
    *, kind: str, runs: Sequence[Run], actor: User, at: datetime, rules: ForcePolicy
) -> list[Deadline]:
    """Begin to watch these duties; those already watched stay as they are.

    `rules` is the policy that the caller has read. Gives the rows that are new. Two queries and
    the audit's. Raises LookupError for an unknown kind.
    """
    if not runs:
        return []
    running = set(
        _open(kind, [run.subject_id for run in runs]).values_list("subject_id", flat=True)
    )
    rows = [_row(kind, run, at, rules) for run in runs if run.subject_id not in running]
    Deadline.objects.bulk_create(rows)
    name = kinds.get(kind).name
    audit.record_many(
        entry(row, actor, at, "started", f"{name} due {when(row.due_at)}") for row in rows
    )
    return rows


@transaction.atomic
def move_many(
    *, kind: str, runs: Sequence[Run], actor: User, at: datetime, rules: ForcePolicy
) -> list[Deadline]:
    """Give open duties of these subjects another due time; what was told stays told.

    A due time that lies ahead again undoes the breach. Those with the same due time and basis, and
    those not open, are left alone. Gives the rows that changed.
    """
    wanted = {run.subject_id: run for run in runs}
    changed, headlines = [], []
    name = kinds.get(kind).name
    for row in _locked(kind, wanted):
        run = wanted[row.subject_id]
        if (row.due_at, row.basis) == (run.due_at, run.basis):
            continue
        headlines.append(f"{name} now due {when(run.due_at)}, not {when(row.due_at)}")
        changed.append(_moved(row, run, at, rules))
    Deadline.objects.bulk_update(changed, _MOVED, batch_size=1_000)
    audit.record_many(
        entry(row, actor, at, "moved", headline)
        for row, headline in zip(changed, headlines, strict=True)
    )
    return changed


@transaction.atomic
def cancel_many(
    *, kind: str, subject_ids: Iterable[int], reason: str, actor: User, at: datetime
) -> int:
    """These duties fell away, for a reason in words. How many were open."""
    rows = _locked(kind, subject_ids)
    for row in rows:
        row.state, row.settled_at, row.look_at, row.paused_at = State.CANCELLED, at, None, None
    settled = ["state", "settled_at", "look_at", "paused_at"]
    Deadline.objects.bulk_update(rows, settled, batch_size=1_000)
    headline = f"{kinds.get(kind).name} no longer due"
    audit.record_many(
        entry(row, actor, at, "cancelled", headline, {"reason": reason}) for row in rows
    )
    return len(rows)


@transaction.atomic
def meet_many(*, kind: str, subject_ids: Iterable[int], actor: User, at: datetime) -> int:
    """These duties were done at `at`; after its due time one is met late. How many were open.

    For kinds that never pause; ValueError for others, whose due times move with their pauses.
    """
    name = kinds.get(kind).name
    if kinds.get(kind).may_pause:
        raise ValueError(f"{kind} may be paused: meet each by itself.")
    rows = _locked(kind, subject_ids)
    for row in rows:
        row.state = State.MET_LATE if at > row.due_at else State.MET
        row.settled_at, row.look_at = at, None
    Deadline.objects.bulk_update(rows, ["state", "settled_at", "look_at"], batch_size=1_000)
    audit.record_many(
        entry(row, actor, at, row.state, f"{name} done {_how(row, at)}", is_grave=at > row.due_at)
        for row in rows
    )
    return len(rows)


def _how(row: Deadline, at: datetime) -> str:
    late = format_left(row.due_at - at).replace(" over", " late")
    return late if at > row.due_at else "in time"


def _open(kind: str, subject_ids: Iterable[int]) -> DeadlineQuerySet:
    return Deadline.objects.open().filter(
        kind=kind, subject_type=kinds.get(kind).subject_type, subject_id__in=list(subject_ids)
    )


def _locked(kind: str, subject_ids: Iterable[int]) -> list[Deadline]:
    """In order of their numbers, as the sweep takes them: nobody waits in a circle."""
    return list(_open(kind, subject_ids).order_by("pk").select_for_update())


def _row(kind: str, run: Run, at: datetime, rules: ForcePolicy) -> Deadline:
    begins, steps = _times(kind, run, at, rules)
    return Deadline(
        kind=kind,
        subject_type=kinds.get(kind).subject_type,
        subject_id=run.subject_id,
        subject_reference=run.reference,
        victim_id=run.victim_id,
        team_id=run.team_id,
        owner_id=run.owner_id,
        started_at=begins,
        due_at=run.due_at,
        basis=run.basis,
        step_times=steps,
        look_at=steps[0],
    )


def _moved(row: Deadline, run: Run, at: datetime, rules: ForcePolicy) -> Deadline:
    row.started_at, row.step_times = _times(row.kind, run, at, rules)
    row.due_at, row.basis = run.due_at, run.basis
    row.round, row.steps_taken = row.round + 1, 0
    row.state = State.RUNNING if run.due_at > at else row.state
    row.look_at = None if row.paused_at else row.step_times[0]
    return row


def _times(
    kind: str, run: Run, at: datetime, rules: ForcePolicy
) -> tuple[datetime, list[datetime]]:
    """When time begins to run, and the instants at which somebody is told."""
    begins = min(run.started_at, at, run.due_at)
    declared = kinds.get(kind)
    if run.reminders:
        declared = replace(declared, reminders=run.reminders)
    return begins, declared.steps(begins, run.due_at, rules)
