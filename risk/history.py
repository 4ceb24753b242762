"""A victim's risk over time: grades and incidents as a picture and as a table. No queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from core.clock import local
from incidents.models import Involvement
from risk.models import GradeChange, GradeJudgement
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
    #: Where somebody's judgement set the grade, on the path.
    judged: list[tuple[float, int]]
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
        judged=[(x(one.at), heights[one.after]) for one in changes if one.judgement_id is not None],
        dots_y=bottom - 10,
        height=bottom + 18,
        width=WIDTH,
        first=f"{local(begins):%b %Y}",
        last="today",
        words=_words(changes, len(incidents), begins),
    )


@dataclass(frozen=True)
class Entry:
    """One line of the table beside the picture: what happened to the risk, or to the victim."""

    at: datetime
    what: str
    grade: str
    words: str
    path: str
    by: str = ""


def entries(
    changes: Sequence[GradeChange],
    incidents: Sequence[Involvement],
    judgements: Sequence[GradeJudgement],
) -> list[Entry]:
    """Changes of grade, incidents, and judgements that changed nothing (yet), newest first."""
    lines = [
        *map(_of_change, changes),
        *map(_of_incident, incidents),
        *(_of_judgement(one) for one in judgements if one.state in _WITHOUT_CHANGE),
    ]
    return sorted(lines, key=lambda line: line.at, reverse=True)


_WITHOUT_CHANGE = frozenset(
    {
        GradeJudgement.State.WAITING,
        GradeJudgement.State.REFUSED,
        GradeJudgement.State.OVERTAKEN,
    }
)


def _of_change(change: GradeChange) -> Entry:
    path = ""
    if change.assessment is not None:
        path = reverse("risk:assess", args=[change.assessment.reference])
    return Entry(change.at, "Grade", change.after, change.reason, path, str(change.actor))


def _of_incident(row: Involvement) -> Entry:
    path = reverse("incidents:detail", args=[row.incident.reference])
    return Entry(row.received_at, "Incident", "", row.incident.reference, path)


def _of_judgement(row: GradeJudgement) -> Entry:
    words = f"{row.get_state_display()}: {row.reason}"
    return Entry(row.at, "Judged", row.grade, words, "", str(row.by))


def _until(changes: Sequence[GradeChange], number: int, x: Callable[[datetime], float]) -> float:
    later = changes[number + 1 :]
    return x(later[0].at) if later else RIGHT - 6


def _words(changes: Sequence[GradeChange], incidents: int, begins: datetime) -> str:
    """The picture for who does not see it."""
    grades = ", then ".join(RiskGrade(one.after).label.lower() for one in changes) or "not graded"
    plural = "" if incidents == 1 else "s"
    return f"Since {local(begins):%B %Y}: {grades}; {incidents} incident{plural}"
