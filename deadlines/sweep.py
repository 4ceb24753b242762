"""The sweep: looks at every deadline whose time to be looked at has come, and acts once.

Truth is in the rows, so a sweep may be killed, run late, or run twice at once: a batch is one
transaction, a row that another sweep holds is skipped, and a step that happened cannot happen
again. After an outage every missed step is recorded, but each person is told only of the gravest
one of each deadline that concerns them.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from audit import services as audit
from core.clock import LOCAL
from deadlines import kinds, services
from deadlines.models import Deadline, Notification, Sweep
from deadlines.sweep_sql import CLAIM, ESCALATE

BATCH = 500
#: How long the record of sweeps is kept.
KEPT = timedelta(days=7)
#: Told when no rung of a ladder reaches anybody, and, with administrators, of rows set aside.
HEAD = Role.HEAD_OF_PUBLIC_PROTECTION

#: What says nothing about a row: a lost connection, a deadlock, the worker being told to stop.
NOT_THE_ROWS_FAULT = (OperationalError, InterfaceError, SoftTimeLimitExceeded)


class Claimed(NamedTuple):
    """A row that this transaction holds."""

    id: int
    kind: str
    subject_id: int


@dataclass(frozen=True)
class Outcome:
    """What a sweep did: rows looked at, steps, breaches, people told, fallen away, set aside."""

    looked_at: int = 0
    steps: int = 0
    breaches: int = 0
    told: int = 0
    fallen_away: int = 0
    set_aside: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def sweep(*, at: datetime, batch: int = BATCH) -> Outcome:
    """Look at everything that is due at `at`, batch by batch, and record that the sweep finished.

    Raises OperationalError or InterfaceError when the database fails part-way: what was committed
    stays, nothing is half done, and the next sweep goes on.
    """
    begun = time.monotonic()
    actor = User.objects.system()
    total = Outcome()
    while (done := _one_batch(at, actor, batch)) is not None:
        total += done
    # The length is measured and added to `at`, so that the record is of the caller's time.
    finished_at = at + timedelta(seconds=time.monotonic() - begun)
    Sweep.objects.create(
        started_at=at,
        finished_at=finished_at,
        looked_at=total.looked_at,
        steps_taken=total.steps,
        set_aside=total.set_aside,
    )
    Sweep.objects.filter(finished_at__lt=at - KEPT).delete()
    return total


def preview(*, at: datetime) -> Iterator[tuple[Deadline, list[datetime]]]:
    """What a sweep at `at` would look at, and the steps it would take; nothing is written."""
    waiting = Deadline.objects.filter(look_at__lte=at, set_aside_at__isnull=True)
    for row in waiting.order_by("look_at", "pk").iterator():
        ahead = row.step_times[row.steps_taken :] if row.paused_at is None else []
        yield row, [instant for instant in ahead if instant <= at]


@transaction.atomic
def take_up_again(*, actor: User, at: datetime) -> int:
    """Watch again what was set aside, once its cause is put right. How many rows."""
    rows = list(Deadline.objects.filter(set_aside_at__isnull=False).select_for_update())
    for row in rows:
        audit.record(
            actor=actor,
            at=at,
            verb="deadline.taken_up_again",
            subject=row.subject_reference,
            headline="Deadline is watched again",
            victim_id=row.victim_id,
            detail={"kind": row.kind, "was_set_aside_for": row.set_aside_reason},
        )
    Deadline.objects.filter(pk__in=[row.pk for row in rows]).update(
        set_aside_at=None, set_aside_reason=""
    )
    return len(rows)


def _one_batch(at: datetime, actor: User, limit: int) -> Outcome | None:
    """Claim and handle up to `limit` rows in one transaction; None when nothing is left."""
    try:
        with transaction.atomic():
            rows = _claim(at, limit)
            return _handle(rows, at, actor) if rows else None
    except NOT_THE_ROWS_FAULT:
        raise
    except Exception:  # a poison row may raise anything: find it and go on
        return _apart(at, actor, limit)


def _claim(at: datetime, limit: int) -> list[Claimed]:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, {"at": at, "limit": limit})
        return [Claimed(*row) for row in cursor.fetchall()]


def _handle(rows: Sequence[Claimed], at: datetime, actor: User) -> Outcome:
    """Re-check what the rows are owed for, then settle or escalate. The rows are locked."""
    subjects = defaultdict(list)
    for row in rows:
        subjects[row.kind].append(row.subject_id)
    owed = {code: kinds.get(code).still_owed(ids) for code, ids in subjects.items()}
    due = [row for row in rows if row.subject_id in owed[row.kind]]
    fallen = [row.id for row in rows if row.subject_id not in owed[row.kind]]
    return (
        Outcome(looked_at=len(rows))
        + _let_go(fallen, at, actor)
        + _escalate(due, [kinds.get(code) for code in subjects], at, actor)
    )


def _escalate(
    rows: Sequence[Claimed], concerned: Sequence[kinds.Kind], at: datetime, actor: User
) -> Outcome:
    if not rows:
        return Outcome()
    with connection.cursor() as cursor:
        cursor.execute(
            ESCALATE,
            {
                "ids": [row.id for row in rows],
                "at": at,
                "head": HEAD.value,
                "zone": LOCAL.key,
                "actor": actor.pk,
                "actor_name": str(actor),
                "kinds": json.dumps(
                    [
                        {"code": kind.code, "name": kind.name, "path": kind.path(kinds.PLACEHOLDER)}
                        for kind in concerned
                    ]
                ),
                "rungs": json.dumps(list(_rungs(concerned))),
                "counted": json.dumps(list(_counted(rows, concerned))),
                "named": json.dumps(list(_named(rows, concerned))),
            },
        )
        steps, breaches, told = cursor.fetchone()
    return Outcome(steps=steps, breaches=breaches, told=told)


def _rungs(concerned: Sequence[kinds.Kind]) -> Iterator[dict[str, str | int]]:
    for kind in concerned:
        for number, rung in enumerate(kind.ladder):
            for recipient in rung:
                yield {
                    "kind": kind.code,
                    "rung": number,
                    "who": recipient.who,
                    "role": recipient.role,
                }


def _counted(
    rows: Sequence[Claimed], concerned: Sequence[kinds.Kind]
) -> Iterator[dict[str, str | int]]:
    """What the reminders of these rows count down to, by the row's number."""
    for kind in concerned:
        if kind.counts_to is None:
            continue
        numbers = {row.subject_id: row.id for row in rows if row.kind == kind.code}
        for subject_id, said in kind.counts_to(list(numbers)).items():
            yield {
                "id": numbers[subject_id],
                "what": said.what,
                "at": said.at.isoformat(),
                "words": said.words,
            }


