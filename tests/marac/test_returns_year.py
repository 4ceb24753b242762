"""A simulated year lived through the services, and every figure of its return reckoned twice.

The small year always runs; the whole one, 600 cases, with WHOLE_YEAR=1 in the environment.
"""

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Agency
from marac.models import Hearing, MaracCase, Meeting
from marac.returns import Return, figures, tables
from marac.returns.periods import Period, quarter
from marac.returns.shapes import Counts, Part
from tests.marac import returns_in_sql as sql
from tests.marac.simulated_year import AT_NIGHT, FIRST, LAST, Year, live

WHOLE, SMALL = 600, 32
IS_WHOLE = os.environ.get("WHOLE_YEAR") == "1"
AT = datetime(2026, 7, 6, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("simulated_year"), pytest.mark.slow]


@pytest.fixture(scope="module")
def year(django_db_setup: None, django_db_blocker: Any) -> Iterator[Year]:
    """The year, lived once for all of these tests and rolled back after them."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        yield live(WHOLE if IS_WHOLE else SMALL)
        transaction.set_rollback(True)


def asked(year: Year, period: Period, *, only: int | None = None, at: datetime = AT) -> Return:
    keys = [one.pk for one in year.conferences] if only is None else [only]
    return figures(conference_ids=keys, from_on=period.first, until_on=period.last, at=at)


def assert_same(counts: Counts, theirs: dict[str, sql.Figure]) -> None:
    """Every figure that the page shows is the one that SQL reckoned."""
    ours = {
        code: (cell.number, cell.of, cell.not_known) for code, _, cell in tables.figures(counts)
    }
    missing = {code for code in ours if code not in theirs and not code.startswith("by_")}
    assert not missing
    cases = theirs["cases"][0]
    assert ours == {**{code: (0, cases, 0) for code in ours if code not in theirs}, **theirs}


def reckoned(found: Return, part: Part, period: Period) -> dict[str, sql.Figure]:
    keys = list(found.names) if part.conference is None else [part.conference]
    held = sql.meetings(keys, period.first, period.last)
    return sql.reckoned(keys, period.first, period.last, held, found.at)


QUARTERS = [quarter(2025, 3), quarter(2025, 4), quarter(2026, 1), quarter(2026, 2)]


def test_the_year_is_what_was_asked_for(year: Year) -> None:
    assert len(year.conferences) == 3 and len(year.agencies) == 12
    assert year.proposed == (WHOLE if IS_WHOLE else SMALL)
    assert Hearing.objects.filter(is_repeat=True).exists()
    assert MaracCase.objects.filter(repeat_of__isnull=False).exists()
    assert set(Meeting.objects.filter(state="held").values_list("kind", flat=True)) == {
        *("monthly", "weekly", "emergency")
    }


@pytest.mark.parametrize("period", QUARTERS, ids=str)
def test_every_part_in_quarter_and_rolling_year(year: Year, period: Period) -> None:
    found = asked(year, period)
    assert len(found.parts) == 4
    for part in found.parts:
        assert_same(part.period, reckoned(found, part, period))
        assert_same(part.year, reckoned(found, part, found.year))
        assert part.change.now == part.year.cases
    assert sum(part.period.cases for part in found.conferences) == found.whole.period.cases > 0


def test_quarters_make_the_year(year: Year) -> None:
    found = asked(year, QUARTERS[-1])
    assert (found.year.first, found.year.last) == (FIRST, LAST)
    parts = [asked(year, one).whole.period.cases for one in QUARTERS]
    assert sum(parts) == found.whole.year.cases
    assert [one.counts.cases for one in found.quarters] == [0, 0, 0, 0, *parts]
    concluded = Hearing.objects.filter(state="concluded").exclude(part="flags").count()
    assert found.whole.year.cases == concluded


def test_every_meeting(year: Year) -> None:
    for period in QUARTERS:
        found = asked(year, period)
        held = sql.meetings(list(found.names), period.first, period.last)
        assert [one.meeting.pk for one in found.meetings] == held
        for one in found.meetings:
            key = [one.meeting.conference]
            theirs = sql.reckoned(key, period.first, period.last, [one.meeting.pk], found.at)
            assert_same(one.counts, theirs)


def test_a_meeting_just_after_midnight_is_of_the_next_quarter(year: Year) -> None:
    meeting = Meeting.objects.get(kind="emergency", starts_at=AT_NIGHT)
    first, second = (asked(year, one) for one in QUARTERS[2:])
    assert meeting.pk not in {one.meeting.pk for one in first.meetings}
    (row,) = [one for one in second.meetings if one.meeting.pk == meeting.pk]
    assert row.meeting.held_on == date(2026, 4, 1)


def test_every_agency(year: Year) -> None:
    found = asked(year, QUARTERS[-1])
    held = sql.meetings(list(found.names), FIRST, LAST)
    lately = sql.meetings(list(found.names), found.period.first, found.period.last)
    referred, referred_lately = sql.referred(held), sql.referred(lately)
    assert len(found.agencies) == 12
    for one in found.agencies:
        pk = Agency.objects.get(name=one.name).pk
        assert one.referred == referred.get(pk, 0)
        assert one.referred_in_period == referred_lately.get(pk, 0)
        came, did = one.came, one.actions
        assert (came.invited, came.attended, came.apologies, came.absent) == sql.attendance(
            held, pk
        )
        assert (
            *(did.agreed, did.done, did.done_in_time, did.not_done),
            *(did.overtaken, did.open, did.overdue),
        ) == sql.actions(held, found.at, pk)


def test_rates_with_the_newest_population_that_is_not_later(year: Year) -> None:
    for period, women in ((QUARTERS[-1], 12_000), (QUARTERS[0], None)):
        found = asked(year, period)
        assert found.whole.rate.adult_women == women
        for part in found.parts:
            keys = list(found.names) if part.conference is None else [part.conference]
            theirs = sql.women(keys, period.last.year)
            assert part.rate.adult_women == theirs
            if theirs is None:
                assert part.rate.per_10_000 is None and part.rate.missing
            else:
                exact = Decimal(10_000 * part.year.cases) / theirs
                assert part.rate.per_10_000 is not None
                assert abs(part.rate.per_10_000 - exact) <= Decimal("0.05")


def test_heard_again_and_the_year_before(year: Year) -> None:
    """A year later, when everybody heard has had their twelve months."""
    found = asked(year, quarter(2027, 2), at=datetime(2027, 7, 5, 9, 0, tzinfo=UTC))
    assert found.whole.change.before == asked(year, QUARTERS[-1]).whole.year.cases
    assert found.whole.change.now == 0 and found.whole.change.percent == -100
    for part in found.parts:
        keys = list(found.names) if part.conference is None else [part.conference]
        assert (part.again.number, part.again.of) == sql.again(keys, FIRST, LAST)
    assert found.whole.again.number > 0


def test_one_conference_alone_is_as_it_is_among_all(year: Year) -> None:
    among = {part.name: part for part in asked(year, QUARTERS[-1]).conferences}
    for one in year.conferences:
        alone = asked(year, QUARTERS[-1], only=one.pk)
        assert alone.parts == (among[one.name],)
        assert alone.whole.year == among[one.name].year
