"""All that is said when a case is proposed."""

from dataclasses import dataclass

from accounts.models import Agency
from marac.models import MaracCase
from marac.repeats import Pair
from risk.conference import Criterion
from victims.models import Person, Victim

Source = MaracCase.Source
#: Whose referral it may be when somebody asks for it, and by doing so reports abuse.
BY_HAND = (Source.WORKER, Source.AGENCY, Source.TRANSFER)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """Checked, and what the rules make of it; nothing is written yet."""

    victim: Victim
    perpetrator: Person | None
    pair: Pair
    source: str
    words: str
    below_reason: str
    agency: Agency
    children: int
    #: Somebody asks for it; else a rule does.
    is_by_hand: bool
    criteria: tuple[Criterion, ...]
