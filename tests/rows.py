"""The rows of the test database: what is there, and the shortest way back to what was there."""

import json
from functools import cache

from django.db import connection, transaction

#: Every row of a table, as JSON.
Rows = dict[str, set[str]]

#: The test client's own: its rows are no part of a world, and nobody else's business.
OF_THE_CLIENT = {"django_session"}


def may_put_back() -> bool:
    """Whether the tests may switch triggers off, as the first user of a server may."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone() == (True,))


def tables() -> list[str]:
    """All that the migrations made."""
    return _names(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname <> 'django_migrations' "
        "AND relnamespace = current_schema()::regnamespace ORDER BY relname"
    )


def touched() -> list[str]:
    """Those that the open transaction has written, by services and by triggers."""
    names = _names(
        "SELECT relname FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
    )
    return [name for name in names if name not in OF_THE_CLIENT]


def of(names: list[str]) -> Rows:
    """What is in these tables."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT '{name}', array_agg(row_to_json(t)::text) FROM \"{name}\" t"
                for name in names
            )
        )
        return {name: set(found or ()) for name, found in cursor.fetchall()}


def way(before: Rows, after: Rows) -> str:
    """SQL that leads from the one to the other, without triggers: what they did is among the rows.

    Keys are not checked, so rows that refer to one another may come in any order. A table that
    `before` does not name is held to be empty.
    """
    parts = []
    for table, wanted in after.items():
        there = before.get(table, set())
        if gone := there - wanted:
            parts.append(f'DELETE FROM "{table}" WHERE {_one_of(table, gone)}')
        if new := wanted - there:
            columns = ", ".join(f'"{name}"' for name in _columns(table))
            parts.append(
                f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM '
                f'json_populate_recordset(NULL::"{table}", {_quoted("[" + ", ".join(new) + "]")})'
            )
    if not parts:
        return ""
    off, on = (f"SET LOCAL session_replication_role = {role}" for role in ("replica", "origin"))
    return "; ".join([off, *parts, on])


def put_back(what: Rows) -> None:
    """After a test that committed: these rows are there again, and no others.

    Waits for whoever still writes (a page that a browser has just left).
    """
    names = list(what)
    with transaction.atomic(), connection.cursor() as cursor:
        listed = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f"LOCK TABLE {listed} IN EXCLUSIVE MODE")
        if sql := way(of(names), what):
            cursor.execute(sql)


def _one_of(table: str, found: set[str]) -> str:
    key = _key(table)
    return f'"{key}" IN ({", ".join(_quoted(str(json.loads(row)[key])) for row in found)})'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _names(sql: str, *values: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)
        return [name for (name,) in cursor.fetchall()]


@cache
def _columns(table: str) -> list[str]:
    """The columns that may be written: not those which the database works out."""
    return _names(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
        f'"{table}"',
    )


@cache
def _key(table: str) -> str:
    [name] = _names(
        "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid "
        "AND attnum = ANY(indkey) WHERE indisprimary AND indrelid = %s::regclass",
        f'"{table}"',
    )
    return name
