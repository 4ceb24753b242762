"""The queue under fifty workers who claim at once, each on a connection of their own.

    python -m bench.claims [referrals]

Everybody claims the next one until nothing waits. No referral may be had by two, none may be left.
The floor is one hand-written statement a claim, from as many connections at once: it takes the
first row of the same order with FOR UPDATE SKIP LOCKED and writes the same rows: the referral, its
clock, the victim's duties and two lines of the audit; history follows by trigger, as for ours.
"""

import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench import queue, scratch
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip
from django.db import connection  # isort: skip
from accounts.models import User  # isort: skip
from accounts.roles import Role  # isort: skip
from core import clock  # isort: skip
from core.errors import DomainError  # isort: skip
from referrals import services  # isort: skip

REFERRALS = 2_000
WORKERS = 50
#: Ours asks who may, what they may see and which duties pass, in some twenty-five statements of one
#: process that all fifty share; the floor is one.
AIM = 15.0

WAITING = """
UPDATE referrals_referral SET state = 'waiting', claimed_by_id = NULL, claimed_at = NULL,
    completed_at = NULL, outcome = '', late_reason = '',
    earlier_in_year = id %% 4, children = id %% 3,
    submitted_at = %(now)s - interval '90 hours' * id / %(count)s,
    due_at = %(now)s - interval '90 hours' * id / %(count)s + interval '72 hours'
"""
UNHELD = """
UPDATE victims_victim SET contact_owner_id = NULL, risk_owner_id = NULL, plan_owner_id = NULL
"""
CLOCKS = """
INSERT INTO deadlines_deadline (kind, subject_type, subject_id, subject_reference, victim_id,
    team_id, started_at, due_at, basis, state, step_times, steps_taken, round, look_at,
    paused_reason, set_aside_reason)
SELECT 'referral', 'referrals.referral', id, reference, victim_id, %(team)s, submitted_at, due_at,
       '72 hours', 'running', ARRAY[due_at], 0, 1, due_at, '', ''
FROM referrals_referral
"""
FLOOR = """
WITH first AS (
    SELECT id, reference, victim_id, incident_id FROM referrals_referral
    WHERE state = 'waiting'
    ORDER BY (due_at <= %(at)s) DESC, risk_rank DESC,
             date_trunc('minute', due_at AT TIME ZONE 'UTC'), earlier_in_year DESC, children DESC,
             due_at, id
    LIMIT 1 FOR UPDATE SKIP LOCKED
), given AS (
    UPDATE referrals_referral r SET state = 'claimed', claimed_by_id = %(worker)s,
           claimed_at = %(at)s, version = version + 1
    FROM first WHERE r.id = first.id
), clock AS (
    UPDATE deadlines_deadline d SET owner_id = %(worker)s
    FROM first WHERE d.subject_type = 'referrals.referral' AND d.subject_id = first.id
        AND d.kind = 'referral' AND d.state IN ('running', 'breached')
), held AS (
    UPDATE victims_victim v SET version = version + 1, contact_owner_id = %(worker)s,
           risk_owner_id = %(worker)s, plan_owner_id = %(worker)s
    FROM first WHERE v.id = first.victim_id
), told AS (
    INSERT INTO audit_auditevent (at, recorded_at, actor_id, actor_name, verb, headline, detail,
                                  is_grave, subject, victim_id, incident_id)
    SELECT %(at)s, now(), %(worker)s, 'x', verb, 'Referral claimed', '{}', false, first.reference,
           first.victim_id, first.incident_id
    FROM first, (VALUES ('referral.claimed'), ('victim.responsible_set')) AS one (verb)
)
SELECT id FROM first
"""
#: What a claim writes, its history too: the floor writes as many rows of each.
WRITTEN = "SELECT count(*) FROM audit_auditevent"

#: Claims one for a worker; its key, or None when nothing waits.
Claim = Callable[[User, datetime], int | None]


@dataclass(frozen=True)
class Run:
    """What a run took: seconds in all, each claim's milliseconds, rows of the audit."""

    seconds: float
    each: list[float]
    audited: int


