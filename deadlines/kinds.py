"""The kinds of deadline. Owning apps declare theirs in `deadlines.py`; the engine is one."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.urls import NoReverseMatch, reverse

from accounts.roles import Role
from core import working_time
from core.clock import local
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told at a rung of the ladder: "owner", "team_supervisor", "role" with its group, or
    "named" with what the kind itself calls them.
    """

    who: str
    role: str = ""


#: The person who has it, or every member of the team while nobody (or nobody still here) has it.
OWNER = Recipient("owner")
#: Whoever leads the team that has it.
TEAM_SUPERVISOR = Recipient("team_supervisor")


def role(name: Role) -> Recipient:
    """Everybody who holds the role."""
    return Recipient("role", name.value)


def named(what: str) -> Recipient:
    """Whoever the kind's own `named` names for each subject: the chair of *that* conference."""
    return Recipient("named", what)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The rule of one duty where its kind alone does not say: it depends on the grade, say.

    `reminders` are instants that take the place of the policy's warnings: a week, a day and an hour
    before a release.
    """

    clock: Clock
    allowance: Allowance
    runs_from: str
    source: str
    reminders: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Countdown:
    """What the reminders of one duty count down to: "Release", its instant, and when in words."""

    what: str
    at: datetime
    words: str


#: Stands in a path where the subject's reference goes.
PLACEHOLDER = "XX-0000-000000"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of duty: its clock, its allowance, who is told, and where the rule comes from.

    `ladder[0]` is told of the warnings and when the time is over, `ladder[1]` at the first of the
    policy's ladder hours after that, and so on; rungs beyond the last hour are told with it.
    `still_owed` answers, of these subject ids, which are still to be done; the sweep asks it before
    it tells anybody. `url_name` takes the subject's reference. `runs_from` and `source` are words
    of the basis: "72 hours from submission, ... (force policy)". `warn_percent` is given only where
    the policy's warnings would be noise: a clock of minutes that boards show anyway. `counts_to`
    says, of these subject ids, what their reminders count down to, where that is not the due time:
    then one says "Release in a week" and not how much of the time is used. `named` answers, for
    what a rung's `named(what)` says and these subject ids, which people are meant (their keys).
    `for_partners`: whoever has it, and their team, see it and what is told of it although they may
    not see the victim's record; never where the victim is withheld from them.
    """

    code: str
    name: str
    subject_type: str
    url_name: str
    allowance: Callable[[ForcePolicy], Allowance]
    ladder: tuple[tuple[Recipient, ...], ...]
    source: str
    still_owed: Callable[[Sequence[int]], set[int]]
    clock: Clock = Clock.ELAPSED
    runs_from: str = ""
    may_pause: bool = False
    warn_percent: tuple[int, ...] | None = None
    reminders: tuple[datetime, ...] = ()
    counts_to: Callable[[Sequence[int]], Mapping[int, Countdown]] | None = None
    named: Callable[[str, Sequence[int]], Mapping[int, Collection[int]]] | None = None
    for_partners: bool = False
    tells_partners: bool = False

    def __post_init__(self) -> None:
        if not self.ladder or not all(self.ladder):
            raise ValueError(f"{self.code}: every rung of the ladder names somebody")
        if self.named is None and self.named_recipients:
            raise ValueError(f"{self.code}: it does not say who is named")
        if self.may_pause and self.clock is not Clock.ELAPSED:
            raise ValueError(f"{self.code}: only elapsed time can be paused")
        if len(self.source) > 120 or len(self.runs_from) > 60 or len(self.name) > 60:
            raise ValueError(f"{self.code}: its words are too long")

    @property
    def named_recipients(self) -> set[str]:
        """What its ladder calls the people whom the kind itself names."""
        return {one.role for rung in self.ladder for one in rung if one.who == "named"}

    def under(self, terms: Terms | None) -> "Kind":
        """The kind with the rule of one duty in place of its own."""
        if terms is None:
            return self
        return replace(
            self,
            clock=terms.clock,
            allowance=lambda policy: terms.allowance,
            runs_from=terms.runs_from,
            source=terms.source,
            reminders=terms.reminders,
            may_pause=self.may_pause and terms.clock is Clock.ELAPSED,
        )

    def due(self, started_at: datetime, policy: ForcePolicy) -> datetime:
        """When the allowance is used up (UTC). On the fixed clock `started_at` is the instant."""
        return working_time.due(
            self.clock, started_at, self.allowance(policy), calendar=policy.calendar
        )

    def begins(self, started_at: datetime, due_at: datetime, at: datetime) -> datetime:
        """When time begins to run: on the fixed clock now, since its instant lies ahead."""
        return min(at, due_at) if self.clock is Clock.FIXED else started_at

    def basis(self, started_at: datetime, policy: ForcePolicy) -> str:
        """The rule with its numbers: "72 hours from submission, 21 Nov 2026 02:10 (policy)"."""
        amount = working_time.describe(self.clock, self.allowance(policy))
        joint = "" if self.clock is Clock.FIXED else "from "
        origin = f"{self.runs_from}, " if self.runs_from else ""
        there = local(started_at)
        return f"{amount} {joint}{origin}{there.day} {there:%b %Y %H:%M} ({self.source})"

    def warnings(self, policy: ForcePolicy) -> list[int]:
        """Per cent of the allowance at which it is warned of, in order."""
        percents = policy.warn_percent if self.warn_percent is None else self.warn_percent
        return sorted({percent for percent in percents if percent < 100})

    def steps(self, begins: datetime, due_at: datetime, policy: ForcePolicy) -> list[datetime]:
        """The instants of warnings, of the breach (always `due_at` itself) and of the ladder."""
        if self.reminders:
            points = tuple(sorted(instant for instant in self.reminders if instant > begins))
        else:
            parts = [percent / 100 for percent in self.warnings(policy)]
            points = working_time.fraction_points(begins, due_at, parts)
        warnings = [instant for instant in points if instant < due_at]
        hours = sorted(set(policy.ladder_hours))[: len(self.ladder) - 1]
        return [*warnings, due_at, *(due_at + timedelta(hours=hour) for hour in hours)]

    def path(self, reference: str) -> str:
        """The page of the subject; "Waiting for you" where that page is not to be had."""
        try:
            return reverse(self.url_name, args=[reference])
        except NoReverseMatch:
            return reverse("deadlines:waiting")


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known. Raises ValueError when another kind has the code already."""
    known = _kinds.get(kind.code)
    if known is not None and (known.subject_type, known.name) != (kind.subject_type, kind.name):
        raise ValueError(f"there are two kinds of deadline called {kind.code}")
    _kinds[kind.code] = kind
    return kind


def get(code: str) -> Kind:
    """The kind of a code. Raises LookupError for one that no app declares."""
    try:
        return _kinds[code]
    except KeyError:
        raise LookupError(f"no app declares the kind of deadline {code!r}") from None


def everything() -> Iterator[Kind]:
    """All kinds in order of their names."""
    return iter(sorted(_kinds.values(), key=lambda kind: kind.name))


def for_partners() -> list[str]:
    """The codes of kinds that partners have to keep without seeing a victim's record."""
    return sorted(kind.code for kind in _kinds.values() if kind.for_partners)


def told_to_partners() -> list[str]:
    """The codes of kinds of which partners are told without seeing a victim's record."""
    told = (kind.code for kind in _kinds.values() if kind.for_partners or kind.tells_partners)
    return sorted(told)
