"""One small year for the tests of this folder."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection, transaction

from demo.load import TABLES, Loaded, load

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SIZE = 600
#: Rows of each kind that are compared with what the rules say now.
SAMPLE = 120


def definitions() -> list[tuple[str, ...]]:
    """Every foreign key and index of the loaded tables."""
    names = [table.name for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) "
            "FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) "
            "UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes "
            "WHERE tablename = ANY(%s) ORDER BY 1, 2, 3",
            [names, names],
        )
        return [tuple(row) for row in cursor.fetchall()]


@pytest.fixture(scope="package")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Loaded]:
    """One year for all tests of this folder; everything is rolled back after them."""
    outermost = transaction.atomic()
    # As Django's own for tests: exhibits are added in transactions that must be nobody's part.
    outermost._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), outermost:
        before = definitions()
        loaded = load(incidents=SIZE, seed=7, at=AT)
        assert definitions() == before
        yield loaded
        transaction.set_rollback(True)
