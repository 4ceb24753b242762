"""The return at its edges: odd days, nothing to count, unknown people, and what a name may say."""

import csv
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts.models import Agency
from marac.models import Conference, Population
from marac.returns import Return, figures, files, tables
from tests.factories import marac, victims
from tests.marac import returns_in_sql as sql
from tests.personas import person, team

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
LATER = datetime(2029, 6, 1, 9, tzinfo=UTC)


def asked(first: date, last: date, *conferences: Conference) -> Return:
    keys = [one.pk for one in conferences or Conference.objects.all()]
    return figures(conference_ids=keys, from_on=first, until_on=last, at=LATER)


def assert_reckoned(found: Return, first: date, last: date) -> None:
    """Every figure of the period is the one that plain SQL reckons."""
    for part in found.parts:
        keys = list(found.names) if part.conference is None else [part.conference]
        held = sql.meetings(keys, first, last)
        theirs = sql.reckoned(keys, first, last, held, found.at)
        for code, _, cell in tables.figures(part.period):
            expected = theirs.get(code, (0, theirs["cases"][0], 0))
            assert (cell.number, cell.of, cell.not_known) == expected, code


#: The first and last minute of days at which something changes: clocks, quarters, leap days.
BOUNDARIES = [
    pytest.param(date(2026, 3, 29), "2026-03-29T00:00+00:00", "2026-03-29T22:59+00:00", id="on"),
    pytest.param(date(2026, 10, 25), "2026-10-24T23:00+00:00", "2026-10-25T23:59+00:00", id="back"),
    pytest.param(date(2026, 7, 1), "2026-06-30T23:00+00:00", "2026-07-01T22:59+00:00", id="July"),
    pytest.param(date(2027, 1, 1), "2027-01-01T00:00+00:00", "2027-01-01T23:59+00:00", id="year"),
    pytest.param(date(2028, 2, 29), "2028-02-29T00:00+00:00", "2028-02-29T23:59+00:00", id="leap"),
]


@pytest.mark.parametrize(("day", "begins", "ends"), BOUNDARIES)
def test_a_day_is_the_wall_clocks_to_the_minute(day: date, begins: str, ends: str) -> None:
    first, last = datetime.fromisoformat(begins), datetime.fromisoformat(ends)
    for began in (first - MINUTE, first, last, last + MINUTE):
        hearing = marac.heard(began + 30 * MINUTE)
        assert hearing.meeting.began_at == began
    found = [asked(one, one) for one in (day - DAY, day, day + DAY)]
    assert [one.whole.period.cases for one in found] == [1, 2, 1]
    for one in found:
        assert_reckoned(one, one.period.first, one.period.last)
    # A period of three days has them all, and no meeting is in two.
    assert asked(day - DAY, day + DAY).whole.period.cases == 4


@pytest.mark.parametrize(
    ("last", "first"),
    [
        (date(2028, 2, 29), date(2027, 3, 1)),
        (date(2029, 2, 28), date(2028, 3, 1)),
        (date(2027, 3, 31), date(2026, 4, 1)),
    ],
)
def test_the_rolling_year_of_a_leap_year(last: date, first: date) -> None:
    noon = timedelta(hours=12)
    for day in (first - DAY, first, last, last + DAY):
        marac.heard(datetime(day.year, day.month, day.day, tzinfo=UTC) + noon)
    found = asked(last, last)
    assert (found.year.first, found.year.last) == (first, last)
    assert (found.whole.year.cases, found.whole.change.before) == (2, 1)


def test_of_nothing_there_is_no_share_and_no_rate() -> None:
    marac.conference()
    found = asked(date(2026, 1, 1), date(2026, 3, 31))
    for _, _, cell in tables.figures(found.whole.period):
        assert cell.percent is None
        assert cell.number in (0, None)
    assert found.whole.rate.per_10_000 is None and found.whole.rate.recommended_cases is None
    assert found.whole.change.percent is None
    assert_reckoned(found, date(2026, 1, 1), date(2026, 3, 31))


