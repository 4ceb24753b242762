"""The history look-up at 1,000,000 incidents, against raw SQL that answers the same questions.

    python -m bench.history [incidents]

The floor asks, by united top-20 index scans on a bare cursor and in as few statements as it can:
who has the number, name or address; the 20 newest incidents by number, address and people, with
their people, addresses and crimes; how many in a year; markers. It weighs nothing and says no why.
The floor is plain SQL, planned each time it is sent; the service prepares its statements once a
connection. Every value is asked once untimed, so that no disk is measured, and then by turns, ours
first and the floor first.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench import scratch
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip
from django.db import connection, transaction  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from core.policy import ForcePolicy  # isort: skip
from incidents.history import Clues, NameClue, look_up  # isort: skip
from victims import addresses, names  # isort: skip

AIM = 2.0
P99_AIM_MS = 5.0
ROUNDS = 400
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
#: Longer than any number in use: nobody's.
NUMBER = "+447700900"
SHARED = f"{NUMBER}999999"
SHARED_CALLS = 20_000
PER_VICTIM = 5
FAMILIES, GIVENS = 3_000, 400

TABLES = (
    "incidents_furthercall",
    "incidents_crime",
    "incidents_involvement",
    "incidents_incident",
    "victims_marker",
    "victims_safecontact",
    "victims_victim",
    "victims_residence",
    "victims_telephone",
    "victims_personname",
    "victims_person",
    "victims_address",
)

_FIRST = (
    "B",
    "Br",
    "C",
    "Cr",
    "D",
    "F",
    "G",
    "Gr",
    "H",
    "K",
    "L",
    "M",
    "N",
    "P",
    "Pr",
    "R",
    "S",
    "St",
    "T",
    "Tr",
    "V",
    "W",
)
_MIDDLE = ["al", "an", "ar", "ed", "el", "en", "il", "im", "on", "or", "ul", "un"]
_LAST = (
    "bey",
    "by",
    "dale",
    "den",
    "er",
    "field",
    "ford",
    "ham",
    "ison",
    "ley",
    "lock",
    "man",
    "mer",
    "ney",
    "ridge",
    "son",
    "ston",
    "ton",
    "well",
    "wick",
)


def syllables(count: int) -> list[str]:
    """So many different invented names."""
    made = dict.fromkeys(
        f"{first}{middle}{last}" for last in _LAST for middle in _MIDDLE for first in _FIRST
    )
    return list(made)[:count]


LOAD = """
INSERT INTO victims_address (id, line, postcode, uprn, key, building_key, area_id)
SELECT n, 'Flat ' || n %% 10 || ', ' || n / 10 || ' Bench Street',
       'PE' || 1 + n / 50000 || ' ' || n / 5000 %% 10 || 'AA', '',
       key || ' flat ' || n %% 10, key, %(area)s
  FROM (SELECT n, 'pe' || 1 + n / 50000 || n / 5000 %% 10 || 'aa|' || n / 10 || ' bench st' AS key
          FROM generate_series(1, %(homes)s) n) made;

CREATE TEMP TABLE one ON COMMIT DROP AS
SELECT n AS id, 1 + floor(%(families)s * power(random(), 2))::int AS family,
       1 + floor(%(givens)s * power(random(), 2))::int AS given,
       date '1950-01-01' + (random() * 20000)::int AS born
  FROM generate_series(1, 3 * %(victims)s) n;

INSERT INTO victims_person (id, reference, given_name, family_name, date_of_birth, sex, pronouns,
                            language, communication_needs, created_at, version)
SELECT o.id, 'P-2026-B' || o.id, g.name, f.name, o.born, 'unknown', '', '', '', now(), 1
  FROM one o JOIN bench_family f ON f.id = o.family JOIN bench_given g ON g.id = o.given;
INSERT INTO victims_personname (person_id, given_name, family_name, given_key, family_key,
                                date_of_birth, is_current)
SELECT o.id, g.name, f.name, g.key, f.key, o.born, true
  FROM one o JOIN bench_family f ON f.id = o.family JOIN bench_given g ON g.id = o.given;
INSERT INTO victims_telephone (person_id, number, first_used_at, last_used_at)
SELECT n, %(number)s || lpad(n::text, 6, '0'), now(), now() FROM generate_series(1, %(victims)s) n;
INSERT INTO victims_telephone (person_id, number, first_used_at, last_used_at)
SELECT n, %(shared)s, now(), now() FROM generate_series(1, LEAST(4000, %(victims)s)) n;
INSERT INTO victims_residence (person_id, address_id, from_at, until_at)
SELECT n, 1 + n %% %(homes)s, now(), CASE WHEN n %% 4 = 0 THEN now() END
  FROM generate_series(1, 3 * %(victims)s) n;