def run(referrals: int = REFERRALS) -> list[Row]:
    """Ours and the floor over the same referrals, each claimed by somebody and by nobody twice."""
    people = queue.unit()
    queue.load(referrals, people, clock.now())
    workers = fifty(people)
    floor = measured(by_hand, workers, people.team.pk, referrals)
    ours = measured(by_service, workers, people.team.pk, referrals)
    if ours.audited != floor.audited:
        raise AssertionError(f"not the same rows: {ours.audited} and {floor.audited} of the audit")
    tail = statistics.quantiles(ours.each, n=20)[-1]
    return [
        Row(
            what=f"{referrals:,} referrals claimed by {WORKERS} at once, none twice",
            ratio=ours.seconds / floor.seconds,
            aim=AIM,
            ours=f"{referrals / ours.seconds:,.0f} claims a second",
            floor=f"{referrals / floor.seconds:,.0f} a second by hand-written SQL",
            note=f"a claim p50 {statistics.median(ours.each):.0f} ms, p95 {tail:.0f} ms "
            f"with {WORKERS} waiting for one process; peak {scratch.peak_memory_mb()} MB",
        )
    ]


def fifty(people: queue.Unit) -> list[User]:
    """As many workers as claim at once, made on the first run."""
    names = [f"bench-claims-{number}" for number in range(WORKERS)]
    known = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    role = Group.objects.get(name=Role.MARU_WORKER)
    for name in names:
        if name not in known:
            User.objects.create_user(name, name=name, team=people.team).groups.set([role])
    return list(User.objects.filter(username__in=names))


def measured(claim: Claim, workers: list[User], team_id: int, referrals: int) -> Run:
    """Everybody claims until nothing waits. Raises AssertionError for a double claim or a rest."""
    at = clock.now()
    _let_all_wait(team_id, referrals, at)
    gate = threading.Barrier(len(workers) + 1)

    def work(worker: User) -> list[tuple[int, float]]:
        taken: list[tuple[int, float]] = []
        try:
            claim_nothing(worker)
            gate.wait(120)
            while True:
                begun = time.perf_counter()
                key = claim(worker, at)
                if key is None:
                    return taken
                taken.append((key, 1_000 * (time.perf_counter() - begun)))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(workers)) as pool:
        running = [pool.submit(work, worker) for worker in workers]
        gate.wait(120)
        begun = time.perf_counter()
        found = [one for each in running for one in each.result()]
        seconds = time.perf_counter() - begun
    _check([key for key, _ in found], referrals)
    with connection.cursor() as cursor:
        cursor.execute(WRITTEN)
        (audited,) = cursor.fetchone()
    return Run(seconds, [took for _, took in found], audited)


def claim_nothing(worker: User) -> None:
    """Open this thread's connection and read the worker's roles: nobody signs in for each claim."""
    if not worker.has_perm("referrals.work_referral"):
        raise AssertionError(f"{worker} does not work on referrals")


def by_service(worker: User, at: datetime) -> int | None:
    """As the button does. A row that somebody else just takes is passed over."""
    try:
        return services.claim_next(actor=worker, at=at).pk
    except DomainError as refusal:
        if refusal.code != "nothing_waiting":
            raise
        return None


def by_hand(worker: User, at: datetime) -> int | None:
    """One statement, one transaction."""
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, {"worker": worker.pk, "at": at})
        row = cursor.fetchone()
    return row[0] if row else None


def _let_all_wait(team_id: int, referrals: int, now: datetime) -> None:
    """Nobody has any, each has its clock, and nothing is in the audit."""
    scratch.empty("deadlines_deadline", "audit_auditevent")
    scratch.run_sql("SET session_replication_role = replica")
    scratch.run_sql(WAITING, {"now": now - timedelta(minutes=1), "count": referrals})
    scratch.run_sql(UNHELD)
    scratch.run_sql(CLOCKS, {"team": team_id})
    scratch.run_sql("SET session_replication_role = DEFAULT")
    scratch.analyse("referrals_referral", "deadlines_deadline", "victims_victim")


def _check(claimed: list[int], referrals: int) -> None:
    """Every referral once, and by whoever the row names; or the figures mean nothing."""
    if sorted(claimed) != list(range(1, referrals + 1)):
        doubles = len(claimed) - len(set(claimed))
        raise AssertionError(f"{len(claimed)} of {referrals} claimed, {doubles} of them twice")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_referral WHERE state <> 'claimed'")
        if cursor.fetchone() != (0,):
            raise AssertionError("some still wait")


if __name__ == "__main__":
    print(show(run(*map(int, sys.argv[1:]))))
