"""What victims thought, in numbers: answered of asked of closed, and each question's answers.

Nothing is told of fewer answers than the policy says, nor what could be worked out by taking what
is told from the whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from accounts.models import User
from core.clock import local
from core.working_time import LONDON
from referrals.models import Survey
from referrals.services.voice.questions import QUESTIONS, SCALE, Question

State = Survey.State
#: Days that a period holds where none is asked for.
USUAL = 90
#: Free words on a page.
MOST_WORDS = 100


@dataclass(frozen=True)
class Wanted:
    """Which surveys: of ends from `first` to `last`, both days within, about one side or both."""

    first: date
    last: date
    about: tuple[str, ...]

    @property
    def from_at(self) -> datetime:
        return datetime.combine(self.first, time.min, LONDON)

    @property
    def until_at(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, LONDON)


@dataclass(frozen=True)
class OfQuestion:
    """One question's answers: how many, of each value, and their mean; hidden below the fewest."""

    question: Question
    counts: tuple[int, ...]
    is_shown: bool

    @property
    def number(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        if not self.is_shown or not self.number:
            return None
        total = sum(value * count for (value, _), count in zip(SCALE, self.counts, strict=True))
        return total / self.number

    @property
    def shares(self) -> list[tuple[str, int, int]]:
        """Each answer in words, how many gave it, and its part of a hundred."""
        return [
            (words, count, round(100 * count / self.number) if self.number else 0)
            for (_, words), count in zip(SCALE, self.counts, strict=True)
        ]


@dataclass
class Group:
    """Answered of asked of closed, of one side, of one team or of all."""

    about: str
    team: str = ""
    closed: int = 0
    asked: int = 0
    answered: int = 0
    is_shown: bool = True
    questions: tuple[OfQuestion, ...] = ()
    answers: list[dict[str, int]] = field(default_factory=list, repr=False)

    @property
    def about_words(self) -> str:
        return Survey.About(self.about).label

    @property
    def percent(self) -> int | None:
        """Of a hundred asked, how many answered."""
        return round(100 * self.answered / self.asked) if self.asked else None


@dataclass(frozen=True)
class Results:
    """Of each side the whole and its teams, by name."""

    wholes: list[Group]
    teams: list[Group]
    fewest: int


def wanted_from(first: date | None, last: date | None, about: str, at: datetime) -> Wanted:
    """What an address asks for; a period turned round is turned back."""
    today = local(at).date()
    last = last or today
    first = first or last - timedelta(days=USUAL)
    sides = (about,) if about in Survey.About.values else tuple(Survey.About.values)
    return Wanted(min(first, last), max(first, last), sides)


def results(wanted: Wanted, fewest: int) -> Results:
    """The numbers of a period, in one query."""
    rows = Survey.objects.filter(
        about__in=wanted.about, closed_at__gte=wanted.from_at, closed_at__lt=wanted.until_at
    ).values_list("about", "team__name", "state", "link_until", "answers")
    wholes = {about: Group(about) for about in wanted.about}
    teams: dict[tuple[str, str], Group] = {}
    for about, team, state, link_until, answers in rows:
        of_team = teams.setdefault((about, team), Group(about, team))
        for group in (wholes[about], of_team):
            _count(group, state, link_until is not None, answers)
    for group in wholes.values():
        group.is_shown = group.answered >= fewest
    by_side: dict[str, list[Group]] = defaultdict(list)
    for group in teams.values():
        by_side[group.about].append(group)
    for groups in by_side.values():
        _hide(groups, fewest)
    for group in [*wholes.values(), *teams.values()]:
        group.questions = tuple(_questions(group, fewest))
    for groups in by_side.values():
        _hide_answers(groups, fewest)
    ordered = sorted(teams.values(), key=lambda group: (group.about, group.team))
    return Results(list(wholes.values()), ordered, fewest)


def words_for(reader: User, wanted: Wanted, shown: Iterable[Group]) -> list[str]:
    """What victims wrote, for the side that it is about, without a name, a day or a team.

    None of a side of which too few answered.
    """
    permission = {
        Survey.About.POLICE.value: "victims.write_police_note",
        Survey.About.ADVISER.value: "victims.write_advocate_note",
    }
    sides = [
        group.about
        for group in shown
        if group.is_shown and not group.team and reader.has_perm(permission[group.about])
    ]
    rows = Survey.objects.filter(
        about__in=sides,
        state=State.ANSWERED,
        closed_at__gte=wanted.from_at,
        closed_at__lt=wanted.until_at,
    ).exclude(words="")
    # In the order of the alphabet: neither the day nor the row tells whose they are.
    return list(rows.order_by("words").values_list("words", flat=True).distinct()[:MOST_WORDS])


def _count(group: Group, state: str, had_link: bool, answers: dict[str, int]) -> None:
    group.closed += 1
    asked = state in {State.ANSWERED, State.DECLINED, State.LINK_GIVEN} or had_link
    group.asked += asked
    if state == State.ANSWERED:
        group.answered += 1
        group.answers.append(answers)


def _hide(teams: Sequence[Group], fewest: int) -> None:
    """Hide teams with too few answers, and the next one while the hidden ones could be told apart
    by taking the shown from the whole."""
    hidden = 0
    for group in sorted(teams, key=lambda group: (group.answered, group.team)):
        if group.answered < fewest or 0 < hidden < fewest:
            group.is_shown = False
            hidden += group.answered


def _hide_answers(teams: Sequence[Group], fewest: int) -> None:
    """The same for each question alone: many answer, and pass over one of them."""
    for place in range(max((len(group.questions) for group in teams), default=0)):
        hidden = 0
        for group in sorted(teams, key=lambda group: (_given(group, place), group.team)):
            row = group.questions[place]
            if not row.is_shown or 0 < hidden < fewest:
                hidden += _given(group, place)
                kept = replace(row, counts=(0,) * len(SCALE), is_shown=False)
                group.questions = (*group.questions[:place], kept, *group.questions[place + 1 :])


def _given(group: Group, place: int) -> int:
    """How many of a group answered one question, shown or not."""
    code = group.questions[place].question.code
    return sum(code in answers for answers in group.answers)


def _questions(group: Group, fewest: int) -> Iterable[OfQuestion]:
    for question in QUESTIONS[group.about]:
        given = [answers.get(question.code) for answers in group.answers]
        counts = tuple(given.count(value) for value, _ in SCALE)
        shown = group.is_shown and sum(counts) >= fewest
        yield OfQuestion(question, counts if shown else (0,) * len(SCALE), shown)
