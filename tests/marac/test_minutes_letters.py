"""Names in every writing, and words of every length, come back from the file as they were."""

import unicodedata
from datetime import datetime

import pytest

from marac.minutes.letters import in_sight, markup, shaped, width_of
from marac.minutes_file import file_of
from marac.services import open_minutes
from tests.factories import marac
from tests.marac.minutes_scene import agency_of, held, pages, words
from tests.personas import person

WRITINGS = [
    ("Siobhán", "O'Neill"),
    ("Zoë-Łucja", "Žižková d\u2019Ångström"),
    ("Thị Ánh", "Nguyễn"),
    ("Ələkbər", "Şükürov"),
    ("Андрій", "Шевченко"),
    ("Ελένη", "Παπαδοπούλου"),
    ("فاطمة", "الزهراء"),
    ("گلناز", "پرویزی"),
    ("לאה", "כהן"),
    ("小明", "王"),
    ("さくら", "田中"),
    ("철수", "김"),
    ("<b>Bobby", "& 'Tables\"</b>"),
]


def test_names_in_every_writing(db: None, at: datetime) -> None:
    scene = held(at, WRITINGS)
    for hearing in scene.hearings:
        name = str(hearing.victim)
        marac.action(hearing, agency_of("agency"), at, words=f"Write to {name} at once.")
    copy = open_minutes(meeting=scene.meeting, reader=person("chair"), path="/", at=at)
    read = words(file_of(copy, reader=person("chair"), at=at))
    for number, pair in enumerate(WRITINGS, 1):
        name = unicodedata.normalize("NFKC", " ".join(pair))
        assert f"{number}. {name} " in read
        assert read.count(name) >= 2


@pytest.mark.parametrize(
    ("said", "printed"),
    [
        ("अनीता", "[U+0905 U+0928 U+0940 U+0924 U+093E]"),
        ("Fire \U0001f525 here", "Fire [U+1F525] here"),
        ("zero\u200bwidth\u200fmarks", "zerowidthmarks"),
    ],
)
def test_what_no_font_has_is_printed_as_its_number(said: str, printed: str) -> None:
    assert markup(said, size=9, width=400) == printed


def test_markup_is_written_and_not_obeyed() -> None:
    assert markup("<font size=99>&amp;\nx", size=9, width=400) == (
        "&lt;font size=99&gt;&amp;amp;<br/>x"
    )


@pytest.mark.parametrize(
    "said",
    [
        "x" * 10_000,
        "words " * 3_000,
        "line\n" * 500,
        "ب" * 3_000,
        "كلمة " * 1_500,
        "漢" * 3_000,
        "\U0001f525" * 500,
        "\u0301" * 50 + "a",
        "()[]{}<>" * 200,
    ],
    ids=["one-word", "words", "lines", "arabic-word", "arabic", "han", "fire", "marks", "brackets"],
)
def test_no_length_breaks_it(db: None, at: datetime, said: str) -> None:
    scene = held(at, [("Ada", "First")])
    marac.line(scene.hearings[0], said, at, by=person("chair"))
    copy = open_minutes(meeting=scene.meeting, reader=person("chair"), path="/", at=at)
    read = pages(file_of(copy, reader=person("chair"), at=at))
    assert all(page.count("OFFICIAL-SENSITIVE") == 2 for page in read)


def test_an_empty_meeting_has_minutes(db: None, at: datetime) -> None:
    scene = held(at, [])
    copy = open_minutes(meeting=scene.meeting, reader=person("chair"), path="/", at=at)
    assert "Cases in this copy: 0" in words(file_of(copy, reader=person("chair"), at=at))


@pytest.mark.parametrize(
    ("line", "base", "seen"),
    [
        ("שלום", "R", "םולש"),
        ("שלום abc", "R", "abc םולש"),
        ("abc שלום def", "L", "abc םולש def"),
        ("דירה 12 (קומה 3)", "R", "(3 המוק) 12 הריד"),
        ("call שלום, then", "L", "call םולש, then"),
        ("12 שלום", "R", "םולש 12"),
        ("בּ", "R", "בּ"),
    ],
)
def test_lines_are_put_in_the_order_of_sight(line: str, base: str, seen: str) -> None:
    assert in_sight(line, base) == seen


@pytest.mark.parametrize(
    ("letters", "forms"),
    [
        ("ب", "\ufe8f"),
        ("بب", "\ufe91\ufe90"),
        ("ببب", "\ufe91\ufe92\ufe90"),
        ("دب", "\ufea9\ufe8f"),
        ("لا", "\ufefb"),
        ("بلا", "\ufe91\ufefc"),
        ("بَب", "\ufe91\u064e\ufe90"),
        ("گ", "\ufb92"),
        ("abc", "abc"),
    ],
)
def test_arabic_letters_join(letters: str, forms: str) -> None:
    assert shaped(letters) == forms


def test_what_runs_left_is_broken_where_the_line_is_full() -> None:
    said = "هي تريد البقاء في بيتها " * 20
    lines = markup(said, size=9, width=300).split("<br/>")
    assert len(lines) > 3
    assert all(width_of(line, 9) <= 300 for line in lines)
    assert sum(len(line.split()) for line in lines) == len(said.split())
