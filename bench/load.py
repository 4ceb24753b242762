"""Loading the demo, everything included, against plain COPY of the same bytes.

`python -m bench.load [incidents]`. The floor copies the very bytes that the load sends into tables
without an index, a key or a trigger: what the database needs merely to take the rows in.
"""

import io
import sys
import time
from collections.abc import Callable

from django.db import connection, transaction

import bench.scratch as scratch
from bench.table import Row, show
from core import clock, policy
from demo import people
from demo.generator import generate
from demo.load import Loaded, cast_of, load
from demo.tables import Table
from demo.world import Starts

#: Incidents a second, everything included.
AIM = 5_000
#: Times the floor: generating, keys, indexes and statistics may cost as much again, and half.
AIM_FLOOR = 2.5
ROUNDS = 3


def run(incidents: int = 20_000) -> list[Row]:
    """Load a year into the scratch database three times; the middle one counts."""
    loads = sorted((_loaded(incidents) for _ in range(ROUNDS)), key=lambda each: each.seconds)
    middle = loads[ROUNDS // 2]
    memory = scratch.peak_memory_mb()
    floor = sorted(_floor(incidents) for _ in range(ROUNDS))[ROUNDS // 2]
    rows = sum(middle.rows.values())
    pace = middle.incidents / middle.seconds
    ours = f"{pace:,.0f} incidents/s, {rows / middle.seconds:,.0f} rows/s"
    note = f"{rows / middle.incidents:.0f} rows an incident; peak {memory} MB"
    return [
        Row(
            f"loading {incidents:,} incidents", AIM / pace, 1.0, ours, f"{AIM:,} incidents/s", note
        ),
        Row(
            "loading, over plain COPY",
            middle.seconds / floor,
            AIM_FLOOR,
            f"{middle.seconds:.2f} s",
            f"{floor:.2f} s, {rows / floor:,.0f} rows/s",
            f"{middle.bytes / 1e6:.0f} MB copied",
        ),
    ]


def _loaded(incidents: int) -> Loaded:
    at = clock.now().replace(second=0, microsecond=0)
    return load(incidents=incidents, seed=2014, at=at, replace=True)


def _floor(incidents: int) -> float:
    """Seconds to copy the same bytes into bare tables, which are gone afterwards."""
    at = clock.now().replace(second=0, microsecond=0)
    batches: list[tuple[Table, bytes]] = []
    keep: Callable[[Table, bytes], None] = lambda table, data: batches.append((table, data))  # noqa: E731
    with transaction.atomic(), connection.cursor() as cursor:
        told = generate(
            keep,
            incidents=incidents,
            seed=2014,
            at=at,
            policy=policy.at(at),
            cast=cast_of(people.establish()),
            starts=Starts(),
        )
        for table in told.counts:
            cursor.execute(f'CREATE TABLE "bare_{table.name}" (LIKE "{table.name}")')
        began = time.perf_counter()
        for table, data in batches:
            bare = table.copy_sql.replace(f'"{table.name}"', f'"bare_{table.name}"', 1)
            cursor.copy_expert(bare, io.BytesIO(data))
        seconds = time.perf_counter() - began
        transaction.set_rollback(True)
    return seconds


if __name__ == "__main__":
    print(show(run(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)))
