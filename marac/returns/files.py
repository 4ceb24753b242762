"""The return as files: CSV, and a workbook with a sheet for each table."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from core import csv_export
from core.clock import local
from marac.returns import tables
from marac.returns.shapes import Return

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDEST = 60


def csv_lines(found: Return) -> Iterator[str]:
    """Every figure on a line of its own, headings first."""
    yield from csv_export.lines(tables.HEADINGS, (one.cells for one in tables.told(found)))


def workbook(found: Return) -> bytes:
    """About, the rolling year, the period, meetings and agencies, and every figure in one list."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "About"
    _fill(sheet, ("What", "Says"), about(found))
    names = [part.name for part in found.parts]
    _fill(book.create_sheet("Rolling year"), _wide(names), _matrix(tables.year_lines(found.parts)))
    _fill(book.create_sheet("Period"), _wide(names), _matrix(tables.period_lines(found.parts)))
    _fill(book.create_sheet("Meetings"), *_meetings(found))
    _fill(book.create_sheet("Agencies"), *_agencies(found))
    told = (one.cells for one in tables.told(found))
    _fill(book.create_sheet("Figures"), tables.HEADINGS, told)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def about(found: Return) -> Iterator[tuple[object, ...]]:
    """What was counted, of when, and with what populations."""
    yield "Made", local(found.at).isoformat(timespec="minutes")
    yield "Period", f"{found.period.first} to {found.period.last}"
    yield "Rolling year", f"{found.year.first} to {found.year.last}"
    yield "Is over", "yes" if found.is_over else "no: figures may still grow"
    yield "Conferences", ", ".join(part.name for part in found.conferences)
    yield "A case", "counts each time that a meeting which is over concluded it"
    yield "A share", "is of those of whom it is known; those not known stand beside it"
    yield "Nothing to take a share of", "the percent is blank, never 0"
    for one in found.whole.rate.populations:
        words = f"{one.adult_women} adult women, {one.year}, {one.source}"
        yield f"Population of {found.names[one.conference]}", words
    for key in found.whole.rate.missing:
        yield f"Population of {found.names[key]}", tables.NO_POPULATION


def _wide(names: Iterable[str]) -> tuple[str, ...]:
    """Four columns for each part."""
    return "Figure", *(
        f"{name}{more}" for name in names for more in ("", ", of", ", not known", ", percent")
    )


def _matrix(lines: Iterable[tables.Line]) -> Iterator[tuple[object, ...]]:
    for line in lines:
        yield line.words, *(value for cell in line.cells for value in _cells(cell))


def _cells(cell: tables.Cell) -> tuple[object, ...]:
    return cell.instead or cell.number, cell.of, cell.not_known, cell.percent


def _meetings(found: Return) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    rows: list[tuple[object, ...]] = []
    headings: tuple[str, ...] = ("Meeting", "Conference", "Kind", "Held")
    for one in found.meetings:
        meeting, told = one.meeting, list(tables.figures(one.counts))
        values: list[object] = [value for _, _, cell in told for value in (cell.number, cell.of)]
        rows.append((meeting.reference, one.conference, one.kind, meeting.held_on, *values))
        headings = (*headings[:4], *(w for _, words, _ in told for w in (words, f"{words}: of")))
    return headings, rows


def _agencies(found: Return) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    headings = (
        *("Agency", "Kind", "Cases referred", "Invited", "Attended", "Apologies", "Did not come"),
        *("Actions agreed", "Done", "Done in time", "Not done", "Overtaken", "Open", "Overdue"),
    )
    rows: list[tuple[object, ...]] = []
    for one in found.agencies:
        came, did = one.came, one.actions
        rows.append(
            (
                *(one.name, tables.KINDS[one.kind], one.referred),
                *(came.invited, came.attended, came.apologies, came.absent),
                *(did.agreed, did.done, did.done_in_time, did.not_done),
                *(did.overtaken, did.open, did.overdue),
            )
        )
    return headings, rows


def _fill(sheet: Worksheet, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """The headings in bold and fixed, then the rows; names are never read as formulas."""
    for column, words in enumerate(headings, start=1):
        _put(sheet, 1, column, words).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = min(WIDEST, len(words) + 4)
    sheet.column_dimensions["A"].width = 44
    sheet.freeze_panes = "B2"
    for number, row in enumerate(rows, start=2):
        for column, value in enumerate(row, start=1):
            if value is not None and value != "":
                _put(sheet, number, column, value)


def _put(sheet: Worksheet, row: int, column: int, value: object) -> SheetCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell)
    cell.value = float(value) if isinstance(value, Decimal) else value  # type: ignore[assignment]
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
