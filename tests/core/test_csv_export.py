"""CSV that spreadsheets open: no cell is run, everything else comes back as it was."""

import csv
import io

import pytest

from core import csv_export


def read_back(*rows: tuple[object, ...]) -> list[list[str]]:
    text = "".join(csv_export.lines(("Name", "Number"), rows))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_headings_first_then_the_rows_as_they_are() -> None:
    assert read_back(("O'Neill, Siobhán", 3), ('says "no"\nand leaves', "")) == [
        ["Name", "Number"],
        ["O'Neill, Siobhán", "3"],
        ['says "no"\nand leaves', ""],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_what_a_spreadsheet_would_run_is_words(cell: str) -> None:
    assert read_back((cell, 1))[1][0] == f"'{cell}"


def test_a_number_below_nought_stays_a_number() -> None:
    assert read_back(("-5", -5), ("x", -0.5))[1:] == [["'-5", "-5"], ["x", "-0.5"]]