INSERT INTO victims_victim (id, reference, person_id, area_id, grade, grade_since, grade_reason,
                            contact_team_id, risk_team_id, plan_team_id,
                            created_at, version, closed_reason)
SELECT n, 'V-2026-B' || n, n, %(area)s, (ARRAY['standard', 'medium', 'high'])[1 + n %% 3], now(),
       'x', %(team)s, %(team)s, %(team)s, now(), 1, ''
  FROM generate_series(1, %(victims)s) n;
INSERT INTO victims_marker (kind, address_id, words, set_by_id, set_at, until, ended_reason)
SELECT 'emergency', n * 20, 'Known risk to life', %(user)s, now(), date '2027-12-31', ''
  FROM generate_series(1, %(homes)s / 20) n;
INSERT INTO incidents_incident (id, reference, source, received_at, logged_at, logged_by_id, state,
    source_detail, caller_name, caller_number, caller_is, safe_callback, language,
    communication_needs, address_id, area_id, narrative, verbatim, background, call_dropped,
    answers, suggested_grade, suggested_reasons, grade, grade_override_reason, set_aside,
    officers_advised, not_sent_reason, earlier_in_year, non_crime_reason, closed_at, version)
SELECT n, 'DA-2026-B' || n, '999', %(at)s - n * interval '315 seconds', now(), %(user)s, 'closed',
       '', '', CASE WHEN n %% (%(incidents)s / %(shared_calls)s) = 0 THEN %(shared)s
                ELSE %(number)s || lpad(v::text, 6, '0') END,
       'victim', '', '', '', 1 + v %% %(homes)s, %(area)s, 'Words of the call', '', '', false,
       CASE WHEN n %% 9 = 0 THEN '{"strangled": "yes"}'::jsonb ELSE '{}'::jsonb END,
       'priority', '[]'::jsonb, 'priority', '', '[]'::jsonb, 2, '', 0, '', now(), 1
  FROM (SELECT n, 1 + n::bigint * 7919 %% %(victims)s AS v
          FROM generate_series(1, %(incidents)s) n) made;
INSERT INTO incidents_involvement (incident_id, person_id, role, victim_id, received_at,
                                   relationship, recognised_by)
SELECT n, p, role, CASE WHEN role = 'victim' THEN p END, %(at)s - n * interval '315 seconds', '', ''
  FROM (SELECT n, 1 + n::bigint * 7919 %% %(victims)s AS v
          FROM generate_series(1, %(incidents)s) n) made,
       LATERAL (VALUES (v, 'victim'), (v + %(victims)s, 'perpetrator'),
                       (CASE WHEN n %% 3 = 0 THEN v + 2 * %(victims)s END, 'child')) part(p, role)
 WHERE p IS NOT NULL;
INSERT INTO incidents_crime (incident_id, victim_id, category, number, recorded_at, recorded_by_id,
                             arrests, outcome, outcome_at, outcome_words, version)
SELECT n, NULL, CASE WHEN n %% 50 = 1 THEN 'breach_of_order' ELSE 'assault_injury' END, 'B' || n,
       now(), %(user)s, 0, '', NULL, '', 1
  FROM generate_series(1, %(incidents)s, 5) n;
INSERT INTO incidents_furthercall (incident_id, source, source_detail, received_at, recorded_at,
    recorded_by_id, caller_name, caller_number, caller_is, safe_callback, narrative, verbatim,
    background, call_dropped, answers, grade_before, grade_after)
SELECT n, '999', '', %(at)s - n * interval '315 seconds' + interval '1 hour', now(), %(user)s, '',
       CASE WHEN n %% 100 = 0 THEN %(shared)s
            ELSE %(number)s || lpad((1 + (n + 1)::bigint * 7919 %% %(victims)s)::text, 6, '0') END,
       'neighbour', '', 'Words of the call', '', '', false, '{}'::jsonb, 'priority', 'priority'
  FROM generate_series(1, %(incidents)s, 20) n;
INSERT INTO victims_safecontact (victim_id, method, number, hours, code_word, may_leave_voicemail,
                                 notes, checked_at, checked_by_id, is_current, version)
SELECT n, 'text', %(number)s || lpad(n::text, 6, '0'), 'after ten', 'library', false, '', now(),
       %(user)s, true, 1
  FROM generate_series(1, %(victims)s, 3) n
