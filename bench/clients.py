"""An adviser's client list and search among 10,000 and 1,000,000 victims, with few or many grants.

    python -m bench.clients [victims ...]

One adviser has no client, one few, one fifty, one fifty whom she was granted before everybody
else's, one five thousand; two hundred others have five hundred each. Asked are the home page's
list, the list filtered by a misspelt name, and the search box; the floor gives the same rows, by
one statement of plain SQL for the lists and two for the search. All by turns, each asked untimed
first, so that no disk is measured.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from bench import scratch
from bench.table import Row, show

from django.contrib.auth.models import Group, Permission  # isort: skip
from django.db import connection, transaction  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from bench.history import syllables  # isort: skip
from incidents.pages.find import MOST, find  # isort: skip
from referrals.clients import PAGE_SIZE, Clients, Filters  # isort: skip
from victims import names  # isort: skip

SIZES = (10_000, 1_000_000)
AIM = 2.0
#: Ours at the largest size over ours at the smallest.
FLAT = 1.5
ROUNDS = 200
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
FAMILIES, GIVENS = 500, 200
OTHERS, OF_OTHERS = 200, 500
#: The advisers measured, and how many clients each has.
ADVISERS = {"none": 0, "few": 3, "fifty": 50, "old": 50, "many": 5_000}

TABLES = (
    "referrals_idvacase",
    "deadlines_deadline",
    "incidents_involvement",
    "incidents_incident",
    "victims_safecontact",
    "victims_victimgrant",
    "victims_victim",
    "victims_personname",
    "victims_person",
)

MADE = """
INSERT INTO victims_person (id, reference, given_name, family_name, sex, pronouns, language,
                            communication_needs, created_at, version)
SELECT n, 'P-2026-C' || n, g.name, f.name, 'unknown', '', '', '', now(), 1
  FROM generate_series(1, %(victims)s) n
  JOIN bench_family f ON f.id = 1 + n::bigint * 7919 %% %(families)s
  JOIN bench_given g ON g.id = 1 + n::bigint * 104729 / %(families)s %% %(givens)s;
INSERT INTO victims_personname (person_id, given_name, family_name, given_key, family_key,
                                is_current)
SELECT p.id, p.given_name, p.family_name, g.key, f.key, true
  FROM victims_person p JOIN bench_family f ON f.name = p.family_name
  JOIN bench_given g ON g.name = p.given_name;
INSERT INTO victims_victim (id, reference, person_id, area_id, grade, grade_since, grade_reason,
    contact_team_id, risk_team_id, plan_team_id, created_at, last_contact_at, version,
    closed_reason)
SELECT n, 'V-2026-C' || n, n, %(area)s,
       (ARRAY['standard', 'medium', 'high'])[1 + n %% 3], %(at)s, 'x', %(team)s, %(team)s,
       %(team)s, %(at)s, %(at)s, 1, ''
  FROM generate_series(1, %(victims)s) n;
INSERT INTO victims_safecontact (victim_id, method, number, hours, code_word, may_leave_voicemail,
                                 notes, checked_at, checked_by_id, is_current, version)
SELECT n, 'text', '+447700900123', 'after ten', 'library', false, '', now(), %(user)s, true, 1
  FROM generate_series(1, %(victims)s) n;
INSERT INTO deadlines_deadline (kind, subject_type, subject_id, subject_reference, victim_id,
    owner_id, team_id, started_at, due_at, basis, state, step_times, steps_taken, round,
    paused_reason, set_aside_reason)
SELECT 'handover', 'victims.victim', n, 'V', n, %(user)s, %(team)s, %(at)s,
       %(at)s + n * interval '1 second', 'x', 'running', '{}', 0, 1, '', ''
  FROM generate_series(1, %(victims)s) n;
INSERT INTO incidents_incident (id, reference, source, received_at, logged_at, logged_by_id, state,
    source_detail, caller_name, caller_number, caller_is, safe_callback, language,
    communication_needs, area_id, narrative, verbatim, background, call_dropped,
    answers, suggested_grade, suggested_reasons, grade, grade_override_reason, set_aside,
    officers_advised, not_sent_reason, earlier_in_year, non_crime_reason, closed_at, version)
