"""What stands around the rows of the queue: tiles, filters, chart, pace and team."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from core.clock import local
from referrals import board, forecast, markup
from referrals.board import Board
from referrals.forecast import Week
from referrals.permissions import can_work
from referrals.queue import Filters

# The chart's measures, in units of its viewBox.
CHART_WIDTH, CHART_FLOOR, CHART_HEIGHT = 420, 92, 80
BAR_STEP, BAR_WIDTH = 34, 22
#: Where a referral came from, as the filter offers it.
SOURCE_LABELS = (("any", "any source"), ("police", "police"), ("agency", "a partner agency"))
RED, BLUE = "#b3001b", "#1d70b8"


@dataclass(frozen=True)
class Choice:
    """One link of a row of filters."""

    words: str
    query: str
    is_chosen: bool


@dataclass(frozen=True)
class Bar:
    """One week of the chart."""

    x: int
    y: int
    height: int
    is_too_many: bool


def of(numbers: Board, filters: Filters, *, reader: User, at: datetime) -> dict[str, Any]:
    """The context of the queue page, but for its rows. No query."""
    hours = numbers.policy.referral_hours
    allowance = timedelta(hours=hours)
    weeks = forecast.weeks(numbers, allowance)
    return {
        "hours": hours,
        "allowance_days": allowance / timedelta(days=1),
        "board": numbers,
        "team": markup.team(numbers.team, reader_id=reader.pk),
        "can_work": can_work(reader),
        "filters": filters,
        "whose": _whose(numbers, filters),
        "risks": _risks(filters),
        "areas": sorted(
            ((str(pk), name) for pk, name in numbers.areas.items()), key=lambda one: one[1]
        ),
        "sources": SOURCE_LABELS,
        "found": numbers.count(filters),
        "high": numbers.of_risk("high"),
        "medium": numbers.of_risk("medium"),
        "evening": evening_words(at),
        "first_week": weeks[0].ends,
        "weeks": markup.weeks(weeks),
        "bars": markup.chart(
            (bar.x, bar.y, BAR_WIDTH, bar.height, RED if bar.is_too_many else BLUE)
            for bar in bars(weeks)
        ),
        "pace": forecast.pace(numbers, allowance),
    }


def _whose(numbers: Board, filters: Filters) -> list[Choice]:
    labels = {"all": "All", "mine": "Mine", "nobody": "Nobody's", "over": "Over"}
    choices = [(label, filters.with_(whose=whose)) for whose, label in labels.items()]
    return [
        Choice(f"{label} {numbers.count(wanted)}", wanted.query, wanted == filters)
        for label, wanted in choices
    ]


def _risks(filters: Filters) -> list[Choice]:
    labels = {"any": "Any risk", "high": "High", "medium": "Medium"}
    choices = [(label, filters.with_(risk=risk)) for risk, label in labels.items()]
    return [Choice(label, wanted.query, wanted == filters) for label, wanted in choices]


def evening_words(at: datetime) -> str:
    """ "18:00" while that lies ahead today, else "05:40 tomorrow"."""
    until = local(board.tonight(at))
    tomorrow = until.date() != local(at).date()
    return f"{until:%H:%M}{' tomorrow' if tomorrow else ''}"


def bars(weeks: list[Week]) -> list[Bar]:
    """The weeks as bars; the tallest fills the height, and what is not nought shows."""
    most = max((week.open for week in weeks), default=0) or 1
    heights = [max(2, round(CHART_HEIGHT * week.open / most)) if week.open else 0 for week in weeks]
    return [
        Bar(12 + BAR_STEP * n, CHART_FLOOR - height, height, week.is_too_many)
        for n, (week, height) in enumerate(zip(weeks, heights, strict=True))
    ]
