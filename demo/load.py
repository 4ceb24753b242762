"""Loads a generated year: one transaction, all of it or nothing."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.apps import apps
from django.db import OperationalError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from core import policy
from core.errors import DomainError
from core.references import Kind
from demo import (
    aftermath,
    assessments,
    clocks,
    closures,
    conferences,
    county,
    dispatch,
    exhibits,
    found,
    households,
    learning,
    lives,
    non_crimes,
    people,
    referrals,
    response,
    shifts,
    story,
    supervision,
    world,
    year,
)
from demo.bulk import CopySink, Sequence, without_checks_per_row
from demo.generator import Told, generate
from demo.tables import Table
from demo.world import Cast, Crew, Starts, Worker
from incidents.models import Incident
from referrals.services import rebuild_tallies
from victims.models import Address

#: Every table that the generator writes.
TABLES: tuple[Table, ...] = (
    households.ADDRESS, households.PERSON, households.NAME, households.TELEPHONE,
    households.RESIDENCE, households.VICTIM, households.SAFE_CONTACT, households.MARKER,
    closures.CLOSURE, year.INCIDENT, year.INVOLVEMENT, story.FURTHER, story.LINK,
    dispatch.DEPLOYMENT, response.FIRST_RESPONSE, found.PARTY, found.CHILD, response.CRIME,
    non_crimes.NON_CRIME, supervision.CHECK,
    assessments.ASSESSED, assessments.REVIEWED, assessments.GRADED, referrals.REFERRED,
    referrals.SHARED, lives.CONTACT, lives.PLAN, lives.STEP, lives.REASSESSED, lives.REASON,
    clocks.DEADLINE, clocks.ESCALATION, clocks.NOTIFICATION, world.AUDIT, world.READ,
)  # fmt: skip

#: Those of them to which the services add that are played afterwards.
GAINING = frozenset(
    {clocks.DEADLINE, clocks.ESCALATION, clocks.NOTIFICATION, world.AUDIT, assessments.GRADED,
     lives.CONTACT, lives.PLAN, lives.STEP, lives.REASSESSED, lives.REASON,
     households.ADDRESS, households.PERSON, households.NAME, households.TELEPHONE,
     households.RESIDENCE, households.VICTIM, referrals.REFERRED, referrals.SHARED}
)  # fmt: skip

#: What --replace empties beside them: rows that hang from cases, and the notices to staff, whose
#: deadlines and audit go with the others.
_CASE_APPS = (
    "audit",
    "deadlines",
    "learning",
    "victims",
    "incidents",
    "risk",
    "perpetrators",
    "referrals",
    "marac",
)
_KEPT = {"risk_instrument"}


_INDEXED = """
    SELECT DISTINCT a.attname
      FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey::smallint[])
     WHERE i.indrelid = %s::regclass
     ORDER BY 1
