"""Who has been what to whom before: laid side by side when each accuses the other.

The aid counts and says; it never computes who is right. One act of violence can be defence, and the
person with injuries need not be the one in danger: history, injuries, fear of what comes next and
control are weighed by an officer, in their own words (recommendations 12 and 14).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from core import policy
from core.clock import months_before
from incidents.company import Company, Role
from incidents.models import Incident, Involvement

#: Answers of earlier calls that speak of control, in the words of the aid.
INDICATORS: dict[str, str] = {
    "control": "control of money, contact or movements",
    "coercion": "fear of what follows a no",
    "strangled": "grip on the neck",
    "threats": "threats to kill or hurt",
}


@dataclass(frozen=True)
class Count:
    """So many incidents in the repeat period, and ever."""

    recent: int = 0
    ever: int = 0


@dataclass(frozen=True)
class Side:
    """One of the two, as the records know them. Earlier incidents only, this one left out."""

    person: str
    name: str
    #: What the call named them as.
    named_as: str
    as_victim: Count
    as_perpetrator: Count
    #: As victim of the other one, and the other way round.
    harmed_by_other: Count
    harmed_other: Count
    #: Signs of control said in calls about them as victim, by indicator: how many calls.
    control_suffered: Mapping[str, int]
    #: The same in calls where they were complained of.
    control_used: Mapping[str, int]

    @property
    def history_in_words(self) -> str:
        """Roles before, as a sentence; an inversion is said as what it is."""
        return _history(self)

    @property
    def is_inverted(self) -> bool:
        """Now in the role that they never had before, having had the other."""
        was, never = self.as_victim.ever, self.as_perpetrator.ever
        if self.named_as == Role.VICTIM:
            was, never = never, was
        return bool(was) and not never

    @property
    def is_turned_by_claim(self) -> bool:
        """A counter-allegation puts them for the first time where they never stood before."""
        if self.named_as == Role.VICTIM:
            return bool(self.as_victim.ever) and not self.as_perpetrator.ever
        return bool(self.as_perpetrator.ever) and not self.as_victim.ever

    @property
    def suffered_in_words(self) -> list[str]:
        return _signs(self.control_suffered)

    @property
    def used_in_words(self) -> list[str]:
        return _signs(self.control_used)


@dataclass(frozen=True)
class Aid:
    """Both sides, the first-named victim first."""

    sides: tuple[Side, Side]
    months: int

    def as_detail(self) -> dict[str, Any]:
        """The numbers as they stood, for the audit."""
        return {"months": self.months, "sides": [asdict(side) for side in self.sides]}


@dataclass(frozen=True)
class _Before:
    """A role in one earlier incident."""

    person_id: int
    role: str
    incident_id: int
    is_recent: bool
    signs: frozenset[str]


def aid_for(incident: Incident, company: Company, at: datetime) -> Aid | None:
    """What is on record about the two; None while one of them is not named. Two queries."""
    if company.pair is None:
        return None
    harmed, accused = company.pair
    months = policy.at(at).repeat_months
    before = _before(incident, (harmed.person_id, accused.person_id), months)
    here = frozenset(_signs_in(incident.answers))
    return Aid(
        (
            _side(harmed, accused, before, suffered=here, used=frozenset()),
            _side(accused, harmed, before, suffered=frozenset(), used=here),
        ),
        months,
    )


def _before(incident: Incident, people: tuple[int, int], months: int) -> list[_Before]:
    since = months_before(incident.received_at, months)
    rows = (
        Involvement.objects.filter(
            person__in=people,
            role__in=[Role.VICTIM, Role.PERPETRATOR],
            received_at__lte=incident.received_at,
        )
        .exclude(incident=incident)
        .values_list("person", "role", "incident", "received_at", "incident__answers")
    )
    return [
        _Before(person, role, row, received > since, frozenset(_signs_in(answers)))
        for person, role, row, received, answers in rows
    ]


def _signs_in(answers: Mapping[str, str]) -> Iterable[str]:
    return (code for code in INDICATORS if answers.get(code) == "yes")


def _side(
    one: Involvement,
    other: Involvement,
    before: list[_Before],
    *,
    suffered: frozenset[str],
    used: frozenset[str],
) -> Side:
    victim = [r for r in before if r.person_id == one.person_id and r.role == Role.VICTIM]
    accused = [r for r in before if r.person_id == one.person_id and r.role == Role.PERPETRATOR]
    theirs = [r for r in before if r.person_id == other.person_id]
    other_accused = {r.incident_id for r in theirs if r.role == Role.PERPETRATOR}
    other_harmed = {r.incident_id for r in theirs if r.role == Role.VICTIM}
    return Side(
        person=one.person.reference,
        name=str(one.person),
        named_as=one.role,
        as_victim=_count(victim),
        as_perpetrator=_count(accused),
        harmed_by_other=_count(r for r in victim if r.incident_id in other_accused),
        harmed_other=_count(r for r in accused if r.incident_id in other_harmed),
        control_suffered=_tally([*(r.signs for r in victim), suffered]),
        control_used=_tally([*(r.signs for r in accused), used]),
    )


def _count(rows: Iterable[_Before]) -> Count:
    recent = {row.incident_id: row.is_recent for row in rows}
    return Count(recent=sum(recent.values()), ever=len(recent))


def _tally(signs: Iterable[frozenset[str]]) -> dict[str, int]:
    found = [code for one in signs for code in one]
    return {code: found.count(code) for code in INDICATORS if code in found}


def _signs(tally: Mapping[str, int]) -> list[str]:
    return [
        f"{INDICATORS[code]}: {number} call{'' if number == 1 else 's'}"
        for code, number in tally.items()
    ]


def _history(side: Side) -> str:
    victim, accused = side.as_victim.ever, side.as_perpetrator.ever
    if not victim and not accused:
        return "Not named in any earlier incident."
    if not accused:
        return f"Named as victim in {_incidents(victim)}, never as perpetrator."
    if not victim:
        return f"Named as perpetrator in {_incidents(accused)}, never as victim."
    return f"Named as victim in {_incidents(victim)}, and as perpetrator in {accused}."


def _incidents(number: int) -> str:
    return f"{number} earlier incident{'' if number == 1 else 's'}"
