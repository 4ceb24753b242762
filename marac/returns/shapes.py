"""The figures of the return, each with what it is a share of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from marac.returns.periods import Period
from marac.returns.rows import MeetingRow, PopulationRow


def tenths(number: int, of: int) -> Decimal:
    """number / of, to one decimal place, halves up. `of` is above nought."""
    return Decimal((20 * number + of) // (2 * of)) / 10


@dataclass(frozen=True)
class Share:
    """So many of so many; those of whom it is not known are in neither."""

    number: int
    of: int
    not_known: int = 0

    @property
    def percent(self) -> Decimal | None:
        """To one decimal place; None where there is nothing to take a share of."""
        return tenths(100 * self.number, self.of) if self.of else None


@dataclass(frozen=True)
class Rate:
    """Cases of a year per 10,000 adult women."""

    cases: int
    #: None where a population is missing.
    adult_women: int | None
    recommended: int
    #: What was reckoned with.
    populations: tuple[PopulationRow, ...] = ()
    #: Conferences without a population, by their keys.
    missing: tuple[int, ...] = ()

    @property
    def per_10_000(self) -> Decimal | None:
        return tenths(10_000 * self.cases, self.adult_women) if self.adult_women else None

    @property
    def recommended_cases(self) -> int | None:
        """As many cases as the recommended rate would be, halves up."""
        if not self.adult_women:
            return None
        return (2 * self.recommended * self.adult_women + 10_000) // 20_000


@dataclass(frozen=True)
class Change:
    """A year beside the year before it."""

    now: int
    before: int

    @property
    def more(self) -> int:
        return self.now - self.before

    @property
    def percent(self) -> Decimal | None:
        """Of the year before; None where nothing was heard in it."""
        return tenths(100 * self.more, self.before) if self.before else None


@dataclass(frozen=True)
class Waits:
    """Days from the proposal of a case to its first hearing; None where none was heard first."""

    number: int = 0
    median: float | None = None
    #: Nine in ten waited no longer.
    nine_in_ten: int | None = None
    longest: int | None = None


@dataclass(frozen=True)
class Actions:
    """What became of what meetings agreed."""

    agreed: int = 0
    done: int = 0
    done_in_time: int = 0
    not_done: int = 0
    overtaken: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def completion(self) -> Share:
        """Done, of those whose day is over or that are settled, without the overtaken."""
        return Share(self.done, self.done + self.not_done + self.overdue)


@dataclass(frozen=True)
class Came:
    """How often agencies came when they were invited."""

    invited: int = 0
    attended: int = 0
    apologies: int = 0
    absent: int = 0

    @property
    def share(self) -> Share:
        return Share(self.attended, self.invited)


@dataclass(frozen=True)
class Counts:
    """What meetings of a period heard, in the national shape."""

    meetings: int
    cases: int
    different: int
    flags: int
    children: int
    repeats: Share
    from_partners: Share
    minority_ethnic: Share
    lgbt: Share
    disability: Share
    male: Share
    victims_16_17: Share
    perpetrators_under_18: Share
    #: Referring agencies by kind, and one by one, to how many cases.
    by_kind: Mapping[str, int] = field(default_factory=dict)
    by_agency: Mapping[int, int] = field(default_factory=dict)
    waits: Waits = Waits()
    actions: Actions = Actions()
    came: Came = Came()

    @property
    def shares(self) -> tuple[tuple[str, str, Share], ...]:
        """Every share of cases: code, words, share."""
        return (
            ("repeats", "Repeat cases", self.repeats),
            ("from_partners", "Referred by partner agencies", self.from_partners),
            ("minority_ethnic", "Black or minority ethnic victims", self.minority_ethnic),
            ("lgbt", "LGBT+ victims", self.lgbt),
            ("disability", "Victims with a disability", self.disability),
            ("male", "Male victims", self.male),
            ("victims_16_17", "Victims aged 16 or 17", self.victims_16_17),
            ("perpetrators_under_18", "Abusers aged 17 or under", self.perpetrators_under_18),
        )


@dataclass(frozen=True)
class Part:
    """The county or one of its conferences."""

    name: str
    #: None for all of them together.
    conference: int | None
    period: Counts
    year: Counts
    rate: Rate
    change: Change
    #: Of those heard in the year before, as many as were heard again within the policy's months.
    again: Share


@dataclass(frozen=True)
class MeetingPart:
    """One meeting of the period."""

    meeting: MeetingRow
    conference: str
    #: "Monthly meeting", in words.
    kind: str
    counts: Counts


@dataclass(frozen=True)
class QuarterPart:
    """Three months of the chart."""

    period: Period
    counts: Counts


@dataclass(frozen=True)
class AgencyPart:
    """An agency in the rolling year: what it referred, whether it came, what it did."""

    name: str
    kind: str
    referred: int
    referred_in_period: int
    came: Came
    actions: Actions


@dataclass(frozen=True)
class Return:
    """The return of a period, with the rolling year that ends with it."""

    at: datetime
    period: Period
    year: Period
    before: Period
    #: Whose hearing again was looked for, and within how many months.
    cohort: Period
    repeat_months: int
    whole: Part
    conferences: tuple[Part, ...]
    meetings: tuple[MeetingPart, ...]
    quarters: tuple[QuarterPart, ...]
    agencies: tuple[AgencyPart, ...]
    names: Mapping[int, str]

    @property
    def is_over(self) -> bool:
        """Whether its last day is over: until then figures may still grow."""
        return self.period.until <= self.at

    @property
    def parts(self) -> tuple[Part, ...]:
        """All together, then each; one alone stands once."""
        return self.conferences if len(self.conferences) == 1 else (self.whole, *self.conferences)
