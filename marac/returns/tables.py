"""The return as tables, each figure with what it is a share of: for page and files. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from accounts.models import Agency
from marac.returns.periods import Period
from marac.returns.shapes import Counts, Part, Rate, Return, Share

KINDS: dict[str, str] = {str(code): str(words) for code, words in Agency.Kind.choices}
NO_POPULATION = "no population imported"


@dataclass(frozen=True)
class Cell:
    """A figure: a number, or a share of something."""

    number: int | float | Decimal | None
    of: int | None = None
    not_known: int | None = None
    percent: Decimal | None = None
    #: Said instead of a number that there is not.
    instead: str = ""

    @property
    def is_share(self) -> bool:
        return self.of is not None

    @property
    def of_nothing(self) -> bool:
        """A share of nothing is no share: never 0%."""
        return self.of == 0


@dataclass(frozen=True)
class Line:
    """One figure of every part."""

    code: str
    words: str
    cells: tuple[Cell, ...]


def of_share(share: Share) -> Cell:
    return Cell(share.number, share.of, share.not_known, share.percent)


def of_rate(rate: Rate) -> Cell:
    return Cell(rate.per_10_000, instead="" if rate.adult_women else NO_POPULATION)


def figures(counts: Counts) -> Iterator[tuple[str, str, Cell]]:
    """Code, words and figure, in the order of the national return."""
    yield "meetings", "Meetings held", Cell(counts.meetings)
    yield "cases", "Cases heard", Cell(counts.cases)
    yield "different", "Different cases", Cell(counts.different)
    yield "children", "Children of these cases", Cell(counts.children)
    for code, words, share in counts.shares:
        yield code, words, of_share(share)
    for kind, words in KINDS.items():
        referred = Share(counts.by_kind.get(kind, 0), counts.cases)
        yield f"by_{kind}", f"Referred by: {words}", of_share(referred)
    yield "flags", "Flags looked at, not counted as cases", Cell(counts.flags)
    yield from _waits(counts)
    actions = counts.actions
    yield "agreed", "Actions agreed", Cell(actions.agreed)
    yield "completion", "Actions done, of those due or settled", of_share(actions.completion)
    yield (
        "in_time",
        "Actions done in time, of those done",
        of_share(Share(actions.done_in_time, actions.done)),
    )
    yield "not_done", "Actions not done", Cell(actions.not_done)
    yield "overtaken", "Actions overtaken by events", Cell(actions.overtaken)
    yield "open", "Actions open", Cell(actions.open)
    yield "overdue", "Actions overdue", Cell(actions.overdue)
    yield "attendance", "Invitations of agencies that came", of_share(counts.came.share)


def _waits(counts: Counts) -> Iterator[tuple[str, str, Cell]]:
    waits, nobody = counts.waits, "" if counts.waits.number else "none heard for the first time"
    yield "first_heard", "Heard for the first time", Cell(waits.number)
    yield "wait_median", "Days from referral to hearing, median", Cell(waits.median, instead=nobody)
    yield "wait_nine", "Days, nine in ten within", Cell(waits.nine_in_ten, instead=nobody)
    yield "wait_longest", "Days, longest", Cell(waits.longest, instead=nobody)


def of_year(part: Part) -> Iterator[tuple[str, str, Cell]]:
    """What only a whole year can say."""
    rate, change = part.rate, part.change
    nothing = "" if rate.adult_women else NO_POPULATION
    yield "adult_women", "Adult women", Cell(rate.adult_women, instead=nothing)
    yield "rate", "Cases per 10,000 adult women", of_rate(rate)
    yield "recommended", "Recommended cases per 10,000", Cell(rate.recommended)
    yield (
        "recommended_cases",
        "Cases at the recommended rate",
        Cell(rate.recommended_cases, instead=nothing),
    )
    yield "before", "Cases in the year before", Cell(change.before)
    yield (
        "change",
        "Change to the year before",
        Cell(change.more, of=change.before, percent=change.percent),
    )
    yield "again", "Heard again, of those heard in the year before", of_share(part.again)


def year_lines(parts: Iterable[Part]) -> list[Line]:
    """The rolling year of each part."""
    return _lines([(*figures(part.year), *of_year(part)) for part in parts])


def period_lines(parts: Iterable[Part]) -> list[Line]:
    """The period of each part."""
    return _lines([tuple(figures(part.period)) for part in parts])


def _lines(columns: list[tuple[tuple[str, str, Cell], ...]]) -> list[Line]:
    return [
        Line(row[0][0], row[0][1], tuple(cell for _, _, cell in row))
        for row in zip(*columns, strict=True)
    ]


@dataclass(frozen=True)
class Told:
    """A figure on a line of its own, as the files hold it."""

    part: str
    name: str
    period: Period
    words: str
    cell: Cell

    @property
    def cells(self) -> tuple[object, ...]:
        """Part, name, first and last day, figure, number, of, not known, percent; blank: none.

        Where there is no number the words stand that say why, if there are any.
        """
        cell = self.cell
        number = cell.instead if cell.number is None else cell.number
        said = (number, cell.of, cell.not_known, cell.percent)
        numbers = ("" if one is None else one for one in said)
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return (self.part, self.name, first, last, self.words, *numbers)


HEADINGS = ("Part", "Name", "From", "To", "Figure", "Number", "Of", "Not known", "Percent")


def told(found: Return) -> Iterator[Told]:
    """Every figure of the return on a line of its own."""
    for part in found.parts:
        kind = "All" if part.conference is None else "Conference"
        for _, words, cell in (*figures(part.year), *of_year(part)):
            yield Told(f"{kind}, rolling year", part.name, found.year, words, cell)
        for _, words, cell in figures(part.period):
            yield Told(f"{kind}, period", part.name, found.period, words, cell)
    for meeting in found.meetings:
        row = meeting.meeting
        name = f"{meeting.conference}, {meeting.kind.lower()}, {row.reference}"
        for _, words, cell in figures(meeting.counts):
            yield Told("Meeting", name, Period(row.held_on, row.held_on), words, cell)
    for quarter in found.quarters:
        for words, number in (
            ("Cases heard", quarter.counts.cases),
            ("Children of these cases", quarter.counts.children),
            ("Repeat cases", quarter.counts.repeats.number),
        ):
            yield Told("Three months", "", quarter.period, words, Cell(number))
    yield from _agencies(found)


def _agencies(found: Return) -> Iterator[Told]:
    for one in found.agencies:
        actions, came = one.actions, one.came
        for words, cell in (
            ("Cases referred", Cell(one.referred)),
            ("Meetings attended", of_share(came.share)),
            ("Apologies", Cell(came.apologies, came.invited)),
            ("Did not come", Cell(came.absent, came.invited)),
            ("Actions agreed", Cell(actions.agreed)),
            ("Actions done, of those due or settled", of_share(actions.completion)),
            ("Actions overdue", Cell(actions.overdue)),
        ):
            yield Told("Agency, rolling year", one.name, found.year, words, cell)
