"""A victim's risk over time: grades and incidents as a picture. Pure geometry."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.clock import local
from risk.models import GradeChange
from victims.models import RiskGrade

#: The picture, in units of its view box.
WIDTH, LEFT, RIGHT, TOP, STEP = 420, 74, 408, 20, 36

_LEVELS = [RiskGrade.VERY_HIGH, RiskGrade.HIGH, RiskGrade.MEDIUM, RiskGrade.STANDARD]


@dataclass(frozen=True)
class Level:
    label: str
    y: int


@dataclass(frozen=True)
class Chart:
    """What the template draws: lines of levels, the stepped path, a dot for each incident."""

    levels: list[Level]
    path: str
    dots: list[float]
    dots_y: int
    height: int
    width: int
    first: str
    last: str
    words: str


def chart(changes: Sequence[GradeChange], incidents: Sequence[datetime], at: datetime) -> Chart:
    """The picture of grades (oldest first) and incidents up to `at`; at least one of either.

    Raises ValueError when there is neither.
    """
    begins = min([*(one.at for one in changes[:1]), *incidents])
    ends = max(at, begins + timedelta(days=1))
    shown = _LEVELS if any(one.after == RiskGrade.VERY_HIGH for one in changes) else _LEVELS[1:]
    levels = [Level(level.label.lower(), TOP + STEP * row) for row, level in enumerate(shown)]
    heights = {level.value: TOP + STEP * row for row, level in enumerate(shown)}
    bottom = TOP + STEP * len(shown)

    def x(instant: datetime) -> float:
        part = (min(max(instant, begins), ends) - begins) / (ends - begins)
        return round(LEFT + 6 + part * (RIGHT - LEFT - 12), 1)

    path = "".join(
        f"{'V' if number else f'M{x(one.at)} '}{heights[one.after]}H{_until(changes, number, x)}"
        for number, one in enumerate(changes)
    )
    return Chart(
        levels=levels,
        path=path,
        dots=[x(one) for one in incidents],
        dots_y=bottom - 10,
        height=bottom + 18,
        width=WIDTH,
        first=f"{local(begins):%b %Y}",
        last="today",
        words=_words(changes, len(incidents), begins),
    )


def _until(changes: Sequence[GradeChange], number: int, x: Callable[[datetime], float]) -> float:
    later = changes[number + 1 :]
    return x(later[0].at) if later else RIGHT - 6


def _words(changes: Sequence[GradeChange], incidents: int, begins: datetime) -> str:
    """The picture for who does not see it."""
    grades = ", then ".join(RiskGrade(one.after).label.lower() for one in changes) or "not graded"
    plural = "" if incidents == 1 else "s"
    return f"Since {local(begins):%B %Y}: {grades}; {incidents} incident{plural}"
