"""Fixtures that all tests share. Tests that need several connections are marked `committed`."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase

from accounts.models import User
from tests import rows, worlds
from tests.browser.chromium import LEFT_OUT
from tests.personas import person

#: A Monday in winter, ten in the morning: no clock change, no holiday near.
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Remember what migrations made, for the tests that commit and for those that begin alike."""
    global _what_migrations_made
    with django_db_blocker.unblock():
        if not rows.may_put_back():
            pytest.exit("The tests' database user must be a superuser, to switch triggers off.", 4)
        _what_migrations_made = rows.of(rows.tables())
        vars(connection).pop("_test_serialized_contents", None)  # nothing to do before a test
        worlds.ready(_what_migrations_made)


_what_migrations_made: rows.Rows = {}


def _restore(self: TransactionTestCase) -> None:
    """After a test that commits, what migrations made is there again and nothing else.

    Django would empty every table and save every object anew, one by one, before the next test
    that asks for it; and xdist gives a worker tests of both kinds in any order.
    """
    rows.put_back(_what_migrations_made)


TransactionTestCase._fixture_teardown = _restore  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _from_the_beginning(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test begins with may be put back as rows: see tests/worlds.py."""
    if "db" in request.fixturenames:
        request.getfixturevalue("db")
    with worlds.beginning(_asked_for(request.node)):
        yield


def _asked_for(item: Any) -> set[str]:
    """The fixtures that a test asks for, and those that they ask for; not what every test has."""
    found: set[str] = set()
    names = [*item._fixtureinfo.argnames]
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            for definition in item._fixtureinfo.name2fixturedefs.get(name, ()):
                names += definition.argnames
    return found


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
        client, who = Client(), person(username)
        worlds.beside(
            ("signs in", username),
            lambda: client.force_login(who, backend="accounts.backends.RoleBackend"),
        )
        return client

    return signed_in


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Nobody takes a run without a browser for a whole one."""
    skipped = terminalreporter.getreports("skipped")
    count = sum(LEFT_OUT in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(f"{LEFT_OUT} {count} tests did not run.", red=True, bold=True)
