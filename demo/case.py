"""One incident on its way through the year: what every part of the generator knows of it."""

from dataclasses import dataclass, field

from demo.answers import UNGRADED, Graded
from demo.households import Household, Someone, VictimRecord
from demo.plan import CrimeToCome, Event, Script, Stage
from demo.world import Crew, Worker
from incidents.models import Crime

CRIMES = {code: str(label).lower() for code, label in Crime.Category.choices}


@dataclass(slots=True)
class Request:
    """Closure asked for; `decided` is 0 while it waits."""

    asked: int
    decided: int = 0
    is_refused: bool = False


@dataclass(slots=True)
class Check:
    """A supervisor's look at the incident."""

    at: int
    is_action: bool = False


@dataclass(slots=True)
class Case:
    """One incident on its way through the year."""

    id: int
    reference: str
    event: Event
    home: Household
    script: Script
    stage: Stage
    victim: Someone
    perpetrator: Someone
    record: VictimRecord
    crew: Crew
    officer: Worker
    second: Worker
    handler: Worker
    received: int
    logged: int
    gravity: int
    crimes: list[CrimeToCome] = field(default_factory=list)
    children: int = 0
    earlier: int = 0
    grade: str = ""
    sent: int = 0
    arrived: int = 0
    recorded: int = 0
    submitted: int = 0
    reviewed: int = 0
    closed: int = 0
    non_crime: str = ""
    known: str = ""
    answers: str = "{}"
    owed: str = ""
    graded: Graded = UNGRADED
    override: str = ""
    #: Those of the household's children who are named in the call.
    kids: list[Someone] = field(default_factory=list)
    dropped: bool = False
    #: When somebody must be there, and the appointment that was made, if one was.
    attend_by: int = 0
    appointment: int = 0
    not_sent: str = ""
    #: The other one alleges against the victim: the record as a victim that this opened.
    counter: VictimRecord | None = None
    #: When each officer was free again.
    freed: int = 0
    requests: list["Request"] = field(default_factory=list)
    checks: list["Check"] = field(default_factory=list)

    @property
    def about(self) -> str:
        """As the referral says it."""
        if self.crimes:
            return ", ".join(dict.fromkeys(CRIMES[crime.category] for crime in self.crimes))
        if self.non_crime:
            return f"non-crime, {self.non_crime[0].lower()}{self.non_crime[1:]}"
        return "no crime recorded yet"
