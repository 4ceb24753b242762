"""References: never twice, also on many connections, and readable."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from django.db import connection

from core import references
from core.references import Kind
from tests.marks import committed


def test_shape_and_year_on_the_wall_clock() -> None:
    # Half past midnight on New Year's Day in summer time's absence is the new year here as in UTC;
    # in summer an hour before midnight UTC is the next day, but never another year.
    assert references.written(Kind.INCIDENT, 123, datetime(2026, 12, 31, 23, 30, tzinfo=UTC)) == (
        "DA-2026-000123"
    )
    assert references.written(Kind.VICTIM, 1_234_567, datetime(2027, 1, 1, tzinfo=UTC)) == (
        "V-2027-1234567"
    )


def test_many_at_once_are_in_order_of_what_was_given(db: None) -> None:
    instants = [datetime(2025, 5, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)]
    first, second = references.take_many(Kind.REFERRAL, instants)
    assert first.startswith("RF-2025-") and second.startswith("RF-2026-")


@committed
def test_eight_connections_never_share_a_reference(at: datetime) -> None:
    def take_ten(_: int) -> list[str]:
        try:
            return [references.take(Kind.INCIDENT, at) for _ in range(10)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = [reference for ten in pool.map(take_ten, range(8)) for reference in ten]
    assert len(set(taken)) == 80
