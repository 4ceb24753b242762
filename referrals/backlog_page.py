"""The backlog as its page and its file show it: tiles, chart, tables, words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from core import csv_export
from referrals.backlog import FEWEST, FEWEST_OF_ONE, Backlog, Span
from referrals.forecast import HORIZON_HOURS, Ahead

# The chart's measures, in units of its viewBox.
WIDTH, FLOOR, HEIGHT, LEFT = 720, 150, 120, 34
#: Came is a full bar, finished a hollow one: told apart without colour.
BAR = '<rect x="{:.1f}" y="{}" width="{:.1f}" height="{}" {}></rect>'
CAME = 'fill="#1d70b8"'
WENT = 'fill="#fff" stroke="#0b0c0c" stroke-width="1.5"'


@dataclass(frozen=True)
class Sum:
    """The arithmetic of the forecast with its own numbers, so that a reader can do it again."""

    finished: int
    workers: int
    days: int
    #: Each worker a day; staff today; all of them a day.
    each: float
    staff: int
    done: float
    arrived: int
    arriving: float
    #: Open and not standing still, and days until the last of them is finished; None: never.
    waiting: int
    wait: float | None
    allowed: float


def sum_of(found: Backlog) -> Sum:
    """With today's staff, whatever more are asked about."""
    pace, waiting = found.pace, sum(found.due_in.values())
    done = pace.done_an_hour() * 24
    return Sum(
        finished=pace.finished,
        workers=max(1, pace.workers),
        days=pace.days,
        each=pace.each,
        staff=pace.staff,
        done=float(done),
        arrived=pace.arrived,
        arriving=pace.arrived / pace.days,
        waiting=waiting,
        wait=float(waiting / done) if done else None,
        allowed=found.rules.referral_hours / 24,
    )


@dataclass(frozen=True)
class Line:
    """One line of the forecast: what, with today's staff, with more."""

    words: str
    present: object
    more: object


def of(found: Backlog) -> dict[str, Any]:
    """The context of the page. No query."""
    return {
        "now": found.at,
        "found": found,
        "by_age": list(zip(found.band_names, zip(*_numbers(found), strict=True), strict=True)),
        "wanted": found.wanted,
        "hours": found.rules.referral_hours,
        "bars": bars(found.spans),
        "most": max((max(one.arrived, one.done) for one in found.spans), default=0),
        "spans": found.spans[::-1],
        "pace": found.pace,
        "forecast": forecast(found),
        "sum": sum_of(found),
        "horizon_days": HORIZON_HOURS // 24,
        "fewest": FEWEST,
        "fewest_of_one": FEWEST_OF_ONE,
        "finished_late": sum(one.finished for one in found.reasons),
        "over_now": sum(one.open for one in found.reasons),
        "paused_now": found.states["paused"],
    }


def _numbers(found: Backlog) -> list[list[int]]:
    return [numbers for _, numbers in found.by_risk]


def bars(spans: list[Span]) -> SafeString:
    """Two bars a day or week, as SVG without styles; what is not nought shows."""
    most = max((max(one.arrived, one.done) for one in spans), default=0) or 1
    step = (WIDTH - LEFT - 10) / max(1, len(spans))
    parts = []
    for place, one in enumerate(spans):
        x = LEFT + step * place
        for offset, number, look in ((0.08, one.arrived, CAME), (0.5, one.done, WENT)):
            high = max(2, round(HEIGHT * number / most)) if number else 0
            parts.append(BAR.format(x + step * offset, FLOOR - high, step * 0.38, high, look))
    return mark_safe("".join(parts))  # noqa: S308  (numbers and our own colours)


def forecast(found: Backlog) -> list[Line]:
    """The forecast's lines; none where too little was finished to say."""
    present, more = found.present, found.with_more
    if present is None:
        return []
    return [
        Line(words, of_present, _lines(found, more)[place][1] if more else None)
        for place, (words, of_present) in enumerate(_lines(found, present))
    ]


def _lines(found: Backlog, one: Ahead) -> list[tuple[str, object]]:
    first = None
    if one.first_in_hours is not None:
        first = found.at + timedelta(hours=one.first_in_hours)
    return [
        ("Finished a day", round(one.done_a_day, 1)),
        ("Open now that go over their time", one.of_the_open),
        ("Still to come that go over their time", one.of_those_to_come),
        ("The first of them", first),
        (f"Open in {HORIZON_HOURS // 24} days", one.open_then),
    ]


def csv_lines(found: Backlog) -> Iterator[str]:
    """All numbers of the page as CSV: part, what, of what, number."""
    yield from csv_export.lines(("Part", "What", "Of what", "Number"), _cells(found))


def _cells(found: Backlog) -> Iterator[tuple[object, ...]]:
    for span in found.spans:
        name = f"{span.first} to {span.last}"
        for words, number in (
            ("came", span.arrived),
            ("finished", span.done),
            ("finished in time", span.in_time),
        ):
            yield "Came and went", name, words, number
    for risk, numbers in found.by_risk:
        for band, number in zip(found.band_names, numbers, strict=True):
            yield "Open by age", band, risk, number
    for state in ("over", "in time", "paused"):
        yield "Open", state, "", found.states[state]
    yield "Open", "with nobody", "", found.nobodys
    yield "Pace", "finished", f"last {found.pace.days} days", found.pace.finished
    yield "Pace", "came", f"last {found.pace.days} days", found.pace.arrived
    yield "Pace", "workers who finished any", "", found.pace.workers
    yield "Pace", "staff today", "", found.pace.staff
    yield from _forecast_cells(found)
    for row in found.team:
        yield "Finished by", row.name, f"last {found.pace.days} days", row.number
        yield "Hours from claim to finish, median", row.name, "", _hours(row.hours)
    for reason in found.reasons:
        yield "Late because", reason.words, "finished", reason.finished
        yield "Late because", reason.words, "open", reason.open
    for pause in found.pauses:
        yield "Standing still", pause.words, "now", pause.now
        yield "Standing still", pause.words, "begun", pause.begun
        yield "Standing still", pause.words, "median hours", _hours(pause.hours)


def _forecast_cells(found: Backlog) -> Iterator[tuple[object, ...]]:
    for line in forecast(found):
        yield "Forecast", line.words, "today's staff", "" if line.present is None else line.present
        if found.wanted.more:
            yield (
                "Forecast",
                line.words,
                f"with {found.wanted.more} more",
                "" if line.more is None else line.more,
            )


def _hours(hours: float | None) -> object:
    return "" if hours is None else round(hours, 1)
