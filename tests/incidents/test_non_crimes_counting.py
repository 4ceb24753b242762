"""Counting repeated incidents within a window of months, without a database."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.clock import months_before
from incidents.services.crimes.counting import fullest_window

LONDON = ZoneInfo("Europe/London")

INSTANTS = st.datetimes(
    min_value=datetime(2024, 1, 1), max_value=datetime(2027, 1, 1), timezones=st.just(UTC)
)


@given(st.lists(INSTANTS, min_size=1, max_size=12, unique=True), st.data())
def test_a_window_holds_its_incident_and_spans_less_than_the_months(
    instants: list[datetime], data: st.DataObject
) -> None:
    of = data.draw(st.sampled_from(instants))
    found = fullest_window(instants, of, 12)
    assert of in found
    assert found == sorted(found)
    assert months_before(found[-1], 12) < found[0]


@given(st.lists(INSTANTS, min_size=1, max_size=8, unique=True), st.data())
def test_no_window_holds_more(instants: list[datetime], data: st.DataObject) -> None:
    """Against trying every pair of ends."""
    of = data.draw(st.sampled_from(instants))
    spans = [
        [one for one in instants if first <= one <= last]
        for first in instants
        for last in instants
        if first <= of <= last and months_before(last, 12) < first
    ]
    assert len(fullest_window(instants, of, 12)) == max(map(len, spans))


@given(st.lists(INSTANTS, min_size=1, max_size=8, unique=True), INSTANTS, st.data())
def test_one_more_never_makes_it_fewer(
    instants: list[datetime], more: datetime, data: st.DataObject
) -> None:
    of = data.draw(st.sampled_from(instants))
    assert len(fullest_window([*instants, more], of, 12)) >= len(fullest_window(instants, of, 12))


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [
        # Exactly twelve months by the wall clock, over clock changes and without.
        (datetime(2025, 11, 23, 10, tzinfo=LONDON), datetime(2026, 11, 23, 10, tzinfo=LONDON), 1),
        (
            datetime(2025, 11, 23, 10, 1, tzinfo=LONDON),
            datetime(2026, 11, 23, 10, tzinfo=LONDON),
            2,
        ),
        (datetime(2025, 10, 26, 9, tzinfo=LONDON), datetime(2026, 10, 26, 9, tzinfo=LONDON), 1),
        (datetime(2025, 3, 30, 9, tzinfo=LONDON), datetime(2026, 3, 30, 9, tzinfo=LONDON), 1),
        # Summer time began a day earlier the second year: the wall clock decides, not the hours.
        (datetime(2025, 3, 29, 9, tzinfo=LONDON), datetime(2026, 3, 29, 9, tzinfo=LONDON), 1),
        (datetime(2025, 3, 29, 9, 30, tzinfo=LONDON), datetime(2026, 3, 29, 9, tzinfo=LONDON), 2),
        (datetime(2024, 2, 29, 9, tzinfo=LONDON), datetime(2025, 2, 28, 9, tzinfo=LONDON), 2),
    ],
)
def test_exactly_twelve_months_is_not_within_them(
    first: datetime, last: datetime, count: int
) -> None:
    assert len(fullest_window([first, last], last, 12)) == count
    assert len(fullest_window([first, last], first, 12)) == count
