"""The shape of every measurement: what it costs beside the least that the same work can cost."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One measurement. `ratio` is ours over the floor; `aim` is the most that it may be."""

    what: str
    ratio: float
    aim: float
    ours: str
    floor: str
    note: str = ""

    @property
    def is_met(self) -> bool:
        return self.ratio <= self.aim


HEADINGS = ("ratio", "aim", "", "what", "ours", "floor", "note")


def show(rows: Iterable[Row]) -> str:
    """The rows as a table in plain text, ratios first; a missed aim says so."""
    table = [HEADINGS, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def _cells(row: Row) -> tuple[str, ...]:
    return (
        f"{row.ratio:.2f}",
        f"{row.aim:g}",
        "ok" if row.is_met else "MISSED",
        row.what,
        row.ours,
        row.floor,
        row.note,
    )
