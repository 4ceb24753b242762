"""Fixtures that all tests share. Tests that need several connections are marked `committed`."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from accounts.models import User
from tests.browser.chromium import LEFT_OUT
from tests.personas import person

#: A Monday in winter, ten in the morning: no clock change, no holiday near.
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Let tests that commit empty the audit afterwards; UPDATE and DELETE stay refused."""
    global _what_migrations_made
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        _what_migrations_made = connection.creation.serialize_db_to_string()
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_no_truncate%%'"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{trigger}"')


_what_migrations_made = ""
_empty_the_tables = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def _empty_and_restore(self: TransactionTestCase) -> None:
    """After a test that commits, put back what migrations made: roles, system actors, instruments.

    Django does so only before the next test that asks for it, and xdist gives a worker tests of
    both kinds in any order. It keeps what to put back on the connection, and a browser's event
    loop gives a test another connection: so it is kept here.
    """
    self.serialized_rollback = True  # keeps content types and permissions as they are
    connection._test_serialized_contents = _what_migrations_made  # type: ignore[attr-defined]
    _empty_the_tables(self)
    connection.creation.deserialize_db_from_string(_what_migrations_made)


TransactionTestCase._fixture_teardown = _empty_and_restore  # type: ignore[attr-defined]


@pytest.fixture
def at() -> datetime:
    return NOON


@pytest.fixture
def people(db: None) -> Callable[[str], User]:
    """people("officer") gives that persona."""
    return person


@pytest.fixture
def sign_in(db: None) -> Callable[[str], Client]:
    """sign_in("officer") gives a client signed in as that persona."""

    def signed_in(username: str) -> Client:
        client = Client()
        client.force_login(person(username), backend="accounts.backends.RoleBackend")
        return client

    return signed_in


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody takes a run without a browser for a whole one."""
    skipped = terminalreporter.getreports("skipped")
    count = sum(LEFT_OUT in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{LEFT_OUT} {count} tests did not run.", red=True, bold=True)
