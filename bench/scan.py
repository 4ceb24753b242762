"""The nightly scan for silence and periodic reviews, at 100,000 and at 1,000,000 victims.

    python -m bench.scan [victims ...]

Nearly all of a force's victims are looked at and few are found: one in 500 has gone quiet, and one
in 500 is due for review. The floor counts the same victims with one plain statement each.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from bench import scratch
from bench.table import Row, show

from django.db import connection, transaction  # isort: skip
from accounts.models import Agency, Area, Team, User  # isort: skip
from risk.services.scans import Found, scan  # isort: skip

SIZES = (100_000, 1_000_000)
#: Ours asks both in steps of 20,000 victims, and looks at what is known.
AIM = 5.0
AT = datetime(2026, 11, 23, 2, 10, tzinfo=UTC)

MADE = """
INSERT INTO victims_person (id, reference, given_name, family_name, sex, pronouns, language,
                            communication_needs, created_at, version)
SELECT n, 'P-2026-S' || n, 'Name', 'Name', 'unknown', '', '', '', now(), 1
  FROM generate_series(1, %(victims)s) n;
INSERT INTO victims_victim (id, reference, person_id, area_id, grade, grade_since, grade_reason,
    contact_team_id, risk_team_id, plan_team_id, created_at, last_incident_at, last_contact_at,
    last_assessed_at, version, closed_reason)
SELECT n, 'V-2026-S' || n, n, %(area)s, (ARRAY['standard', 'medium', 'high'])[1 + n %% 3],
       %(at)s - interval '10 days', 'x', %(team)s, %(team)s, %(team)s, %(at)s - interval '400 days',
       %(at)s - CASE WHEN n %% 4 = 0 OR n %% 500 = 1 THEN interval '100 days'
                     ELSE interval '500 days' END,
       CASE WHEN n %% 500 <> 1 THEN %(at)s - interval '20 days' END,
       %(at)s - CASE WHEN n %% 500 = 2 THEN interval '400 days' ELSE interval '10 days' END, 1, ''
  FROM generate_series(1, %(victims)s) n;
INSERT INTO incidents_incident (id, reference, source, received_at, logged_at, logged_by_id, state,
    source_detail, caller_name, caller_number, caller_is, safe_callback, language,
    communication_needs, area_id, narrative, verbatim, background, call_dropped,
    answers, suggested_grade, suggested_reasons, grade, grade_override_reason, set_aside,
    officers_advised, not_sent_reason, earlier_in_year, non_crime_reason, closed_at, version)
SELECT n, 'DA-2026-S' || n, '999', %(at)s - interval '100 days', now(), %(user)s, 'open', '', '',
       '', 'victim', '', '', '', %(area)s, 'Words', '', '', false, '{}'::jsonb, 'priority',
       '[]'::jsonb, 'priority', '', '[]'::jsonb, 2, '', 0, '', NULL, 1
  FROM generate_series(1, 3 * %(victims)s) n;
INSERT INTO incidents_involvement (incident_id, person_id, role, victim_id, received_at,
                                   relationship, recognised_by)
SELECT n, 1 + n %% %(victims)s, 'victim', 1 + n %% %(victims)s,
       %(at)s - interval '100 days' - (n %% 3) * interval '30 days', '', ''
  FROM generate_series(1, 3 * %(victims)s) n
"""

#: The least that finding them takes: each of the two questions once, for everybody.
FLOOR = """
SELECT (SELECT count(*) FROM victims_victim v WHERE v.closed_at IS NULL
           AND v.last_incident_at > %(at)s - interval '1 year'
           AND greatest(v.last_contact_at, v.last_incident_at) <= %(at)s - interval '90 days'
           AND (SELECT count(*) FROM incidents_involvement i
                 WHERE i.victim_id = v.id AND i.received_at > %(at)s - interval '1 year') >= 3),
       (SELECT count(*) FROM victims_victim v
         WHERE v.closed_at IS NULL AND v.last_assessed_at <= %(at)s - interval '21 days')
"""


def run(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Measure a first scan, which finds, and a second, which finds nothing new."""
    rows: list[Row] = []
    seconds: list[float] = []
    for size in sizes:
        actor = _prepare(size)
        floor = _timed(_floor)
        found: list[Found] = []
        first = _timed(lambda: found.append(scan(at=AT, actor=actor)))  # noqa: B023
        again = _timed(lambda: scan(at=AT, actor=actor))  # noqa: B023
        _check(size, found[0])
        seconds.append(again)
        rows.append(
            Row(
                what=f"nightly scan, {size:,} victims",
                ratio=again / floor,
                aim=AIM,
                ours=f"{again:.1f} s with nothing new; {first:.1f} s finding "
                f"{found[0].quiet + found[0].to_review:,}",
                floor=f"{floor:.2f} s, one plain statement",
                note=f"peak {scratch.peak_memory_mb()} MB",
            )
        )
    if len(seconds) > 1:
        rows.append(
            Row(
                what=f"nightly scan, growth from {sizes[0]:,} to {sizes[-1]:,}",
                ratio=seconds[-1] / seconds[0],
                aim=1.2 * sizes[-1] / sizes[0],
                ours=f"{seconds[-1]:.1f} s",
                floor=f"{seconds[0]:.2f} s",
            )
        )
    return rows


def _floor() -> None:
    scratch.run_sql(FLOOR, {"at": AT})


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _prepare(victims: int) -> User:
    """So many victims with three incidents each, in otherwise empty tables."""
    scratch.empty(*scratch.LOGGED, "risk_reassessment", "victims_person")
    agency, _ = Agency.objects.get_or_create(name="Bench", defaults={"kind": "police"})
    area, _ = Area.objects.get_or_create(name="Bench")
    user, _ = User.objects.get_or_create(username="bench-0", defaults={"name": "Worker 0"})
    team, _ = Team.objects.get_or_create(name="Bench", defaults={"kind": "maru", "agency": agency})
    Team.objects.filter(pk=team.pk).update(supervisor=user)
    values = {"victims": victims, "at": AT, "area": area.pk, "team": team.pk, "user": user.pk}
    _load(values)
    scratch.analyse("victims_victim", "incidents_involvement")
    return User.objects.system()


def _load(values: dict[str, object]) -> None:
    """The rows in bulk, without the triggers that every single one would otherwise start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in MADE.split(";\n"):
            cursor.execute(statement, values)


def _check(victims: int, found: Found) -> None:
    """One in 500 of each, or the figures mean nothing."""
    if (found.quiet, found.to_review) != (victims // 500, victims // 500):
        raise AssertionError(f"not what was to be found: {found}")


if __name__ == "__main__":
    print(show(run(tuple(map(int, sys.argv[1:])) or SIZES)))
