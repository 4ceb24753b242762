"""A scratch database for measurements, apart from anybody's data, and rows by COPY.

`import bench.scratch` before any model: it points Django at the database `bench_lodestar` on the
embedded server (or at BENCH_DATABASE_URL, never at DATABASE_URL), migrates it, and leaves what it
holds for the next run.
"""

import io
import os
import resource
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

DATABASE = "bench_lodestar"

os.environ["DATABASE_NAME"] = DATABASE
os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", "")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

call_command("migrate", verbosity=0)


#: What logging a call writes to.
LOGGED = (
    "incidents_incident",
    "incidents_involvement",
    "incidents_calldraft",
    "victims_person",
    "victims_personname",
    "victims_telephone",
    "victims_residence",
    "victims_victim",
    "victims_address",
    "deadlines_deadline",
    "audit_auditevent",
)
FORGET = """
CREATE TEMP TABLE logged ON COMMIT DROP AS
    SELECT id FROM incidents_incident WHERE reference NOT LIKE 'DA-2026-B%';
CREATE TEMP TABLE recorded ON COMMIT DROP AS
    SELECT id FROM victims_person WHERE reference NOT LIKE 'P-2026-B%';
DELETE FROM incidents_involvement WHERE incident_id IN (SELECT id FROM logged);
DELETE FROM incidents_incident WHERE id IN (SELECT id FROM logged);
DELETE FROM incidents_calldraft;
DELETE FROM victims_telephone WHERE person_id IN (SELECT id FROM recorded);
DELETE FROM victims_residence WHERE person_id IN (SELECT id FROM recorded);
DELETE FROM victims_personname WHERE person_id IN (SELECT id FROM recorded);
DELETE FROM victims_victim WHERE person_id IN (SELECT id FROM recorded);
DELETE FROM victims_person WHERE id IN (SELECT id FROM recorded);
DELETE FROM victims_address WHERE line NOT LIKE '%Bench Street';
DELETE FROM deadlines_deadline;
DELETE FROM audit_auditevent;
"""


def _written(value: Any) -> str:
    """One value in COPY's text format."""
    if value is None:
        return r"\N"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, list | tuple):
        return "{" + ",".join(f'"{_written(part)}"' for part in value) + "}"
    text = str(value).replace("\\", "\\\\")
    return text.replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def copy(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Load rows into a table by COPY, in one transaction."""
    lines = io.StringIO()
    for row in rows:
        lines.write("\t".join(map(_written, row)) + "\n")
    lines.seek(0)
    names = ", ".join(columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", lines)


def run_sql(sql: str, parameters: dict[str, Any] | None = None) -> None:
    """One statement, committed."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def empty(*tables: str) -> None:
    """Empty tables and what hangs from them, the append-only ones too: this is scratch data."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def analyse(*tables: str) -> None:
    """Fresh statistics and a clean visibility map, as a settled database has."""
    for table in tables:
        run_sql(f"VACUUM ANALYZE {table}")


def settle_sequences() -> None:
    """Let every table's next id follow its highest: rows loaded with ids of their own do not."""
    run_sql(
        """
        DO $$ DECLARE one record; BEGIN
          FOR one IN SELECT c.oid::regclass::text AS name FROM pg_class c
              JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'id'
              WHERE c.relkind = 'r' AND n.nspname = 'public' AND a.attidentity <> '' LOOP
            EXECUTE format(
              'SELECT setval(pg_get_serial_sequence(%L, ''id''), coalesce(max(id), 0) + 1) FROM %s',
              one.name, one.name);
          END LOOP;
        END $$
        """
    )


def forget_logged() -> None:
    """Remove what earlier runs logged on top of the rows that bench.history loads.

    So that every run begins with the same: else the same few people call for years, and the look-up
    answers with the most that it ever shows.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(FORGET)
    analyse(*LOGGED)


def peak_memory_mb() -> int:
    """The most memory that this process ever had in use, in megabytes (Linux counts kilobytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