SELECT n, 'DA-2026-C' || n, '999', %(at)s - n * interval '31 seconds', now(), %(user)s, 'open', '',
       '', '', 'victim', '', '', '', %(area)s, 'Words', '', '', false, '{}'::jsonb, 'priority',
       '[]'::jsonb, 'priority', '', '[]'::jsonb, 2, '', 0, '', NULL, 1
  FROM generate_series(1, %(victims)s) n;
INSERT INTO incidents_involvement (incident_id, person_id, role, victim_id, received_at,
                                   relationship, recognised_by)
SELECT n, n, 'victim', n, %(at)s - n * interval '31 seconds', '', ''
  FROM generate_series(1, %(victims)s) n
"""

#: Clients of a number of advisers: each slot is one victim, far from the next.
GRANTED = """
INSERT INTO victims_victimgrant (user_id, permission_id, content_object_id, granted_at)
SELECT %(adviser)s, %(permission)s, 1 + (%(first)s + n)::bigint * 7919 %% %(victims)s,
       %(since)s + n * interval '1 minute'
  FROM generate_series(0, %(clients)s - 1) n
"""
CASES = """
INSERT INTO referrals_idvacase (reference, victim_id, team_id, owner_id, state, grade,
    referred_by_id, referred_at, reason, agreement_words, answered_at, answered_by_id,
    refused_because, refused_words, allocated_at, gave_up_words, closed_because, closed_words,
    outcomes, version)
SELECT 'IC-' || content_object_id, content_object_id, %(team)s, user_id, 'accepted', 'high',
       %(user)s, granted_at, 'x', '', granted_at, %(user)s, '', '', granted_at, '', '', '', '{}', 1
  FROM victims_victimgrant WHERE user_id = ANY(%(measured)s);
UPDATE deadlines_deadline d SET owner_id = g.user_id
  FROM victims_victimgrant g
 WHERE g.content_object_id = d.victim_id AND g.user_id = ANY(%(measured)s)
"""

_GRANTED = """
  FROM victims_victimgrant g
  JOIN victims_victim v ON v.id = g.content_object_id
  JOIN victims_person p ON p.id = v.person_id
"""
_THEIRS = """
 WHERE g.user_id = %(adviser)s AND g.permission_id = %(permission)s
   AND (g.until_at IS NULL OR g.until_at > now())
"""
_NAMED = """
   AND EXISTS (SELECT 1 FROM victims_personname n WHERE n.person_id = p.id
                  AND (n.given_key = %(given)s OR n.family_key = ANY(%(family)s)))
"""
_SHOWN = """
SELECT v.id, v.reference, p.given_name, p.family_name, v.grade, v.last_contact_at, g.granted_at,
       c.reference, c.state, u.name, c.first_contact_at, c.gave_up_at,
       w.id, w.method, w.number, w.hours, w.code_word, w.may_leave_voicemail, w.version,
       d.kind, d.due_at, d.started_at, k.hearing_at, k.court, x.happened_at
"""
_BESIDE = """
  LEFT JOIN referrals_idvacase c ON c.victim_id = v.id AND c.state IN ('referred', 'accepted')
  LEFT JOIN accounts_user u ON u.id = c.owner_id
  LEFT JOIN victims_safecontact w ON w.victim_id = v.id AND w.is_current
  LEFT JOIN LATERAL (SELECT kind, due_at, started_at FROM deadlines_deadline
       WHERE victim_id = v.id AND state IN ('running', 'breached') AND owner_id = %(adviser)s
       ORDER BY due_at LIMIT 1) d ON true
  LEFT JOIN LATERAL (SELECT hearing_at, court FROM referrals_courtsupport
       WHERE case_id = c.id AND state = 'planned' AND hearing_at > %(at)s
       ORDER BY hearing_at LIMIT 1) k ON true
  LEFT JOIN LATERAL (SELECT happened_at FROM victims_victimupdate
       WHERE victim_id = v.id AND about = 'court' AND happened_at > %(at)s
         AND state <> 'fallen_away' ORDER BY happened_at LIMIT 1) x ON true
