"""The sweep over 100,000 due deadlines, against one SQL statement doing the same writes.

    python -m bench.sweep [deadlines]

Both write, for each deadline: its next state, one escalation, one audit event and one notification.
The sweep also claims rows that nobody else holds, asks the owner of each duty whether it is still
owed, works out who is told, and commits every 500.
"""

import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from bench import scratch, served
from bench.table import Row, show

from accounts.models import Agency, Area, Team, User  # isort: skip
from core.policy import ForcePolicy  # isort: skip
from core.working_time import Allowance  # isort: skip
from deadlines import kinds  # isort: skip
from deadlines.models import Deadline, Escalation, Notification  # isort: skip
from deadlines.sweep import sweep  # isort: skip

AIM = 3.0
ROUNDS = 3
STARTED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DUE = STARTED + timedelta(hours=72)
AT = DUE + timedelta(seconds=20)
PEOPLE = 50

#: Seconds that a worker may take.
PATIENCE = 120
#: A worker sweeps as of now, so the duties must be due by then, whatever day it is.
MADE_DUE = """
UPDATE deadlines_deadline
   SET started_at = started_at - moved.by, due_at = due_at - moved.by, look_at = due_at - moved.by,
       step_times = ARRAY(SELECT step - moved.by FROM unnest(step_times) step)
  FROM (SELECT max(due_at) - now() + interval '20 seconds' AS by FROM deadlines_deadline) moved
"""

FLOOR = """
WITH due AS (
    UPDATE deadlines_deadline
       SET state = 'breached', steps_taken = 3, look_at = step_times[4]
     WHERE look_at <= %(at)s
    RETURNING id, round, owner_id, victim_id, due_at, basis, kind, subject_reference
), taken AS (
    INSERT INTO deadlines_escalation (deadline_id, round, step, name, scheduled_at, taken_at)
    SELECT id, round, 2, 'Out of time', due_at, %(at)s FROM due
    RETURNING id, deadline_id
), told AS (
    INSERT INTO deadlines_notification
           (user_id, deadline_id, escalation_id, level, headline, reference, path, created_at)
    SELECT d.owner_id, d.id, t.id, 'breach', 'Referral out of time: was due 23 Nov, 10:00',
           d.subject_reference, '/referrals/' || d.subject_reference || '/', %(at)s
      FROM taken t JOIN due d ON d.id = t.deadline_id
)
INSERT INTO audit_auditevent
       (at, recorded_at, actor_id, actor_name, verb, headline, detail, is_grave, subject, victim_id)
SELECT due_at, %(at)s, %(actor)s, 'Deadline sweep', 'deadline.breached',
       'Referral out of time: ' || basis,
       jsonb_build_object('kind', kind, 'due', due_at, 'basis', basis, 'round', round),
       true, subject_reference, victim_id
  FROM due
"""


def _hours(policy: ForcePolicy) -> Allowance:
    return Allowance(hours=policy.referral_hours)


def _still_owed(ids: Sequence[int]) -> set[int]:
    return set(Area.objects.filter(pk__in=ids).values_list("pk", flat=True))


kinds.register(
    kinds.Kind(
        code="bench",
        name="Referral",
        subject_type="accounts.area",
        url_name="deadlines:waiting",
        allowance=_hours,
        source="force policy",
        runs_from="submission",
        still_owed=_still_owed,
        ladder=((kinds.OWNER,), (kinds.TEAM_SUPERVISOR,)),
    )
)


def run(count: int = 100_000) -> list[Row]:
    """Measure both, in turns; the best of each counts, for what disturbs only ever adds."""
    actor = User.objects.system()
    ours, floor = [], []
    for _ in range(ROUNDS):
        _prepare(count)
        begun = time.perf_counter()
        scratch.run_sql(FLOOR, {"at": AT, "actor": actor.pk})
        floor.append(time.perf_counter() - begun)
        _check(count)
        _prepare(count)
        begun = time.perf_counter()
        sweep(at=AT)
        ours.append(time.perf_counter() - begun)
        _check(count)
    return [
        Row(
            what=f"sweep, {count:,} due",
            ratio=min(ours) / min(floor),
            aim=AIM,
            ours=f"{min(ours):.2f} s, {count / min(ours):,.0f} rows/s",
            floor=f"{min(floor):.2f} s, one SQL statement",
            note=f"Celery worker {worker_memory(count)} MB at most",
        )
    ]


def worker_memory(count: int) -> int:
    """The most memory (MB) of a real Celery worker that sweeps as many, as it does on starting."""
    _prepare(count)
    scratch.run_sql(MADE_DUE)
    worker = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--concurrency",
            "1",
            "--include",
            "bench.sweep",
            "--loglevel",
            "error",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(PATIENCE):
            if not Deadline.objects.filter(state="running").exists():
                break
            time.sleep(1)
        _check(count)
        return served.memory(worker.pid)
    finally:
        worker.terminate()
        worker.wait(30)


def _prepare(count: int) -> None:
    """The same breaches again, in an otherwise empty engine."""
    scratch.empty("deadlines_deadline", "audit_auditevent", "deadlines_sweep")
    team, people = _people()
    known = Area.objects.filter(name__startswith="Bench ").count()
    names = ([f"Bench {number}", False] for number in range(known, count))
    scratch.copy("accounts_area", ("name", "is_rural"), names)
    areas = Area.objects.filter(name__startswith="Bench ").order_by("pk")
    scratch.copy(
        "deadlines_deadline",
        (
            "kind",
            "subject_type",
            "subject_id",
            "subject_reference",
            "team_id",
            "owner_id",
            "started_at",
            "due_at",
            "basis",
            "state",
            "step_times",
            "steps_taken",
            "round",
            "look_at",
            "paused_reason",
            "set_aside_reason",
        ),
        (
            _row(number, area, team.pk, people[number % PEOPLE])
            for number, area in enumerate(areas.values_list("pk", flat=True)[:count])
        ),
    )
    scratch.analyse("accounts_area", "deadlines_deadline")


def _row(number: int, area: int, team: int, owner: int) -> list[object]:
    due = DUE - timedelta(seconds=number % 600)
    start = due - timedelta(hours=72)
    steps = [
        start + timedelta(hours=36),
        start + timedelta(hours=57.6),
        due,
        due + timedelta(hours=4),
    ]
    basis = "72 hours from submission, 20 Nov 2026 10:00 (force policy)"
    return [
        "bench",
        "accounts.area",
        area,
        f"RF-2026-{number:06d}",
        team,
        owner,
        start,
        due,
        basis,
        "running",
        steps,
        2,
        1,
        due,
        "",
        "",
    ]


def _people() -> tuple[Team, list[int]]:
    agency, _ = Agency.objects.get_or_create(name="Bench", defaults={"kind": "police"})
    team, _ = Team.objects.get_or_create(name="Bench", defaults={"kind": "maru", "agency": agency})
    for number in range(User.objects.filter(team=team).count(), PEOPLE):
        User.objects.create(username=f"bench-{number}", name=f"Worker {number}", team=team)
    people = User.objects.filter(team=team).values_list("pk", flat=True)
    return team, list(people[:PEOPLE])


def _check(count: int) -> None:
    """Both did all of it, or the ratio means nothing."""
    written = (
        Deadline.objects.filter(state="breached", steps_taken=3).count(),
        Escalation.objects.count(),
        Notification.objects.count(),
    )
    if written != (count,) * 3:
        raise AssertionError(f"not everything was written: {written}")


if __name__ == "__main__":
    print(show(run(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
