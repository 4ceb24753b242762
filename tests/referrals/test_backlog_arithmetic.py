"""The arithmetic of the days ahead against a queue that is played through, one by one."""

import heapq
import random
from collections import Counter
from fractions import Fraction

import pytest

from referrals.forecast import Ahead, ahead

ALLOWANCE, HORIZON = 72, 168


def played(
    due_in: Counter[int], arriving: Fraction, done: Fraction, *, allowance: int, horizon: int
) -> tuple[int, int, Fraction | None, int]:
    """One worker who finishes one each 1/done hours, whichever is due first of what is there.

    Breaches of the open and of those to come, the first of them, and how many are open at the end.
    """
    heap: list[tuple[Fraction, int, bool]] = []
    for hour, number in due_in.items():
        for _ in range(number):
            heapq.heappush(heap, (Fraction(hour + 1), len(heap), hour >= 0))
    coming = [number / arriving for number in range(1, int(arriving * horizon) + 1)]
    serial, late_open, late_new, breaches, finished = 10**6, 0, 0, [], 0
    now, total = Fraction(0), len(heap) + len(coming)
    open_left = {item[1] for item in heap}
    while heap or coming:
        if not heap:
            now = max(now, coming[0])
        while coming and coming[0] <= now:
            serial += 1
            heapq.heappush(heap, (coming.pop(0) + allowance, serial, True))
        end = now + 1 / done if done else Fraction(10**9)
        due, name, counts = heapq.heappop(heap)
        if counts and due <= horizon and end > due:
            breaches.append(due)
            late_open += name in open_left
            late_new += name not in open_left
        finished += end <= horizon
        now = end
        while coming and coming[0] <= now:
            serial += 1
            heapq.heappush(heap, (coming.pop(0) + allowance, serial, True))
    return late_open, late_new, min(breaches, default=None), total - finished


def as_played(found: Ahead) -> tuple[int, int, float | None, int]:
    return found.of_the_open, found.of_those_to_come, found.first_in_hours, found.open_then


def some_queue(chance: random.Random) -> tuple[Counter[int], Fraction, Fraction]:
    due_in: Counter[int] = Counter()
    for _ in range(chance.choice([0, 1, 5, 40, 120])):
        due_in[chance.choice([-1, chance.randrange(12), chance.randrange(ALLOWANCE)])] += 1
    arriving = Fraction(chance.choice([0, 1, 3, 7, 10, 24, 31]), 24)
    done = Fraction(chance.choice([0, 1, 3, 6, 10, 11, 24, 40]), chance.choice([24, 25]))
    return due_in, arriving, done


@pytest.mark.parametrize("seed", range(150))
def test_as_a_queue_that_is_played_through(seed: int) -> None:
    due_in, arriving, done = some_queue(random.Random(seed))
    found = ahead(due_in, arriving=arriving, done=done, allowance_hours=ALLOWANCE)
    late_open, late_new, first, left = played(
        due_in, arriving, done, allowance=ALLOWANCE, horizon=HORIZON
    )
    assert as_played(found) == (
        late_open,
        late_new,
        None if first is None else float(first),
        left,
    )


@pytest.mark.parametrize("seed", range(40))
def test_more_hands_never_make_it_worse(seed: int) -> None:
    due_in, arriving, done = some_queue(random.Random(1_000 + seed))
    before = ahead(due_in, arriving=arriving, done=done, allowance_hours=ALLOWANCE)
    after = ahead(due_in, arriving=arriving, done=done * 5 / 4, allowance_hours=ALLOWANCE)
    assert after.breaches <= before.breaches
    assert after.open_then <= before.open_then


def test_by_hand() -> None:
    # One an hour is finished. Three are due within two hours: the third is late.
    found = ahead(Counter({1: 3}), arriving=Fraction(0), done=Fraction(1), allowance_hours=72)
    assert as_played(found) == (1, 0, 2.0, 0)
    # Those over already come first and delay the one that is due in the next hour.
    found = ahead(
        Counter({-1: 2, 0: 1}), arriving=Fraction(0), done=Fraction(1), allowance_hours=72
    )
    assert as_played(found) == (1, 0, 1.0, 0)


def test_nobody_works() -> None:
    found = ahead(
        Counter({10: 2, 200: 1}), arriving=Fraction(1, 24), done=Fraction(0), allowance_hours=72
    )
    # Four of the seven that come are due within the week.
    assert as_played(found) == (2, 4, 11.0, 10)