def _named(
    rows: Sequence[Claimed], concerned: Sequence[kinds.Kind]
) -> Iterator[dict[str, str | int]]:
    """Whom the kinds themselves name for these rows, by the row's number."""
    for kind in concerned:
        if kind.named is None:
            continue
        numbers = {row.subject_id: row.id for row in rows if row.kind == kind.code}
        for what in sorted(kind.named_recipients):
            for subject_id, people in kind.named(what, list(numbers)).items():
                for person_id in people:
                    yield {"id": numbers[subject_id], "what": what, "person": person_id}


def _let_go(ids: list[int], at: datetime, actor: User) -> Outcome:
    """Settle what is not owed any more: nobody is told of it.

    Before its time the duty has fallen away. After it, nobody can say that it was done in time, so
    it is met late: a breach is never erased.
    """
    for row in Deadline.objects.filter(pk__in=ids):
        late = row.state == Deadline.State.BREACHED or row.due_at < at
        row.state = Deadline.State.MET_LATE if late else Deadline.State.CANCELLED
        row.settled_at, row.look_at = at, None
        row.save(update_fields=["state", "settled_at", "look_at"])
        audit.record(
            actor=actor,
            at=at,
            verb=f"deadline.{row.state}",
            subject=row.subject_reference,
            headline=f"{kinds.get(row.kind).name} is no longer to be done",
            victim_id=row.victim_id,
            is_grave=late,
            detail={"kind": row.kind, "due": row.due_at.isoformat(), "basis": row.basis},
        )
    return Outcome(fallen_away=len(ids))


def _apart(at: datetime, actor: User, limit: int) -> Outcome | None:
    """The batch raised: claim again and divide until the row that does it is alone."""
    with transaction.atomic():
        rows = _claim(at, limit)
        return _divide(rows, at, actor) if rows else None


def _divide(rows: Sequence[Claimed], at: datetime, actor: User) -> Outcome:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            # Broken references must show here, at their row, and not when everything commits.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return _handle(rows, at, actor)
    except NOT_THE_ROWS_FAULT:
        raise
    except Exception as error:
        if len(rows) == 1:
            return _set_aside(rows[0], error, at, actor)
    half = len(rows) // 2
    return _divide(rows[:half], at, actor) + _divide(rows[half:], at, actor)


def _set_aside(claimed: Claimed, error: Exception, at: datetime, actor: User) -> Outcome:
    """Stop looking at a row that cannot be handled, and say so to those who can put it right."""
    # The first line only: what follows may quote the row.
    reason = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:500]
    row = Deadline.objects.get(pk=claimed.id)
    row.set_aside_at, row.set_aside_reason = at, reason
    row.save(update_fields=["set_aside_at", "set_aside_reason"])
    audit.record(
        actor=actor,
        at=at,
        verb="deadline.set_aside",
        subject=row.subject_reference,
        headline="Deadline is not watched: the sweep could not handle it",
        victim_id=row.victim_id,
        is_grave=True,
        detail={"kind": row.kind, "reason": reason},
    )
    services.notify(
        users=User.objects.filter(groups__name__in=[HEAD, Role.ADMINISTRATOR]),
        level=Notification.Level.BREACH,
        reference=row.subject_reference,
        victim_id=None,
        at=at,
        headline=f"Not watched any more: the deadline of {row.subject_reference} cannot be handled",
        path=reverse("deadlines:waiting"),
    )
    return Outcome(looked_at=1, set_aside=1)
