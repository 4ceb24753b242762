"""A file of messages as lines: columns are the names of a message's fields. Pure."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.errors import InvalidInput
from perpetrators.messages import HERE, NAMES, Message, parse

#: Without these columns no line can be a message.
NEEDED = ("message_id", "kind", "happened_at")
#: Characters of one cell; the longest conditions are far below it.
LONGEST_CELL = 20_000


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a line, or the whole file, cannot be read: where, and what to do. Both from 1; column 0
    where no single one is wrong."""

    line: int
    column: int
    words: str

    def __str__(self) -> str:
        where = f"Line {self.line}"
        return (
            f"{where}, column {self.column}: {self.words}"
            if self.column
            else (f"{where}: {self.words}")
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where it stands, its cells by column, and what it says or why it cannot be read."""

    number: int
    cells: dict[str, str]
    message: Message | None
    refused: Refused | None = None


def text_of(content: bytes) -> str:
    """The file as text. Raises InvalidInput at `file`, with the place, where it is not UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8-sig", "replace")) + 1
        raise InvalidInput(
            f"Line {line}, character {column}: this is not UTF-8. Save the file as CSV in UTF-8 "
            "and drop it again.",
            field="file",
        ) from error
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise InvalidInput(f"Line {line}: this is not a text file.", field="file")
    return text


def header_of(text: str) -> list[str]:
    """The names of the columns. Raises InvalidInput at `file` for names that no message has."""
    rows = _reader(text)
    try:
        names = [name.strip().lower() for name in next(rows)]
    except (StopIteration, csv.Error):
        names = []
    if not any(names):
        raise InvalidInput(
            f"Line 1: there are no columns. Needed are: {', '.join(NEEDED)}.", field="file"
        )
    for place, name in enumerate(names, start=1):
        if name not in NAMES:
            known = ", ".join(sorted(NAMES))
            raise InvalidInput(
                f"Line 1, column {place}: there is no column called {name[:40] or 'nothing'}. "
                f"Known are: {known}.",
                field="file",
            )
        if name in names[: place - 1]:
            raise InvalidInput(f"Line 1, column {place}: {name} stands there twice.", field="file")
    if missing := [name for name in NEEDED if name not in names]:
        raise InvalidInput(
            f"Line 1: these columns are missing: {', '.join(missing)}.", field="file"
        )
    return names


def count(text: str) -> int:
    """How many lines there are to take in; those without anything in them count for nothing."""
    return sum(1 for _ in _records(text))


def lines(text: str, *, system: str, at: datetime) -> Iterator[Line]:
    """Every line under the header, in order; `system` where a line names none itself."""
    names = header_of(text)
    for number, cells, wrong in _records(text):
        by_name = dict(zip(names, cells, strict=False))
        if wrong or len(cells) > len(names):
            words = wrong or "There are more cells than columns."
            column = 0 if wrong else len(names) + 1
            yield Line(number, by_name, None, Refused(number, column, words))
            continue
        try:
            yield Line(number, by_name, _message(by_name, system, at))
        except InvalidInput as error:
            column = names.index(error.field) + 1 if error.field in names else 0
            field = f" ({error.field})" if error.field else ""
            yield Line(number, by_name, None, Refused(number, column, error.message + field))


def _message(cells: dict[str, str], system: str, at: datetime) -> Message:
    given: dict[str, Any] = {name: cell for name, cell in cells.items() if cell.strip()}
    given.setdefault("system", system)
    message = parse(given, at=at)
    if message.system == HERE:
        raise InvalidInput("What is recorded by hand comes in no file.", field="system")
    return message


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Number, cells, and what is wrong of each record that holds something."""
    rows = _reader(text)
    next(rows, None)
    while True:
        number = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, [], f"This cannot be read as CSV: {error}."
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells, ""


def _reader(text: str) -> Any:
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    csv.field_size_limit(LONGEST_CELL)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
