"""What is counted, as plain rows: no name and no reference of anybody is among them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Born:
    """When somebody was born, as far as it is known: the day, or only the year, or neither."""

    on: date | None = None
    year: int | None = None

    def ages(self, day: date) -> tuple[int, int] | None:
        """The least and the most years that they can have reached by a day; None: not known.

        Whoever was born on 29 February reaches the next year of age on 1 March.
        """
        if self.on is not None:
            had_birthday = (day.month, day.day) >= (self.on.month, self.on.day)
            age = day.year - self.on.year - (not had_birthday)
            return age, age
        if self.year is not None:
            return day.year - self.year - 1, day.year - self.year
        return None

    def is_aged(self, least: int, most: int, day: date) -> bool | None:
        """Whether they are of such an age on a day; None where nobody can say."""
        ages = self.ages(day)
        if ages is None:
            return None
        inside = [least <= age <= most for age in ages]
        return inside[0] if inside[0] == inside[1] else None


@dataclass(frozen=True, slots=True)
class HeardRow:
    """A case that a meeting concluded."""

    meeting: int
    conference: int
    case: int
    #: The case whose hearing makes this one a repeat.
    repeat_of: int | None
    victim: int
    perpetrator: int | None
    #: The day on which the meeting began.
    held_on: date
    proposed_on: date
    #: A flag that reaches twelve months was looked at: no case of the return.
    is_flag: bool = False
    is_repeat: bool = False
    #: No meeting had heard this case before.
    is_first: bool = True
    children: int = 0
    agency: int = 0
    agency_kind: str = "police"
    sex: str = "unknown"
    victim_born: Born = Born()
    perpetrator_born: Born = Born()
    minority_ethnic: str = "not_known"
    lgbt: str = "not_known"
    disability: str = "not_known"


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """A meeting that was held."""

    pk: int
    conference: int
    reference: str
    kind: str
    held_on: date


@dataclass(frozen=True, slots=True)
class ActionRow:
    """So many actions of one agency that a meeting agreed, alike in what became of them."""

    meeting: int
    agency: int
    state: str
    #: Settled before the end of its day.
    in_time: bool
    #: Open although its day is over.
    overdue: bool
    number: int


@dataclass(frozen=True, slots=True)
class InvitedRow:
    """An agency's invitation to a meeting that was held, and what came of it."""

    meeting: int
    agency: int
    state: str


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """Adult women who live where a conference hears cases."""

    conference: int
    year: int
    adult_women: int
    source: str
