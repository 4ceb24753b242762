"""Adult women of each conference's areas, from a table: all of its lines, or none of them."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import services as audit
from core.clock import local
from core.errors import InvalidInput
from marac.models import Conference, Population
from marac.permissions import can_import_population

COLUMNS = ("conference", "year", "adult_women", "source")
MOST_BYTES = 200_000
MOST_LINES = 2_000
LONGEST_SOURCE = 200
OLDEST_YEAR = 1991
MOST_WOMEN = 50_000_000


@dataclass(frozen=True)
class BadLine:
    """A line that cannot be taken in: its number in the file, from 1, and what is wrong."""

    number: int
    words: str

    def __str__(self) -> str:
        return f"Line {self.number}: {self.words}"


class BadTable(InvalidInput):
    """The table is not taken in. `lines` says why, line by line."""

    def __init__(self, lines: Sequence[BadLine]) -> None:
        many = "1 line is" if len(lines) == 1 else f"{len(lines)} lines are"
        super().__init__(
            f"Nothing was taken in: {many} to be mended.", field="file", code="bad_table"
        )
        self.lines = tuple(lines)


@dataclass(frozen=True)
class Told:
    """What one line says."""

    number: int
    conference: str
    year: int
    adult_women: int
    source: str


@dataclass(frozen=True)
class Imported:
    """What became of a table's lines."""

    added: int
    changed: int
    same: int


def read(content: bytes, *, latest_year: int) -> list[Told]:
    """The lines of a table in CSV (UTF-8, comma or semicolon, first line the columns). Pure.

    Raises InvalidInput at `file` where it is no such table, BadTable where lines are wrong.
    """
    names, rows = _rows(_text(content))
    told: list[Told] = []
    bad: list[BadLine] = []
    for number, cells in rows:
        said = {name: cell.strip() for name, cell in zip(names, cells, strict=False)}
        if number > MOST_LINES:
            bad.append(BadLine(number, f"A table has at most {MOST_LINES:,} lines."))
            break
        words = _wrong(said, len(cells), len(names), latest_year)
        if words:
            bad.append(BadLine(number, words))
        else:
            women = int(_plain(said["adult_women"]))
            told.append(Told(number, said["conference"], int(said["year"]), women, said["source"]))
    bad += _twice(told)
    if bad:
        raise BadTable(sorted(bad, key=lambda one: one.number))
    if not told:
        raise InvalidInput("There is no line under the columns.", field="file")
    return told


@transaction.atomic
def import_population(*, content: bytes, actor: User, at: datetime) -> Imported:
    """Take a table in; a figure that is there already for its conference and year is replaced.

    Raises PermissionDenied for those who do not keep conferences, and what `read` raises; BadTable
    too where a line names a conference that there is not. Then nothing of the table is taken in.
    """
    if not can_import_population(actor):
        raise PermissionDenied("Those who keep conferences import populations.")
    told = read(content, latest_year=local(at).year + 1)
    known = {name.casefold(): pk for pk, name in Conference.objects.values_list("pk", "name")}
    unknown = [_unknown(one) for one in told if one.conference.casefold() not in known]
    if unknown:
        raise BadTable(unknown)
    # One import at a time: the second finds what the first wrote.
    list(Conference.objects.select_for_update().order_by("pk").values_list("pk"))
    by_key = [(known[one.conference.casefold()], one) for one in told]
    done = [_put(conference, one, actor, at) for conference, one in by_key]
    found = Imported(done.count("added"), done.count("changed"), done.count("same"))
    _record(by_key, found, actor, at)
    return found


def _put(conference: int, one: Told, actor: User, at: datetime) -> str:
    row = Population.objects.filter(conference=conference, year=one.year).first()
    if row is not None and (row.adult_women, row.source) == (one.adult_women, one.source):
        return "same"
    said = {
        "adult_women": one.adult_women,
        "source": one.source,
        "imported_at": at,
        "imported_by": actor,
    }
    if row is None:
        Population.objects.create(conference_id=conference, year=one.year, **said)
        return "added"
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=list(said))
    return "changed"


def _record(rows: Iterable[tuple[int, Told]], found: Imported, actor: User, at: datetime) -> None:
    audit.record(
        actor=actor,
        at=at,
        verb="marac.population_imported",
        subject="populations",
        headline=f"Populations imported: {found.added} added, {found.changed} replaced",
        detail={
            "figures": [
                {"conference": key, "year": one.year, "adult_women": one.adult_women}
                for key, one in rows
            ],
        },
    )


def _unknown(one: Told) -> BadLine:
    return BadLine(one.number, f"There is no conference called {one.conference[:100]}.")


def _text(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise InvalidInput(f"The file is larger than {MOST_BYTES // 1_000} kB.", field="file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadTable([BadLine(line, "This is not UTF-8. Save the file as CSV in UTF-8.")]) from (
            error
        )
    if "\x00" in text:
        raise InvalidInput("This is not a text file.", field="file")
    return text


def _rows(text: str) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The columns, and each line that holds something with its number."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
    except csv.Error:
        names = []
    if sorted(names) != sorted(COLUMNS):
        raise InvalidInput(f"The first line names the columns: {', '.join(COLUMNS)}.", field="file")
    return names, _numbered(rows)


def _numbered(rows: Any) -> Iterator[tuple[int, list[str]]]:
    while True:
        number = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadTable([BadLine(number, f"This cannot be read as CSV: {error}.")]) from error
        if any(cell.strip() for cell in cells):
            yield number, cells


def _wrong(said: dict[str, str], cells: int, columns: int, latest_year: int) -> str:
    """What is wrong of a line; blank where nothing is."""
    if cells != columns:
        return f"It has {cells} cells; {columns} are needed."
    for name in COLUMNS:
        if not said[name]:
            return f"{name} is blank."
    if not _whole(said["year"], OLDEST_YEAR, latest_year):
        return f"year: give one from {OLDEST_YEAR} to {latest_year}."
    if not _whole(_plain(said["adult_women"]), 1, MOST_WOMEN):
        return f"adult_women: give a whole number from 1 to {MOST_WOMEN:,}."
    if len(said["source"]) > LONGEST_SOURCE:
        return f"source: at most {LONGEST_SOURCE} characters."
    return ""


def _plain(cell: str) -> str:
    """A number without the commas of its thousands: "141,200" is 141200, "1,2" stays."""
    parts = cell.split(",")
    in_thousands = len(parts) > 1 and parts[0] and all(len(part) == 3 for part in parts[1:])
    return "".join(parts) if in_thousands else cell


def _whole(cell: str, least: int, most: int) -> bool:
    is_number = cell.isascii() and cell.isdigit() and len(cell) <= len(str(most))
    return is_number and least <= int(cell) <= most


def _twice(told: Sequence[Told]) -> list[BadLine]:
    first: dict[tuple[str, int], int] = {}
    bad = []
    for one in told:
        at = first.setdefault((one.conference.casefold(), one.year), one.number)
        if at != one.number:
            words = f"{one.conference[:100]} in {one.year} stands on line {at} already."
            bad.append(BadLine(one.number, words))
    return bad
