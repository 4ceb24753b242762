"""The counting of the return, without a database: what is a share of what, and when an age is."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marac.returns import counting
from marac.returns.periods import (
    day_of,
    months_to,
    quarter,
    quarter_of,
    quarters_before,
    quarters_to,
    year_to,
)
from marac.returns.rows import ActionRow, Born, HeardRow, InvitedRow, PopulationRow
from marac.returns.shapes import Change, Share, tenths

DAY = timedelta(days=1)
HELD = date(2026, 6, 11)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


def row(number: int = 1, **said: Any) -> HeardRow:
    default: dict[str, Any] = {
        "meeting": 1,
        "conference": 1,
        "case": number,
        "repeat_of": None,
        "victim": number,
        "perpetrator": None,
        "held_on": HELD,
        "proposed_on": HELD - 10 * DAY,
    }
    return HeardRow(**{**default, **said})


# Periods


@given(DAYS)
def test_a_day_is_in_one_quarter_and_quarters_touch(day: date) -> None:
    own = quarter_of(day)
    assert day in own
    assert own.first.day == 1 and (own.last + DAY).day == 1
    assert quarter_of(own.last + DAY).first == own.last + DAY
    assert quarters_before(day, 3)[0].last == own.first - DAY


@given(DAYS)
def test_eight_spans_make_two_rolling_years(last: date) -> None:
    spans = quarters_to(last)
    assert len(spans) == 8 and spans[-1].last == last
    assert all(one.last + DAY == other.first for one, other in itertools.pairwise(spans))
    assert spans[4].first == year_to(last).first
    assert spans[0].first == months_to(last, 12, before=12).first


def test_a_quarter_begins_and_ends_at_the_wall_clock_s_midnight() -> None:
    second = quarter(2026, 2)
    assert (second.first, second.last) == (date(2026, 4, 1), date(2026, 6, 30))
    assert second.since.isoformat() == "2026-04-01T00:00:00+01:00"
    assert day_of(second.since) == second.first
    assert day_of(second.until - timedelta(microseconds=1)) == second.last
    assert day_of(second.until) == date(2026, 7, 1)
    assert quarter(2026, 4).last == date(2026, 12, 31)
    assert year_to(date(2028, 2, 29)).first == date(2027, 3, 1)


# Ages


@pytest.mark.parametrize(
    ("born", "day", "answer"),
    [
        (Born(date(2010, 6, 11)), HELD, True),
        (Born(date(2010, 6, 12)), HELD, False),
        (Born(date(2008, 6, 12)), HELD, True),
        (Born(date(2008, 6, 11)), HELD, False),
        (Born(date(2008, 2, 29)), date(2026, 2, 28), True),
        (Born(date(2008, 2, 29)), date(2026, 3, 1), False),
        (Born(year=2009), HELD, True),
        (Born(year=2010), HELD, None),
        (Born(year=2008), HELD, None),
        (Born(year=2007), HELD, False),
        (Born(year=2011), HELD, False),
        (Born(), HELD, None),
    ],
)
def test_sixteen_or_seventeen_on_the_day(born: Born, day: date, answer: bool | None) -> None:
    assert counting.is_16_or_17(row(victim_born=born, held_on=day)) is answer


@given(st.dates(date(1940, 1, 1), date(2026, 6, 11)), st.integers(0, 90), st.integers(0, 5))
def test_a_year_of_birth_says_nothing_that_its_day_denies(
    born: date, least: int, wide: int
) -> None:
    known = Born(born).is_aged(least, least + wide, HELD)
    guessed = Born(year=born.year).is_aged(least, least + wide, HELD)
    assert known is not None
    assert guessed is None or guessed == known


def test_an_age_range_one_year_wide_is_never_known_by_the_year() -> None:
    assert Born(year=2009).ages(HELD) == (16, 17)
    assert Born(year=2009).is_aged(16, 16, HELD) is None


def test_an_abuser_whom_nobody_knows_is_not_known() -> None:
    rows = [row(1), row(2, perpetrator=5, perpetrator_born=Born(date(2009, 1, 1)))]
    assert counting.counts(rows, meetings=1).perpetrators_under_18 == Share(1, 1, 1)


# Shares


@given(st.lists(st.sampled_from(["yes", "no", "not_known"])))
def test_every_case_is_in_one_place_of_a_share(answers: list[str]) -> None:
    rows = [row(number, lgbt=answer) for number, answer in enumerate(answers)]
    found = counting.counts(rows, meetings=1).lgbt
    assert found.number == answers.count("yes")
    assert found.of + found.not_known == len(answers)
    assert (found.percent is None) == (found.of == 0)


@given(st.integers(-10_000, 10_000), st.integers(1, 10_000))
def test_tenths_are_the_nearest_and_halves_go_up(number: int, of: int) -> None:
    error = Fraction(tenths(number, of)) - Fraction(number, of)
    assert -Fraction(1, 20) < error <= Fraction(1, 20)


def test_nothing_to_take_a_share_of_is_no_nought() -> None:
    nothing = counting.counts([], meetings=0)
    assert all(share.percent is None for _, _, share in nothing.shares)
    assert nothing.actions.completion.percent is None and nothing.came.share.percent is None
    assert nothing.waits.median is None
    assert Change(3, 0).percent is None
    assert (Change(3, 4).more, Change(3, 4).percent) == (-1, Decimal("-25"))


def test_flags_looked_at_are_no_cases() -> None:
    rows = [row(1, children=2), row(2, is_flag=True, children=3, is_repeat=True)]
    found = counting.counts(rows, meetings=1)
    assert (found.cases, found.flags, found.children, found.repeats.number) == (1, 1, 2, 0)
    assert found.waits.number == 1


def test_a_case_counts_each_time_that_it_is_heard() -> None:
    found = counting.counts([row(1), row(1, is_repeat=True, is_first=False)], meetings=2)
    assert (found.cases, found.different, found.waits.number) == (2, 1, 1)
    assert found.repeats == Share(1, 2)


def test_referring_agencies_and_sex() -> None:
    rows = [
        row(1, agency=1, agency_kind="police", sex="male"),
        row(2, agency=2, agency_kind="housing", sex="female"),
        row(3, agency=2, agency_kind="housing", sex="unknown"),
        row(4, agency=3, agency_kind="health", sex="other"),
    ]
    found = counting.counts(rows, meetings=1)
    assert found.from_partners == Share(3, 4)
    assert found.male == Share(1, 3, 1)
    assert dict(found.by_agency) == {1: 1, 2: 2, 3: 1}
    assert dict(found.by_kind) == {"police": 1, "housing": 2, "health": 1}


@given(st.lists(st.integers(0, 400), min_size=1))
def test_nine_in_ten_waited_no_longer(days: list[int]) -> None:
    rows = [row(n, proposed_on=HELD - wait * DAY) for n, wait in enumerate(days)]
    found = counting.waits(rows)
    assert found.nine_in_ten in days and found.longest == max(days)
    assert found.nine_in_ten is not None
    within = sum(wait <= found.nine_in_ten for wait in days)
    below = sum(wait < found.nine_in_ten for wait in days)
    assert 10 * within >= 9 * len(days) > 10 * below


def test_completion_is_of_what_is_settled_or_overdue() -> None:
    rows = [
        ActionRow(1, 1, "done", True, False, 3),
        ActionRow(1, 1, "done", False, False, 1),
        ActionRow(1, 1, "not_done", False, False, 2),
        ActionRow(1, 1, "overtaken", False, False, 5),
        ActionRow(1, 1, "open", False, True, 4),
        ActionRow(1, 1, "open", False, False, 7),
    ]
    found = counting.tally(rows)
    assert (found.agreed, found.open, found.overdue, found.done_in_time) == (22, 11, 4, 3)
    assert found.completion == Share(4, 10)


def test_attendance() -> None:
    states = ["attended", "attended", "apologies", "absent", "invited"]
    found = counting.attendance(InvitedRow(1, 1, state) for state in states)
    assert (found.invited, found.apologies, found.absent) == (5, 1, 1)
    assert found.share.percent == 40


# Rates


def test_the_rate_needs_every_population() -> None:
    lived = [PopulationRow(1, 2026, 100_000, "Census"), PopulationRow(2, 2025, 60_000, "Census")]
    found = counting.rate(100, [1, 2], lived, recommended=40)
    assert (found.adult_women, found.per_10_000) == (160_000, Decimal("6.3"))
    assert found.recommended_cases == 640
    lacking = counting.rate(100, [1, 2, 3], lived, recommended=40)
    assert (lacking.per_10_000, lacking.recommended_cases, lacking.missing) == (None, None, (3,))


# Heard again


def again(first: HeardRow, *later: HeardRow) -> Share:
    return counting.heard_again([first], [first, *later], months=12)


@pytest.mark.parametrize(
    ("how", "number"),
    [
        ({"case": 1}, 1),
        ({"repeat_of": 1}, 1),
        ({"victim": 1, "perpetrator": 9}, 1),
        ({"victim": 1, "perpetrator": 8}, 0),
        ({"victim": 7, "perpetrator": 9}, 0),
        ({"case": 1, "is_repeat": False}, 0),
        ({"case": 1, "held_on": date(2027, 6, 11)}, 1),
        ({"case": 1, "held_on": date(2027, 6, 12)}, 0),
        ({"case": 1, "held_on": HELD}, 0),
        ({"case": 1, "is_flag": True}, 0),
    ],
)
def test_the_same_two_are_heard_again(how: dict[str, Any], number: int) -> None:
    first = row(1, perpetrator=9)
    default = {"is_repeat": True, "is_first": False, "held_on": HELD + 90 * DAY}
    assert again(first, row(2, **{**default, **how})) == Share(number, 1)


def test_a_chain_of_cases_is_the_same_two() -> None:
    first, second = row(1), row(2, repeat_of=1, held_on=HELD + 400 * DAY)
    third = row(3, repeat_of=2, is_repeat=True, held_on=HELD + 100 * DAY)
    assert again(first, second, third) == Share(1, 1)


@given(
    st.lists(
        st.tuples(st.integers(1, 6), st.booleans(), st.integers(0, 900), st.integers(0, 3)),
        max_size=12,
    )
)
def test_no_more_are_heard_again_than_were_heard(rows: list[tuple[int, bool, int, int]]) -> None:
    heard = [
        row(case, is_repeat=repeat, held_on=HELD + days * DAY, repeat_of=before or None)
        for case, repeat, days, before in rows
    ]
    cohort = [one for one in heard if one.held_on < HELD + 365 * DAY]
    found = counting.heard_again(cohort, heard, months=12)
    assert found.of == len(cohort) and 0 <= found.number <= found.of
    assert counting.heard_again(cohort, cohort[:0], months=12).number == 0
