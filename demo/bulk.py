"""One transaction that loads many rows fast and leaves the database exactly as strict as before.

Foreign keys and secondary indexes of the loaded tables are dropped, the rows copied, and then each
is made again from its own definition: the database itself checks every row against every foreign
key in one pass, which is far cheaper than a look-up per row, and no superuser is needed. The tables
are locked meanwhile; any failure rolls all of it back.
"""

import io
import queue
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from psycopg2.extensions import cursor as Psycopg2Cursor

from demo.tables import Table

_FOREIGN_KEYS = """
    SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
      FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])
     ORDER BY conrelid::regclass::text, conname
"""
_INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid)
      FROM pg_index i
     WHERE indrelid = ANY(%s::regclass[])
       AND NOT indisunique
       -- A list of states comes back from its text as another expression, though an equal one.
       -- Those indexes hold only what is open, so they stay and cost little.
       AND coalesce(pg_get_expr(indpred, indrelid), '') NOT LIKE '%% ANY (%%'
     ORDER BY 1
"""


#: Seconds after which a busy thread lets another one run.
SWITCH = 0.0001


@contextmanager
def without_checks_per_row(tables: Iterable[Table]) -> Iterator[None]:
    """Inside, rows go in unchecked; at the end every foreign key and index is back and holds.

    Must run in a transaction. Raises IntegrityError at the end when a row refers to nothing.
    """
    names = [f'"{table.name}"' for table in tables]
    with connection.cursor() as cursor:
        # Checks that earlier statements of this transaction left for later would forbid the DDL.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(_FOREIGN_KEYS, [names])
        foreign_keys = cursor.fetchall()
        cursor.execute(_INDEXES, [names])
        indexes = cursor.fetchall()
        for table, constraint, _ in foreign_keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        for index, _ in indexes:
            cursor.execute(f"DROP INDEX {index}")
    yield
    with connection.cursor() as cursor:
        for _, definition in indexes:
            cursor.execute(definition)
        by_table: dict[str, list[str]] = {}
        for table, constraint, definition in foreign_keys:
            by_table.setdefault(table, []).append(f"ADD CONSTRAINT {constraint} {definition}")
        for table, additions in by_table.items():
            cursor.execute(f"ALTER TABLE {table} {', '.join(additions)}")


@dataclass
class Sequence:
    """Numbers of a database sequence, taken in one go: from `start`, as many as are needed."""

    name: str
    start: int

    @classmethod
    def of_table(cls, table: Table) -> "Sequence":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [f'"{table.name}"'])
            return cls.named(cursor.fetchone()[0])

    @classmethod
    def named(cls, name: str) -> "Sequence":
        """Lock the sequence against every other taker until the transaction ends; look at it."""
        with connection.cursor() as cursor:
            # The cheapest change that takes the lock: the cache is 1 as it was.
            cursor.execute(f"ALTER SEQUENCE {name} CACHE 1")
            cursor.execute(f"SELECT last_value + is_called::int FROM {name}")  # noqa: S608
            return cls(name, cursor.fetchone()[0])

    def taken(self, last: int) -> None:
        """Say which number was the last one used; the next taker gets the one after it."""
        if last >= self.start:
            with connection.cursor() as cursor:
                cursor.execute("SELECT setval(%s, %s)", [self.name, last])


class CopySink:
    """Copies batches in a thread, so that the next rows are made while the database takes these.

    Use as a context manager; whatever the database refuses is raised in the caller, from the next
    batch or at the end.
    """

    def __init__(self, on_bytes: Callable[[int], None] | None = None) -> None:
        connection.ensure_connection()
        self._connection: Any = connection.connection
        self._jobs: queue.Queue[tuple[Table, bytes] | None] = queue.Queue(maxsize=40)
        self._error: BaseException | None = None
        self._usual = sys.getswitchinterval()
        self._thread = threading.Thread(target=self._work, name="copy", daemon=True)
        self.bytes = 0

    def __enter__(self) -> "CopySink":
        # Else the thread, which only waits for the database, would wait as long again for its turn.
        sys.setswitchinterval(SWITCH)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._jobs.put(None)
        self._thread.join()
        sys.setswitchinterval(self._usual)
        if self._error and exception[0] is None:
            raise self._error

    def __call__(self, table: Table, data: bytes) -> None:
        if self._error:
            raise self._error
        self.bytes += len(data)
        self._jobs.put((table, data))

    def _work(self) -> None:
        with self._connection.cursor() as cursor:
            while (job := self._jobs.get()) is not None:
                if self._error is None:
                    self._copy(cursor, *job)

    def _copy(self, cursor: Psycopg2Cursor, table: Table, data: bytes) -> None:
        try:
            cursor.copy_expert(table.copy_sql, io.BytesIO(data), size=262_144)
        except BaseException as error:
            self._error = error
