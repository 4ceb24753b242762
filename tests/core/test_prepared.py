"""Statements planned once a connection outlive errors; a lost connection begins afresh."""

import pytest
from django.db import DataError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from core.prepared import Statement
from tests.marks import committed

DOUBLED = Statement(
    "test_doubled",
    "SELECT %(number)s * 2, %(words)s, cardinality(%(many)s)",
    {"number": "int", "words": "text", "many": "bigint[]"},
)


def ask(number: object = 21) -> tuple[object, ...]:
    [row] = DOUBLED.rows({"words": "it's", "number": number, "many": []})
    return row


def sent() -> list[str]:
    with CaptureQueriesContext(connection) as queries:
        assert ask() == (42, "it's", 0)
    return [query["sql"] for query in queries.captured_queries]


@committed
def test_prepared_once_a_connection_and_again_after_a_loss() -> None:
    connection.close()
    assert [sql.split()[0] for sql in sent()] == ["PREPARE"]
    assert [sql.split()[0] for sql in sent()] == ["SET"]
    connection.close()
    assert [sql.split()[0] for sql in sent()] == ["PREPARE"]


@pytest.mark.django_db
def test_outlives_a_transaction_that_is_rolled_back() -> None:
    with pytest.raises(DataError), transaction.atomic():
        ask("no number")
    assert ask() == (42, "it's", 0)


@committed
def test_a_first_try_that_fails_leaves_the_next_to_succeed() -> None:
    connection.close()
    with pytest.raises(DataError):
        ask("no number")
    assert ask() == (42, "it's", 0)


@committed
def test_its_way_of_planning_is_nobody_else_s() -> None:
    ask()
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("auto",)


@committed
def test_a_server_that_forgot_is_said_and_not_hidden() -> None:
    ask()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    with pytest.raises(OperationalError, match="test_doubled"):
        ask()
    connection.close()


@pytest.mark.django_db
def test_nothing_is_prepared_where_a_pooler_hands_out_transactions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    [only] = sent()
    assert only.startswith("SELECT 21::int * 2")