"""

FLOOR_PEOPLE = """
SELECT p.id, p.reference, p.given_name, p.family_name, p.date_of_birth, v.reference, v.grade,
       (SELECT json_agg(json_build_array(n.given_name, n.family_name))
          FROM victims_personname n WHERE n.person_id = p.id)
  FROM (
    (SELECT person_id FROM victims_telephone WHERE number = %(number)s
      ORDER BY number DESC, person_id DESC LIMIT 9)
    UNION (SELECT person_id FROM victims_personname
            WHERE family_key = %(family)s AND given_key = %(given)s LIMIT 20)
    UNION (SELECT person_id FROM victims_residence WHERE address_id =
             (SELECT id FROM victims_address WHERE key = %(key)s) LIMIT 20)
    LIMIT 20
  ) found JOIN victims_person p ON p.id = found.person_id
  LEFT JOIN victims_victim v ON v.person_id = p.id
"""
FLOOR_INCIDENTS = """
WITH hits AS (
    (SELECT id, received_at FROM incidents_incident WHERE caller_number = %(number)s
        AND caller_number <> '' ORDER BY received_at DESC LIMIT 20)
    UNION ALL
    SELECT i.* FROM (SELECT id FROM victims_address WHERE building_key = %(building)s LIMIT 20) a
     CROSS JOIN LATERAL (SELECT id, received_at FROM incidents_incident WHERE address_id = a.id
                          ORDER BY received_at DESC LIMIT 20) i
    UNION ALL
    SELECT i.* FROM unnest(%(people)s::bigint[]) p CROSS JOIN LATERAL (
        SELECT incident_id, received_at FROM incidents_involvement WHERE person_id = p
         ORDER BY received_at DESC LIMIT 20) i
), top AS (SELECT id, max(received_at) AS at FROM hits GROUP BY id ORDER BY 2 DESC LIMIT 20)
SELECT i.reference, i.received_at, i.state, i.grade, a.line, i.answers::json,
       (SELECT json_agg(c.category) FROM incidents_crime c WHERE c.incident_id = i.id),
       (SELECT json_agg(json_build_array(n.role, p.given_name, p.family_name))
          FROM incidents_involvement n JOIN victims_person p ON p.id = n.person_id
         WHERE n.incident_id = i.id)
  FROM top JOIN incidents_incident i ON i.id = top.id
  LEFT JOIN victims_address a ON a.id = i.address_id
"""
FLOOR_COUNTS = """
SELECT (SELECT count(*) FROM (SELECT 1 FROM incidents_incident WHERE caller_number = %(number)s
          AND caller_number <> '' AND received_at > %(since)s LIMIT 100) n),
       (SELECT count(*) FROM (SELECT 1 FROM incidents_incident i JOIN victims_address a
          ON a.id = i.address_id WHERE a.key = %(key)s AND i.received_at > %(since)s LIMIT 100) n),
       (SELECT count(*) FROM unnest(%(people)s::bigint[]) p CROSS JOIN LATERAL (
          SELECT 1 FROM incidents_involvement WHERE person_id = p AND received_at > %(since)s
           LIMIT 100) i),
       (SELECT json_agg(m.words) FROM victims_marker m JOIN victims_address a
          ON a.id = m.address_id WHERE a.key = %(key)s AND m.until >= %(today)s
           AND m.ended_at IS NULL)
