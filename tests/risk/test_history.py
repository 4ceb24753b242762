"""The picture of risk over time, and calendar months counted back."""

from datetime import UTC, datetime, timedelta

import pytest

from core.clock import local, months_before
from risk.history import LEFT, RIGHT, chart
from risk.models import GradeChange
from risk.page import listed, month_of

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


def change(days_ago: int, after: str) -> GradeChange:
    return GradeChange(at=NOW - timedelta(days=days_ago), after=after)


def test_the_path_steps_from_grade_to_grade() -> None:
    drawn = chart([change(100, "standard"), change(50, "high")], [NOW - timedelta(days=100)], NOW)
    assert drawn.path == f"M{LEFT + 6}.0 92H241.0V20H{RIGHT - 6}"
    assert [level.label for level in drawn.levels] == ["high", "medium", "standard"]
    assert drawn.dots == [LEFT + 6]
    assert drawn.words == "Since August 2026: standard, then high; 1 incident"


def test_incidents_without_a_grade() -> None:
    drawn = chart([], [NOW - timedelta(hours=1)], NOW)
    assert drawn.path == ""
    assert drawn.words == "Since November 2026: not graded; 1 incident"


def test_very_high_has_its_own_line() -> None:
    drawn = chart([change(9, "very_high")], [], NOW)
    assert drawn.levels[0].label == "very high"
    assert "20H" in drawn.path


def test_everything_stays_in_the_picture() -> None:
    drawn = chart([change(9, "high")], [NOW - timedelta(days=400), NOW + timedelta(days=2)], NOW)
    assert all(LEFT <= x <= RIGHT for x in drawn.dots)


@pytest.mark.parametrize(
    ("instant", "months", "expected"),
    [
        ("2026-05-31T12:00", 3, "2026-02-28T13:00"),
        ("2024-02-29T12:00", 12, "2023-02-28T12:00"),
        ("2026-01-15T12:00", 1, "2025-12-15T12:00"),
        ("2026-11-23T10:00", 12, "2025-11-23T10:00"),
        # The same time of day on the wall clock, over a clock change.
        ("2026-04-10T11:00", 1, "2026-03-10T12:00"),
    ],
)
def test_months_before(instant: str, months: int, expected: str) -> None:
    given = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert months_before(given, months) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_words() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert month_of(NOW - timedelta(days=70), NOW) == "September"
    assert month_of(NOW - timedelta(days=420), NOW) == f"{local(NOW - timedelta(days=420)):%B %Y}"