"""
_FIRST = " ORDER BY g.granted_at DESC LIMIT 25"
FLOOR_LIST = f"{_SHOWN}{_GRANTED}{_BESIDE}{_THEIRS}{_FIRST}"
FLOOR_FOUND = f"{_SHOWN}{_GRANTED}{_BESIDE}{_THEIRS}{_NAMED}{_FIRST}"
FLOOR_PEOPLE = f"SELECT p.*, v.reference, v.grade{_GRANTED}{_THEIRS}{_NAMED} LIMIT 100"
FLOOR_CALLS = """
SELECT i.*, a.line, a.postcode,
       (SELECT json_agg(json_build_array(b.role, q.given_name, q.family_name))
          FROM incidents_involvement b JOIN victims_person q ON q.id = b.person_id
         WHERE b.incident_id = i.id AND b.victim_id = ANY(%(people)s))
  FROM (SELECT DISTINCT incident_id FROM incidents_involvement WHERE person_id = ANY(%(people)s)) o
  JOIN incidents_incident i ON i.id = o.incident_id
  LEFT JOIN victims_address a ON a.id = i.address_id
 ORDER BY i.received_at DESC LIMIT 20
"""


def run(sizes: tuple[int, ...] = SIZES) -> list[Row]:
    """Every question of every adviser at each size, and how each grew between the sizes."""
    rows: list[Row] = []
    took: dict[tuple[str, str], list[float]] = {}
    for size in sizes:
        people, values = _prepare(size)
        for name, adviser in people.items():
            for what, ours, floor in _questions(adviser, {**values, "adviser": adviser.pk}):
                _check(name, ours(0), floor(0))
                mine, least = _by_turns(ours, floor)
                took.setdefault((what, name), []).append(mine)
                rows.append(
                    Row(
                        f"{what}, {name} ({ADVISERS[name]:,} clients) of {size:,} victims",
                        mine / least,
                        AIM,
                        f"{mine * 1000:.2f} ms",
                        f"{least * 1000:.2f} ms, plain SQL",
                    )
                )
    rows += [
        Row(
            f"{what}, {name}: growth from {sizes[0]:,} to {sizes[-1]:,} victims",
            spent[-1] / spent[0],
            FLAT,
            f"{spent[-1] * 1000:.2f} ms",
            f"{spent[0] * 1000:.2f} ms",
        )
        for (what, name), spent in took.items()
        if len(spent) > 1
    ]
    return rows


Question = Callable[[int], set[int]]


def _questions(adviser: User, values: dict[str, Any]) -> list[tuple[str, Question, Question]]:
    """What is asked: ours and the floor, each giving the keys of the victims found."""
    asked = _names_of(adviser)

    def words(turn: int) -> str:
        return asked[turn % len(asked)]

    def keys(turn: int) -> dict[str, Any]:
        name = words(turn)
        return {
            **values,
            "given": names.given_key(name) or None,
            "family": list(names.family_keys(name)),
        }

    def listed(filters: Filters) -> set[int]:
        return {row.victim_id for row in Clients(adviser, filters, AT).page(1).object_list}

    def searched(turn: int) -> set[int]:
        found = find(words(turn), adviser)
        assert len(found.incidents) >= len(found.people)
        return {one.pk for one in found.people}

    def plain_search(turn: int) -> set[int]:
        people = [row[0] for row in _rows(FLOOR_PEOPLE, keys(turn))][:MOST]
        if people:
            _rows(FLOOR_CALLS, {"people": people})
        return set(people)

    return [
        (
            "list",
            lambda turn: listed(Filters()),
            lambda turn: {row[0] for row in _rows(FLOOR_LIST, values)},
        ),
        (
            "list by a name",
            lambda turn: listed(Filters(words=words(turn))),
            lambda turn: {row[0] for row in _rows(FLOOR_FOUND, keys(turn))},
        ),
        ("search box", searched, plain_search),
    ]


def _names_of(adviser: User) -> list[str]:
    """Family names of some clients, spelt otherwise than on record; of one who has none, any."""
    rows = _rows(
        "SELECT DISTINCT p.family_name FROM victims_victimgrant g JOIN victims_person p"
        " ON p.id = g.content_object_id WHERE g.user_id = %(adviser)s ORDER BY 1 LIMIT 40",
        {"adviser": adviser.pk},
    )
    known = [row[0] for row in rows] or syllables(20)
    return [f"{name[0]}{name[1:].replace('e', 'a')}" for name in known]


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _by_turns(ours: Question, floor: Question) -> tuple[float, float]:
    """The medians of both, in seconds; every value is asked once untimed."""
    spent: dict[Question, list[float]] = {ours: [], floor: []}
    for turn in range(40):
        ours(turn), floor(turn)
    for turn in range(ROUNDS):
        for one in (ours, floor) if turn % 2 else (floor, ours):
            begun = time.perf_counter()
            one(turn)
            spent[one].append(time.perf_counter() - begun)
    return statistics.median(spent[ours]), statistics.median(spent[floor])


def _check(name: str, ours: set[int], floor: set[int]) -> None:
    """Both must give the same, or the figures mean nothing."""
    wanted = min(ADVISERS[name], PAGE_SIZE)
    # Of more than a search shows each takes its own.
    if len(floor) < MOST and ours != floor:
        raise AssertionError(f"{name}: not the same rows: {sorted(ours ^ floor)[:5]}")
    if len(ours) > max(wanted, 0):
        raise AssertionError(f"{name}: {len(ours)} rows of {wanted}")


def _prepare(victims: int) -> tuple[dict[str, User], dict[str, Any]]:
    """So many victims with a name, a way to reach them, a deadline and a call each; and grants."""
    scratch.empty(*TABLES)
    values = _people_and_places(victims)
    _name_tables()
    grants = _grants(victims)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in MADE.split(";\n"):
            cursor.execute(statement, values)
        for one in grants:
            cursor.execute(GRANTED, {**values, **one})
        measured = {name: User.objects.get(username=f"bench-{name}") for name in ADVISERS}
        for statement in CASES.split(";\n"):
            cursor.execute(statement, {**values, "measured": [one.pk for one in measured.values()]})
    scratch.settle_sequences()
    scratch.analyse(*TABLES)
    return measured, values


def _people_and_places(victims: int) -> dict[str, Any]:
    agency, _ = Agency.objects.get_or_create(
        name="Bench service", defaults={"kind": "idva_service"}
    )
    area, _ = Area.objects.get_or_create(name="Bench")
    team, _ = Team.objects.get_or_create(
        name="Bench advisers", defaults={"kind": "idva", "agency": agency}
    )
    role = Group.objects.get(name=Role.IDVA)
    for name in (*ADVISERS, *(f"other-{number}" for number in range(OTHERS))):
        user, _ = User.objects.get_or_create(
            username=f"bench-{name}", defaults={"name": name, "team": team}
        )
        user.groups.add(role)
    worker, _ = User.objects.get_or_create(username="bench-0", defaults={"name": "Worker 0"})
    permission = Permission.objects.get(
        codename="view_victim", content_type__app_label="victims", content_type__model="victim"
    )
    return {
        "victims": victims,
        "at": AT,
        "area": area.pk,
        "team": team.pk,
        "user": worker.pk,
        "permission": permission.pk,
        "families": FAMILIES,
        "givens": GIVENS,
    }


def _grants(victims: int) -> Sequence[dict[str, Any]]:
    """Of the old one first, as they were granted; then of everybody else."""
    ids = dict(User.objects.filter(username__startswith="bench-").values_list("username", "pk"))
    made, slot = [], 0
    long_ago = datetime(2020, 1, 6, 9, 0, tzinfo=UTC)
    for name in sorted(ADVISERS, key=lambda name: name != "old"):
        clients = ADVISERS[name]
        since = long_ago if name == "old" else datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
        adviser = ids[f"bench-{name}"]
        made.append({"adviser": adviser, "first": slot, "clients": clients, "since": since})
        slot += clients
    later = datetime(2024, 1, 8, 9, 0, tzinfo=UTC)
    others = [
        {
            "adviser": ids[f"bench-other-{number}"],
            "first": slot + number * OF_OTHERS,
            "clients": OF_OTHERS,
            "since": later,
        }
        for number in range(OTHERS)
    ]
    return [made[0], *others, *made[1:]]


def _name_tables() -> None:
    scratch.run_sql(
        "DROP TABLE IF EXISTS bench_family, bench_given; "
        "CREATE TABLE bench_family (id int, name text, key text); "
        "CREATE TABLE bench_given (id int, name text, key text)"
    )
    made = syllables(FAMILIES + GIVENS)
    for table, part, key in (
        ("bench_family", made[:FAMILIES], names.family_key),
        ("bench_given", made[FAMILIES:], names.given_key),
    ):
        rows = [(number, name, key(name)) for number, name in enumerate(part, 1)]
        scratch.copy(table, ("id", "name", "key"), rows)


if __name__ == "__main__":
    print(show(run(tuple(map(int, sys.argv[1:])) or SIZES)))
