"""The queue's arithmetic, worked by hand."""

from datetime import datetime, timedelta

import pytest

from referrals import board, forecast, overview, queue
from referrals.board import Board, Day
from referrals.queue import Bucket, Filters

ALLOWANCE = timedelta(hours=72)
HOUR = timedelta(hours=1)


def a_board(at: datetime, *, due_in: dict[int, int], done_a_day: int = 0, came: int = 0) -> Board:
    numbers = Board(at=at, reader_id=1, names={1: "A", 2: "B"})
    numbers.due_in.update(due_in)
    numbers.open[Bucket(False, 2), None] = sum(due_in.values())
    for ago in range(1, 8):
        day = at.date() - timedelta(days=ago)
        numbers.days[day] = Day(day, came, done_a_day, done_a_day)
    return numbers


def test_what_is_due_before_its_turn_breaches(at: datetime) -> None:
    # 24 a day are one an hour. Three are due within two hours: the third is an hour too late.
    numbers = a_board(at, due_in={1: 3}, done_a_day=24)
    assert forecast.pace(numbers, ALLOWANCE).first_breach == at + 2 * HOUR
    # With half as much again (one more beside two), three are done in two hours.
    assert forecast.pace(numbers, ALLOWANCE).first_breach_with_one_more is None


def test_those_over_time_come_first_and_delay_the_rest(at: datetime) -> None:
    assert forecast.pace(a_board(at, due_in={4: 5}, done_a_day=24), ALLOWANCE).first_breach is None
    late = a_board(at, due_in={-1: 1, 4: 5}, done_a_day=24)
    assert forecast.pace(late, ALLOWANCE).first_breach == at + 5 * HOUR


def test_nothing_done_breaches_at_the_first_due(at: datetime) -> None:
    assert forecast.pace(a_board(at, due_in={30: 1}), ALLOWANCE).first_breach == at + 31 * HOUR


def test_a_growing_queue_breaches_when_three_days_work_lies_before_a_new_one(
    at: datetime,
) -> None:
    # 10 come and 8 go: 24 are three days' work; from 20 open it takes two days to have 24.
    numbers = a_board(at, due_in={71: 20}, done_a_day=8, came=10)
    assert forecast.pace(numbers, ALLOWANCE).first_breach == at + timedelta(days=2) + ALLOWANCE


def test_beyond_seven_days_it_says_nothing(at: datetime) -> None:
    numbers = a_board(at, due_in={71: 2}, done_a_day=8, came=9)
    assert forecast.pace(numbers, ALLOWANCE).first_breach is None


def test_the_backlog_is_counted_back_from_now(at: datetime) -> None:
    numbers = a_board(at, due_in={50: 12}, done_a_day=2, came=3)
    weeks = forecast.weeks(numbers, ALLOWANCE)
    assert len(weeks) == 12
    assert (weeks[-1].open, weeks[-1].arrived, weeks[-1].done) == (12, 18, 12)
    assert [week.open for week in weeks[-4:]] == [5, 5, 6, 12]
    assert weeks[-1].is_too_many  # 12 open, 12 of 7 days done: 5.1 in three days
    assert not forecast.Week(at.date(), 0, 70, 30, 3.0).is_too_many


def test_bars_fill_the_height_and_never_vanish(at: datetime) -> None:
    weeks = [forecast.Week(at.date(), 0, 0, number, 3.0) for number in (0, 1, 500)]
    assert [bar.height for bar in overview.bars(weeks)] == [0, 2, overview.CHART_HEIGHT]
    assert [bar.y + bar.height for bar in overview.bars(weeks)] == [overview.CHART_FLOOR] * 3


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2026-11-23T10:00:00+00:00", "18:00"),
        ("2026-07-01T16:30:00+00:00", "18:00"),
        ("2026-07-01T17:00:00+00:00", "06:00 tomorrow"),
        ("2026-11-23T02:00:00+00:00", "18:00"),
    ],
)
def test_by_when_the_tile_counts(now: str, words: str) -> None:
    assert overview.evening_words(datetime.fromisoformat(now)) == words


def test_a_page_reads_only_the_stretches_it_shows() -> None:
    order = queue.buckets(Filters())
    sizes = {order[0]: 2, order[2]: 30, order[5]: 4}
    assert list(queue._stretches(order, sizes, 0, 25)) == [(order[0], 0, 2), (order[2], 0, 23)]
    assert list(queue._stretches(order, sizes, 25, 25)) == [(order[2], 23, 30), (order[5], 0, 4)]
    assert list(queue._stretches(order, sizes, 50, 25)) == []


def test_kept_counts_those_over_time_now_as_not_kept(at: datetime) -> None:
    numbers = Board(at=at, reader_id=1)
    assert numbers.kept_percent is None
    numbers.days[at.date()] = Day(at.date(), 0, 4, 3)
    assert numbers.kept_percent == 75
    numbers.open[Bucket(True, 2), None] = 1
    assert numbers.kept_percent == 60
    old = at.date() - timedelta(days=board.KEPT_DAYS)
    numbers.days[old] = Day(old, 0, 100, 0)
    assert numbers.kept_percent == 60