"""


def fill(incidents: int) -> tuple[User, Area]:
    """Make the rows, unless the scratch database has them already."""
    area, _ = Area.objects.get_or_create(name="Bench")
    agency, _ = Agency.objects.get_or_create(name="Bench", defaults={"kind": "police"})
    team, _ = Team.objects.get_or_create(
        name="Bench control room", defaults={"kind": "control_room", "agency": agency}
    )
    user = User.objects.filter(username="bench_handler").first() or User.objects.create_user(
        "bench_handler", name="Bench", team=team
    )
    user.groups.add(Group.objects.get(name="Call handler"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM incidents_incident WHERE reference LIKE 'DA-2026-B%%'")
        if cursor.fetchone()[0] == incidents:
            return user, area
    scratch.empty(*TABLES)
    scratch.run_sql(
        "DROP TABLE IF EXISTS bench_family, bench_given; "
        "CREATE TABLE bench_family (id int, name text, key text); "
        "CREATE TABLE bench_given (id int, name text, key text)"
    )
    made = syllables(FAMILIES + GIVENS)
    scratch.copy(
        "bench_family",
        ("id", "name", "key"),
        [(n, name, names.family_key(name)) for n, name in enumerate(made[:FAMILIES], 1)],
    )
    scratch.copy(
        "bench_given",
        ("id", "name", "key"),
        [(n, name, names.given_key(name)) for n, name in enumerate(made[FAMILIES:], 1)],
    )
    victims = max(incidents // PER_VICTIM, 1)
    numbers: dict[str, Any] = {
        "area": area.pk,
        "team": team.pk,
        "user": user.pk,
        "at": AT,
        "incidents": incidents,
        "victims": victims,
        "homes": victims,
        "families": FAMILIES,
        "givens": min(GIVENS, len(made) - FAMILIES),
        "number": NUMBER,
        "shared": SHARED,
        "shared_calls": min(SHARED_CALLS, incidents),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(LOAD, numbers)
    scratch.analyse(*TABLES)
    return user, area


class Case:
    """One kind of question, with other values each time it is asked."""

    def __init__(self, what: str, clues: Callable[[int], Clues]) -> None:
        self.what = what
        self.clues = clues


def victim_of(n: int, victims: int) -> int:
    return 1 + n * 104_729 % victims


def cases(victims: int) -> list[Case]:
    def name(n: int) -> NameClue:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT given_name, family_name FROM victims_person WHERE id = %s",
                [victim_of(n, victims)],
            )
            return NameClue(*cursor.fetchone())

    def number(n: int) -> str:
        return f"{NUMBER}{victim_of(n, victims):06d}"

    def place(n: int) -> tuple[str, str]:
        home = 1 + victim_of(n, victims) % victims
        postcode = f"PE{1 + home // 50000} {home // 5000 % 10}AA"
        line = f"Flat {home % 10}, {home // 10} Bench Street"
        return line, postcode

    return [
        Case("a number", lambda n: Clues(number=number(n))),
        Case("the number shared by 20,000 calls", lambda n: Clues(number=SHARED)),
        Case("an address", lambda n: Clues("", *place(n))),
        Case("a name", lambda n: Clues(names=(name(n),))),
        Case(
            "number, address and name together",
            lambda n: Clues(number(n), *place(n), names=(name(n),)),
        ),
        Case(
            "shared number, address and name together",
            lambda n: Clues(SHARED, *place(n), names=(name(n),)),
        ),
    ]


def floor(cursor: object, clues: Clues) -> None:
    """The same questions on a bare cursor. The keys are worked out here as there."""
    name = clues.names[0] if clues.names else NameClue()
    line, postcode = clues.address_line, clues.postcode
    values = {
        "number": clues.number,
        "family": names.family_key(name.family_name),
        "given": names.given_key(name.given_name),
        "since": AT.replace(year=AT.year - 1),
        "key": addresses.key(line, postcode) if line else "",
        "building": addresses.building_key(line, postcode) if line else "",
        "today": AT.date(),
    }
    cursor.execute(FLOOR_PEOPLE, values)  # type: ignore[attr-defined]
    values["people"] = [row[0] for row in cursor.fetchall()]  # type: ignore[attr-defined]
    for statement in (FLOOR_INCIDENTS, FLOOR_COUNTS):
        cursor.execute(statement, values)  # type: ignore[attr-defined]
        cursor.fetchall()  # type: ignore[attr-defined]


def timed(work: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def measure(case: Case, reader: User) -> Row:
    """Ours and the floor by turns, so that both meet the same machine and the same warm pages."""
    asked = [case.clues(n) for n in range(ROUNDS)]
    policy = ForcePolicy()
    ours: list[float] = []
    least: list[float] = []
    with connection.connection.cursor() as cursor:

        def ask(clues: Clues) -> float:
            return timed(lambda: look_up(clues=clues, at=AT, reader=reader, policy=policy))

        def ask_floor(clues: Clues) -> float:
            return timed(lambda: floor(cursor, clues))

        for clues in asked:
            ask(clues)
            ask_floor(clues)
        turns = [(ask, ours), (ask_floor, least)]
        for clues in asked:
            for one, times in turns:
                times.append(one(clues))
            turns.reverse()
    p50, p99 = statistics.median(ours), statistics.quantiles(ours, n=100)[98]
    floor_p50, floor_p99 = statistics.median(least), statistics.quantiles(least, n=100)[98]
    return Row(
        what=f"history by {case.what}",
        ratio=p50 / floor_p50,
        aim=AIM,
        ours=f"p50 {p50:.2f} ms, p99 {p99:.2f} ms",
        floor=f"p50 {floor_p50:.2f} ms, p99 {floor_p99:.2f} ms",
        note=f"p99 below {P99_AIM_MS:g} ms: {'yes' if p99 < P99_AIM_MS else 'NO'}",
    )


def run(incidents: int = 1_000_000) -> list[Row]:
    """Fill the scratch database and measure every kind of question."""
    reader, _ = fill(incidents)
    reader = User.objects.get(pk=reader.pk)
    return [measure(case, reader) for case in cases(max(incidents // PER_VICTIM, 1))]


if __name__ == "__main__":
    print(show(run(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)))
    print(f"peak memory {scratch.peak_memory_mb()} MB")