def test_one_area_without_population_has_no_rate_and_the_county_says_which() -> None:
    one, other = marac.conference(), marac.conference("Marlow", area="Marlow")
    Population.objects.create(
        conference=one,
        year=2026,
        adult_women=20_000,
        source="Census",
        imported_at=LATER,
        imported_by=person("coordinator"),
    )
    began = datetime(2026, 5, 5, 10, tzinfo=UTC)
    marac.heard(began)
    marac.heard(began, of=other, case=marac.case(began - 9 * DAY, of=other))
    found = asked(date(2026, 4, 1), date(2026, 6, 30))
    rates = {part.name: part.rate for part in found.parts}
    assert rates["Fenwick"].per_10_000 == Decimal("0.5")
    assert rates["Marlow"].per_10_000 is None
    assert rates[found.whole.name].missing == rates["Marlow"].missing == (other.pk,)
    words = dict(files.about(found))
    assert words["Population of Marlow"] == tables.NO_POPULATION
    # Each line of the files says so itself.
    rows = [one.cells for one in tables.told(found) if one.words == "Cases per 10,000 adult women"]
    said = {(row[0], row[1]): row[5] for row in rows}
    assert said["Conference, rolling year", "Marlow"] == tables.NO_POPULATION
    assert said["Conference, rolling year", "Fenwick"] == Decimal("0.5")
    assert said["All, rolling year", found.whole.name] == tables.NO_POPULATION


def test_one_victim_two_who_harm_them_one_unknown_and_one_heard_twice() -> None:
    """A case is a victim and one who harms them; heard twice in a quarter it counts twice."""
    began = datetime(2026, 5, 5, 10, tzinfo=UTC)
    victim = victims.victim(at=began - 90 * DAY)
    people = [
        victims.person("Darren", "Pike", date(2009, 5, 6), sex="male"),
        victims.person("Lee", "Pike", None, sex="male"),
        None,
    ]
    cases = [marac.case(began - 20 * DAY, victim=victim, perpetrator=one) for one in people]
    for number, case in enumerate([*cases, cases[0]]):
        hearing = marac.heard(began + number * 7 * DAY, case=case)
        hearing.is_repeat = number == 3
        hearing.save(update_fields=["is_repeat"])
    found = asked(date(2026, 4, 1), date(2026, 6, 30))
    counts = found.whole.period
    assert (counts.cases, counts.different, counts.meetings) == (4, 3, 4)
    assert (counts.repeats.number, counts.repeats.of) == (1, 4)
    # Sixteen on the fifth of May and seventeen from the sixth: under eighteen both times. Of the
    # other two nobody knows how old they are, and nobody guesses.
    young = counts.perpetrators_under_18
    assert (young.number, young.of, young.not_known) == (2, 2, 2)
    assert counts.waits.number == 3
    assert_reckoned(found, date(2026, 4, 1), date(2026, 6, 30))


NAMES = ["=1+1", "+44", "-2+3", "@SUM(A1)", "\tTab", "=cmd|' /C calc'!A0", 'O\'Neill & "Co", Ltd']


def written(rows: Sequence[Sequence[object]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_never_a_formula_and_both_files_say_the_same(name: str) -> None:
    housing = team("partner").agency
    Agency.objects.filter(pk=housing.pk).update(name=name)
    conference = marac.conference(name)
    began = datetime(2026, 5, 5, 10, tzinfo=UTC)
    case = marac.case(began - 20 * DAY, of=conference, agency=housing, children=3)
    marac.heard(began, case=case, of=conference)
    found = asked(date(2026, 4, 1), date(2026, 6, 30))
    told = [list(one.cells) for one in tables.told(found)]
    assert any(name in row for row in told)

    lines = "".join(files.csv_lines(found)).removeprefix("\ufeff")
    heading, *rows = csv.reader(lines.splitlines(keepends=True))
    assert tuple(heading) == tables.HEADINGS
    assert not [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "\t")]
    assert [[cell.removeprefix("'") for cell in row] for row in rows] == written(told)

    sheets = load_workbook(BytesIO(files.workbook(found)))
    assert not [cell for sheet in sheets for row in sheet for cell in row if cell.data_type == "f"]
    numbers = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in told]
    blank = [[None if cell == "" else cell for cell in row] for row in numbers]
    assert [list(row) for row in list(sheets["Figures"].values)[1:]] == blank
