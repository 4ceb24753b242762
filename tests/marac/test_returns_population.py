"""The table of adult women: whole or not at all, and bad lines named by their number."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from audit.models import AuditEvent
from core.errors import InvalidInput
from marac.models import Population
from marac.services.population import BadTable, Told, import_population, read
from tests.factories import marac
from tests.personas import person

AT = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HEAD = "conference,year,adult_women,source\n"
GOOD = HEAD + 'Fenwick,2025,"101,250",Census table 7\nMarlow,2025,88000,Census table 7\n'


def table(text: str) -> list[Told]:
    return read(text.encode(), latest_year=2027)


def bad(text: str) -> list[str]:
    with pytest.raises(BadTable) as refused:
        table(text)
    return [str(line) for line in refused.value.lines]


def test_a_table_is_read() -> None:
    assert table(GOOD)[0] == Told(2, "Fenwick", 2025, 101_250, "Census table 7")
    semicolons = table("\ufeffYear;Source;Conference;Adult_women\n2025;Census;Fenwick;7\n")
    assert semicolons == [Told(2, "Fenwick", 2025, 7, "Census")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Fenwick,2025,88000", "It has 3 cells; 4 are needed."),
        ("Fenwick,2025,88000,a,b", "It has 5 cells; 4 are needed."),
        (",2025,88000,a", "conference is blank."),
        ("Fenwick,2025,88000, ", "source is blank."),
        ("Fenwick,1990,88000,a", "year: give one from 1991 to 2027."),
        ("Fenwick,2028,88000,a", "year: give one from 1991 to 2027."),
        ("Fenwick,²025,88000,a", "year: give one from 1991 to 2027."),
        ("Fenwick,2025,0,a", "adult_women: give a whole number from 1 to 50,000,000."),
        ("Fenwick,2025,-7,a", "adult_women: give a whole number from 1 to 50,000,000."),
        ('Fenwick,2025,"1,2",a', "adult_women: give a whole number from 1 to 50,000,000."),
        ("Fenwick,2025,1e5,a", "adult_women: give a whole number from 1 to 50,000,000."),
        (f"Fenwick,2025,7,{'a' * 201}", "source: at most 200 characters."),
    ],
)
def test_a_wrong_line_is_named(line: str, words: str) -> None:
    assert bad(GOOD + "\n" + line + "\n") == [f"Line 5: {words}"]


def test_every_wrong_line_is_named_at_once() -> None:
    lines = bad(GOOD + "fenwick,2025,7,again\nMarlow,x,7,a\n")
    assert lines == [
        "Line 4: fenwick in 2025 stands on line 2 already.",
        "Line 5: year: give one from 1991 to 2027.",
    ]


@pytest.mark.parametrize(
    "text", ["", HEAD, "a,b\n1,2\n", HEAD.replace("year", "conference"), HEAD + "\x00,1,1,1\n"]
)
def test_what_is_no_such_table(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        table(text)
    assert refused.value.field == "file"


def test_what_is_no_text_and_what_is_too_large() -> None:
    with pytest.raises(BadTable, match="mended"):
        read(HEAD.encode() + b"Fenwick,2025,7,\xff\n", latest_year=2027)
    with pytest.raises(InvalidInput, match="200 kB"):
        read(b"a" * 200_001, latest_year=2027)
    assert bad(HEAD + 'Fenwick,2025,7,"open\n')[0].startswith("Line 2: This cannot be read as CSV")


@given(st.binary(max_size=200), st.booleans())
def test_whatever_comes_is_read_or_refused(content: bytes, has_columns: bool) -> None:
    try:
        read(HEAD.encode() * has_columns + content, latest_year=2027)
    except InvalidInput as refused:
        assert refused.field == "file"


@pytest.mark.django_db
def test_all_or_nothing() -> None:
    marac.conference("Fenwick")
    with pytest.raises(BadTable) as refused:
        import_population(content=GOOD.encode(), actor=person("coordinator"), at=AT)
    assert [str(one) for one in refused.value.lines] == [
        "Line 3: There is no conference called Marlow."
    ]
    assert not Population.objects.exists()
    assert not AuditEvent.objects.filter(verb="marac.population_imported").exists()


@pytest.mark.django_db
def test_added_replaced_and_as_it_was() -> None:
    marac.conference("Fenwick")
    marac.conference("Marlow", area="Marlow")
    first = import_population(content=GOOD.encode(), actor=person("coordinator"), at=AT)
    assert (first.added, first.changed, first.same) == (2, 0, 0)
    further = GOOD.replace("88000", "88001") + "MARLOW,2026,90000,Census table 8\n"
    second = import_population(content=further.encode(), actor=person("coordinator"), at=AT)
    assert (second.added, second.changed, second.same) == (1, 1, 1)
    rows = Population.objects.filter(conference__name="Marlow").order_by("year")
    assert list(rows.values_list("year", "adult_women")) == [(2025, 88_001), (2026, 90_000)]
    event = AuditEvent.objects.filter(verb="marac.population_imported").latest("pk")
    assert event.actor == person("coordinator") and len(event.detail["figures"]) == 3


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["chair", "analyst", "head", "worker"])
def test_only_those_who_keep_conferences(name: str) -> None:
    with pytest.raises(PermissionDenied):
        import_population(content=GOOD.encode(), actor=person(name), at=AT)


@pytest.mark.django_db
def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    marac.conference("Fenwick")
    person("coordinator")
    file = tmp_path / "women.csv"
    file.write_text(GOOD)
    with pytest.raises(CommandError, match="Nothing was taken in: 1 line is to be mended"):
        call_command("import_population", str(file), user="coordinator")
    assert "Line 3: There is no conference called Marlow." in capsys.readouterr().err
    file.write_text(HEAD + "Fenwick,2025,101250,Census\n")
    call_command("import_population", str(file), user="coordinator")
    assert capsys.readouterr().out == "1 added, 0 replaced, 0 as they were.\n"
    with pytest.raises(CommandError, match="Nobody called nobody_here"):
        call_command("import_population", str(file), user="nobody_here")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_population", str(tmp_path / "none.csv"), user="coordinator")
