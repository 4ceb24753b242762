"""What agencies refer, as pages and the API show it: the agency's own list, and who it may be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from referrals.models import AgencyReferral, Referral
from referrals.services.incoming.recognising import offered
from victims.matching import Candidate
from victims.models import Person, Victim

State = Referral.State
#: What an agency reads of the state of what it sent.
STATES: Mapping[str, str] = {
    State.WAITING: "Received",
    State.CLAIMED: "Being worked on",
    State.COMPLETED: "Finished",
}
#: How the list's filter names them in the address.
FILTERS: Mapping[str, str] = {
    "received": State.WAITING,
    "worked-on": State.CLAIMED,
    "finished": State.COMPLETED,
}


@dataclass(frozen=True)
class Sent:
    """One of an agency's own referrals, as one of its people may read it.

    Where the victim is withheld from them it stays as it was when they sent it: received, without
    an answer, whatever became of it.
    """

    incoming: AgencyReferral
    #: Of the referral, as `Referral.State` has it.
    state: str
    answer: str

    @property
    def words(self) -> str:
        """Received, being worked on, finished."""
        return STATES[self.state]


def sent_by_agency_of(user: User, state: str = "") -> QuerySet[AgencyReferral]:
    """What the agency of this person sent, the newest first; nothing else of any victim."""
    rows = AgencyReferral.objects.of_agency_of(user).select_related("referral", "sent_by")
    if state in FILTERS:
        kept = Q(victim__in=sorted(user.withheld_victims))
        stands = ~kept & Q(referral__state=FILTERS[state])
        rows = rows.filter(stands | kept if FILTERS[state] == State.WAITING else stands)
    return rows.order_by("-sent_at", "-pk")


def as_sent(incoming: AgencyReferral, reader: User) -> Sent:
    """What this reader may know of it. The row with its referral; no query."""
    if incoming.victim_id in reader.withheld_victims:
        return Sent(incoming, State.WAITING, "")
    return Sent(incoming, incoming.referral.state, incoming.answer)


@dataclass(frozen=True)
class Possible:
    """Somebody on record who may be meant, and their victim's record if there is one."""

    candidate: Candidate
    victim: Victim | None


def possible(incoming: AgencyReferral, reader: User) -> list[Possible]:
    """Whom the agency may mean, strongest first; nobody who is withheld from the reader."""
    found: Sequence[Candidate] = offered(incoming)
    ids = [one.person_id for one in found]
    people: dict[int, Any] = {
        person.pk: person
        for person in Person.objects.visible_to(reader).filter(pk__in=ids).select_related("victim")
    }
    return [
        Possible(one, getattr(people[one.person_id], "victim", None))
        for one in found
        if one.person_id in people
    ]