"""


@dataclass(frozen=True)
class Loaded:
    """What a load did: rows per table, incidents, crimes, bytes copied, seconds it took."""

    rows: dict[str, int]
    incidents: int
    crimes: int
    bytes: int
    seconds: float


def load(
    *,
    incidents: int,
    seed: int,
    at: datetime,
    add: bool = False,
    replace: bool = False,
    progress: Callable[[int], None] = lambda number: None,
) -> Loaded:
    """Load a year with so many incidents that ends at `at`.

    Refuses (DomainError) when there are incidents already, unless `add` puts another year beside
    them or `replace` empties every case first, the exhibits' files with it. Either all of it is
    there afterwards or nothing; only the story's exhibits come after that, each by itself.
    """
    begun = time.monotonic()
    gone: list[str] = []
    with transaction.atomic(), _patient():
        if replace:
            gone = exhibits.places()
            empty()
        elif Incident.objects.exists() and not add:
            raise DomainError(
                "There are incidents already. Use --add to put another year beside them, or "
                "--replace to remove every case first."
            )
        # Before the year: its sweeps then find nothing but the notices.
        added = Counter(learning.publish_notices(people.establish(), at=at))
        told, copied = _copy(incidents, seed, at, progress)
        # Before anything is looked up in what was copied.
        _analyse()
        begun_with = _rows()
        conferences.write_past(people.establish(), seed=seed, at=at)
        aftermath.play(people.establish(), seed=seed, at=at, tagged=told.tagged)
        shifts.begin_tours(people.establish(), at=at)
        conferences.play(people.establish(), seed=seed, at=at)
        added.update(_rows() - begun_with)
        rebuild_tallies()
    # Files cannot be rolled back: they go and come once the rest is sure.
    exhibits.remove(gone)
    if told.tagged:
        added.update(exhibits.add_exhibits(told.tagged))
    return Loaded(
        rows={table.name: number + added[table.name] for table, number in told.counts.items()},
        incidents=told.counts[year.INCIDENT],
        crimes=told.counts.get(response.CRIME, 0),
        bytes=copied,
        seconds=time.monotonic() - begun,
    )


def _copy(
    incidents: int, seed: int, at: datetime, progress: Callable[[int], None]
) -> tuple[Told, int]:
    force = people.establish()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    with without_checks_per_row(TABLES):
        sequences = {table: Sequence.of_table(table) for table in TABLES}
        numbers = {kind: Sequence.named(f"reference_{kind.value.lower()}") for kind in Kind}
        starts = Starts(
            {table.name: sequence.start for table, sequence in sequences.items()},
            {kind: sequence.start for kind, sequence in numbers.items()},
        )
        with CopySink() as sink:
            told = generate(
                sink,
                incidents=incidents,
                seed=seed,
                at=at,
                policy=policy.at(at),
                cast=cast_of(force),
                starts=starts,
                addresses=_known_addresses(),
                progress=progress,
            )
        for table, last in told.last_ids.items():
            sequences[table].taken(last)
        for kind, last in told.last_numbers.items():
            numbers[kind].taken(last)
    return told, sink.bytes


def _rows() -> Counter[str]:
    """How many rows the tables have that services add to, by name."""
    return Counter(
        {table.name: table.model._default_manager.count() for table in TABLES if table in GAINING}
    )


def cast_of(force: people.Force) -> Cast:
    """The force as the generator names it."""
    workers = {
        name: Worker(
            user.pk,
            user.name,
            name,
            user.team_id or 0,
            force.cars[name].pk if name in force.cars else 0,
            force.cars[name].call_sign if name in force.cars else "",
        )
        for name, user in force.users.items()
    }
    by_id = {worker.id: worker for worker in workers.values()}
    members: dict[int, list[Worker]] = {}
    for worker in workers.values():
        members.setdefault(worker.team, []).append(worker)
    leaders = {
        team.pk: by_id[team.supervisor_id] for team in force.teams.values() if team.supervisor_id
    }
    holders: dict[str, list[Worker]] = {}
    for colleague in people.colleagues():
        holders.setdefault(colleague.role.value, []).append(workers[colleague.username])
    crews = [
        [
            Crew(
                team.pk,
                leaders[team.pk],
                [each for each in members[team.pk] if each is not leaders[team.pk]],
            )
            for team in force.response_teams(area)
        ]
        for area, _ in county.AREAS
    ]
    sweep = User.objects.system()
    agencies: dict[str, list[int]] = {}
    for agency in force.agencies.values():
        agencies.setdefault(agency.kind, []).append(agency.pk)
    return Cast(
        handlers=holders[Role.CALL_HANDLER.value],
        maru=holders[Role.MARU_WORKER.value],
        maru_team=force.teams[people.MARU].pk,
        control_room=force.teams[people.CONTROL].pk,
        crews=crews,
        area_ids=[force.areas[area].pk for area, _ in county.AREAS],
        sweep=Worker(sweep.pk, str(sweep), sweep.username, 0),
        members=members,
        leaders=leaders,
        holders=holders,
        agencies=agencies,
        agency_names={agency.pk: agency.name for agency in force.agencies.values()},
        named=workers,
    )


def _known_addresses() -> dict[str, int]:
    return dict(Address.objects.values_list("key", "pk"))


def case_tables() -> list[str]:
    """Every table that hangs from cases, row history included."""
    return sorted(
        model._meta.db_table
        for label in _CASE_APPS
        for model in apps.get_app_config(label).get_models()
        if model._meta.db_table not in _KEPT
    )


def empty() -> None:
    """Remove every case. The append-only tables too: only a demo may, so only the demo can."""
    tables = case_tables()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "SELECT tgrelid::regclass::text, quote_ident(tgname) FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_no_truncate%%' AND tgenabled <> 'D' "
            "AND tgrelid = ANY(%s::regclass[])",
            [tables],
        )
        guards = cursor.fetchall()
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")
        for table, trigger in guards:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@contextmanager
def _patient() -> Iterator[None]:
    """Wait half a minute for the tables, not for ever; say in words who may hold them."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '30s'")
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == "55P03":
            raise DomainError(
                "Somebody is working in this database. Stop the service, then load."
            ) from error
        raise


def _analyse() -> None:
    """Tell the planner about the columns that indexes and joins use; autovacuum does the rest."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL default_statistics_target = 30")
        for table in TABLES:
            cursor.execute(_INDEXED, [f'"{table.name}"'])
            columns = ", ".join(f'"{row[0]}"' for row in cursor.fetchall())
            cursor.execute(f'ANALYZE "{table.name}" ({columns})')
