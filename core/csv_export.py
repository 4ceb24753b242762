"""Lists as CSV files that spreadsheets open without running what is written in them."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

#: A cell that begins so is read as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """What csv.writer writes into: it gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The rows as lines of CSV, headings first, for a streamed answer.

    The first line begins with the mark by which spreadsheets know that this is UTF-8. A cell that
    would be read as a formula gets an apostrophe in front: names and words are typed by anybody.
    Numbers stay numbers, those below nought too.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([_harmless(cell) for cell in row])


def _harmless(cell: object) -> str:
    words = str(cell)
    if isinstance(cell, int | float | Decimal):
        return words
    return f"'{words}" if words.startswith(_FORMULA) else words
