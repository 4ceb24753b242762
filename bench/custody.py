"""A hundred thousand events of custody, courts and prisons through the service that receives them.

    python -m bench.custody [events]

Runs of custody as they are: arrests that end on bail, under investigation, with no further action,
in remand and in prison with releases planned, moved, called off and done; in batches of 1,000 as
the API takes them, each run spread over many batches, one message in twenty sent again and one
about somebody whom nobody knows. The people complained of have each harmed a victim, so that every
event does everything: runs, reassessments, updates owed, releases, hearings, clocks, audit.

The floor is PostgreSQL's own COPY of the very rows that this wrote, all tables, into the same
tables with all their indexes and checks; the note names the floor of the messages' rows alone.
"""

import io
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench import scratch
from bench.table import Row, show

from django.contrib.auth.models import Group  # isort: skip
from django.db import connection, transaction  # isort: skip

from accounts.models import Agency, Area, Team, User  # isort: skip
from accounts.roles import Role  # isort: skip
from perpetrators.messages import parse  # isort: skip
from perpetrators.models import CustodyEvent  # isort: skip
from perpetrators.services.receiving import receive  # isort: skip
from perpetrators.services.receiving.batch import MOST_AT_ONCE  # isort: skip

EVENTS = 100_000
PEOPLE = 50_000
#: Ours reads, locks, folds and decides for every row that the floor only copies.
AIM = 12.0
AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

#: What receiving writes, in an order in which the rows can be loaded again.
WRITTEN = (
    "perpetrators_custodyepisode",
    "perpetrators_custodyevent",
    "perpetrators_expectedrelease",
    "perpetrators_releasewatch",
    "perpetrators_courtdate",
    "risk_reassessment",
    "risk_reassessmentreason",
    "victims_victimupdate",
    "deadlines_deadline",
    "audit_auditevent",
)
MADE = """
INSERT INTO victims_person (id, reference, given_name, family_name, sex, pronouns, language,
                            communication_needs, created_at, version)
SELECT n, 'P-2026-C' || n, 'Name', 'Name' || n, 'unknown', '', '', '', now(), 1
  FROM generate_series(1, 2 * %(people)s) n;
INSERT INTO perpetrators_outsideidentity (person_id, system, number, confirmed_by_id, confirmed_at)
SELECT n, system, 'N/' || n, %(user)s, now()
  FROM generate_series(1, %(people)s) n, (VALUES ('custody'), ('prison')) AS one (system);
INSERT INTO victims_victim (id, reference, person_id, area_id, grade, grade_since, grade_reason,
    contact_team_id, risk_team_id, plan_team_id, risk_owner_id, contact_owner_id, created_at,
    last_incident_at, last_assessed_at, version, closed_reason)
SELECT n, 'V-2026-C' || n, %(people)s + n, %(area)s,
       (ARRAY['standard', 'medium', 'high'])[1 + n %% 3], %(at)s - interval '10 days', 'x',
       %(team)s, %(team)s, %(team)s, %(user)s, %(user)s, %(at)s - interval '40 days',
       %(at)s - interval '30 days', %(at)s - interval '20 days', 1, ''
  FROM generate_series(1, %(people)s) n;
INSERT INTO incidents_incident (id, reference, source, received_at, logged_at, logged_by_id, state,
    source_detail, caller_name, caller_number, caller_is, safe_callback, language,
    communication_needs, area_id, narrative, verbatim, background, call_dropped,
    answers, suggested_grade, suggested_reasons, grade, grade_override_reason, set_aside,
    officers_advised, not_sent_reason, earlier_in_year, non_crime_reason, closed_at, version)
SELECT n, 'DA-2026-C' || n, '999', %(at)s - interval '30 days', now(), %(user)s, 'open', '', '',
       '', 'victim', '', '', '', %(area)s, 'Words', '', '', false, '{}'::jsonb, 'priority',
       '[]'::jsonb, 'priority', '', '[]'::jsonb, 2, '', 0, '', NULL, 1
  FROM generate_series(1, %(people)s) n;
INSERT INTO incidents_involvement (incident_id, person_id, role, victim_id, received_at,
                                   relationship, recognised_by)
SELECT n, CASE role WHEN 'victim' THEN %(people)s + n ELSE n END, role,
       CASE role WHEN 'victim' THEN n END, %(at)s - interval '30 days', '', ''
  FROM generate_series(1, %(people)s) n, (VALUES ('victim'), ('perpetrator')) AS one (role)
"""

#: Runs as they go, each with its share: kinds in order.
RUNS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (40, ("arrest", "bail", "bail-change", "charge", "court-date")),
    (20, ("arrest", "under-investigation", "no-further-action")),
    (10, ("arrest", "no-further-action")),
    (10, ("arrest", "charge", "bail", "court-date", "court-date", "court-date-vacated")),
    (
        10,
        (
            *("arrest", "charge", "remand", "court-date", "prison", "prison-release-planned"),
            *("prison-release-planned", "prison-release"),
        ),
    ),
    (
        5,
        (
            *("arrest", "charge", "remand", "prison", "prison-release-planned"),
            "prison-release-cancelled",
        ),
    ),
    (5, ("arrest", "bail", "bail-breach", "remand", "court-date", "release")),
)


