"""Who is responsible for a victim at this instant, and why: for the page and for the API."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from victims.duties import Named, all_named
from victims.models import Duty, Handover, Victim
from victims.services.duties import givable


@dataclass(frozen=True)
class Answering:
    """One duty: who answers now, whether the reader may hand it over, and whom it is offered to."""

    duty: Duty
    who: Named
    may_give: bool
    offer: Handover | None

    @property
    def why(self) -> str:
        """Why it is this person: it is theirs, or the words of why it is not."""
        return self.who.because or f"has it, {self.who.team}"


def answering(victim: Victim, reader: User, at: datetime) -> list[Answering]:
    """Contact, risk and safety plan, in this order."""
    names = all_named([victim], at)[victim.pk]
    mine = givable(reader, victim, names) if victim.closed_at is None else set()
    offers = {
        row.duty: row for row in victim.handovers.open().select_related("to_person").order_by("pk")
    }
    return [Answering(duty, names[duty], duty in mine, offers.get(duty)) for duty in Duty]