def sent(events: int) -> list[dict[str, Any]]:
    """The messages in the order in which they come: the same for the same number of events."""
    chance = random.Random(20261123)
    runs = _runs(chance)
    open_runs = [next(runs) for _ in range(max(100, events // 60))]
    messages: list[dict[str, Any]] = []
    while len(messages) < events:
        if messages and chance.random() < 0.05:
            messages.append(messages[-chance.randrange(1, min(len(messages), 3_000) + 1)])
            continue
        place = chance.randrange(len(open_runs))
        message = next(open_runs[place], None)
        if message is None:
            open_runs[place] = next(runs)
            continue
        messages.append(message)
    return messages


def _runs(chance: random.Random) -> Iterator[Iterator[dict[str, Any]]]:
    shares = [share for share, _ in RUNS]
    number = 0
    while True:
        number += 1
        (kinds,) = chance.choices([kinds for _, kinds in RUNS], shares)
        yield _run(number, kinds, chance)


def _run(number: int, kinds: tuple[str, ...], chance: random.Random) -> Iterator[dict[str, Any]]:
    person = chance.randrange(1, PEOPLE + 1)
    is_unknown = chance.random() < 0.05
    began = AT - timedelta(hours=chance.randrange(10, 400))
    for step, kind in enumerate(kinds):
        happened = began + step * HOUR
        said: dict[str, Any] = {
            "system": "custody",
            "message_id": f"m-{number}-{step}",
            "kind": kind,
            "happened_at": happened.isoformat(),
            "person_number": f"{'U' if is_unknown else 'N'}/{person}",
            "given_name": "Name",
            "family_name": f"Name{person}",
            "custody_number": f"C/26/{number}",
            "where": "Fenwick",
        }
        yield said | _of_kind(kind, happened, step)


def _of_kind(kind: str, happened: datetime, step: int) -> dict[str, Any]:
    match kind:
        case "bail" | "bail-change":
            return {
                "bail_until": (happened + 28 * DAY).isoformat(),
                "conditions": [
                    {"kind": "no_contact", "words": "Directly or indirectly"},
                    {"kind": "keep_away", "words": "18 Tanglewood Court"},
                ],
            }
        case "charge":
            return {"offence": "Assault"}
        case "court-date" | "court-date-vacated":
            when = AT + (20 + step) * DAY
            return {"hearing_at": when.isoformat(), "listing": "L1", "court": "Fenwick"}
        case "prison-release-planned":
            return {"release_at": (AT + (5 + 20 * (step % 2)) * DAY).isoformat()}
        case _:
            return {}


def run(events: int = EVENTS) -> list[Row]:
    actor = prepare()
    messages = sent(events)
    seconds = timed(lambda: through_the_service(messages, actor))
    check(events)
    held = {table: _out(table) for table in WRITTEN}
    rows = sum(text.count("\n") for text in held.values())
    scratch.empty(*WRITTEN)
    everything = timed(lambda: _load(held))
    scratch.empty(*WRITTEN[1:])
    alone = timed(lambda: _load({WRITTEN[1]: held[WRITTEN[1]]}))
    return [
        Row(
            what=f"{events:,} custody events, {PEOPLE:,} people, {rows:,} rows written",
            ratio=seconds / everything,
            aim=AIM,
            ours=f"{seconds:.1f} s, {events / seconds:,.0f} events a second",
            floor=f"{everything:.1f} s, COPY of the same rows",
            note=f"{seconds / alone:.0f} times COPY of the messages alone ({alone:.2f} s); "
            f"peak {scratch.peak_memory_mb()} MB",
        )
    ]


def through_the_service(messages: list[dict[str, Any]], actor: User) -> None:
    """As the API does with lists: read each message, take the batch in."""
    for begin in range(0, len(messages), MOST_AT_ONCE):
        batch = [parse(one, at=AT) for one in messages[begin : begin + MOST_AT_ONCE]]
        receive(messages=batch, actor=actor, at=AT)


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def prepare() -> User:
    """So many people, each with a victim and an incident, in otherwise empty tables."""
    scratch.empty(*scratch.LOGGED, *WRITTEN, "perpetrators_outsideidentity", "victims_person")
    agency, _ = Agency.objects.get_or_create(name="Bench", defaults={"kind": "police"})
    area, _ = Area.objects.get_or_create(name="Bench")
    user, _ = User.objects.get_or_create(username="bench-0", defaults={"name": "Worker 0"})
    team, _ = Team.objects.get_or_create(name="Bench", defaults={"kind": "maru", "agency": agency})
    Team.objects.filter(pk=team.pk).update(supervisor=user)
    actor, _ = User.objects.get_or_create(username="bench-custody", defaults={"name": "Custody"})
    actor.groups.add(Group.objects.get(name=Role.CUSTODY_SYSTEM))
    values = {"people": PEOPLE, "at": AT, "area": area.pk, "team": team.pk, "user": user.pk}
    _make(values)
    scratch.settle_sequences()
    scratch.analyse(
        *("victims_person", "victims_victim", "incidents_involvement"),
        *("incidents_incident", "perpetrators_outsideidentity"),
    )
    return User.objects.get(pk=actor.pk)


def _make(values: dict[str, Any]) -> None:
    """In bulk, without the triggers that every single row would otherwise start."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in MADE.split(";\n"):
            cursor.execute(statement, values)


def check(events: int) -> None:
    """One in twenty of each, or the figures mean nothing."""
    kept = CustodyEvent.objects.count()
    waiting = CustodyEvent.objects.unmatched().count()
    if not 0.93 < kept / events < 0.97 or not 0.03 < waiting / kept < 0.07:
        raise AssertionError(f"not what was to be kept: {kept} of {events}, {waiting} waiting")


def _out(table: str) -> str:
    text = io.StringIO()
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT", text)
    return text.getvalue()


def _load(held: dict[str, str]) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, text in held.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.StringIO(text))


if __name__ == "__main__":
    print(show(run(*map(int, sys.argv[1:]))))
