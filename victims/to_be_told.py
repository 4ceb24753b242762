"""What must be told by when: to one victim, and in the list of whoever has it; by time left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounts.cover import stood_in_for
from accounts.models import User
from core import policy
from core.policy import ForcePolicy
from deadlines.models import Deadline
from victims import permissions, safe_way
from victims.deadlines.updates import TOLD
from victims.models import Contact, SafeContact, Victim, VictimUpdate
from victims.querysets import UpdateQuerySet
from victims.services.telling import is_ahead, is_owed, missing_attempts

WHOSE = ("mine", "team", "all")
#: Shown beside "at a glance"; more are behind the link.
NEXT = 3
ENDED_SHOWN = 25


@dataclass(frozen=True)
class ToTell:
    """One thing to be told, with the attempts since it was last announced or changed."""

    row: VictimUpdate
    attempts: Sequence[Contact]
    policy: ForcePolicy
    rules: safe_way.Rules | None = None
    basis: str = ""
    started_at: datetime | None = None

    @property
    def missing(self) -> int:
        """Attempts by a safe way that are missing before it may end as not reached."""
        return missing_attempts(self.attempts, self.policy)

    @property
    def needed(self) -> int:
        return self.policy.update_attempts

    @property
    def attempt_count(self) -> int:
        return len(self.attempts)

    @property
    def safe_attempts(self) -> int:
        return safe_way.how_many(self.attempts, self.policy.attempt_hours_apart)

    @property
    def is_ahead(self) -> bool:
        return is_ahead(self.row)


@dataclass(frozen=True)
class Ended:
    """One thing that is owed no more, and the contact in which it was told, if it was."""

    row: VictimUpdate
    told_in: Contact | None


@dataclass
class OfVictim:
    """Everything that one victim was ever to be told."""

    owed: list[ToTell] = field(default_factory=list)
    ended: list[Ended] = field(default_factory=list)
    more: bool = False


def owed_to(victim: Victim) -> UpdateQuerySet:
    """What must be told to one victim, least time left first."""
    return VictimUpdate.objects.owed().filter(victim=victim).order_by("due_at", "pk")


def owed_by(reader: User, at: datetime, *, whose: str = "mine") -> UpdateQuerySet:
    """What this person sees to be told, least time left first.

    "mine" is what they have, and what is of somebody for whom they stand in; "team" what the teams
    have to which they belong or which they lead.
    """
    rows = VictimUpdate.objects.visible_to(reader).owed()
    if whose == "mine":
        people = [reader.pk, *(absence.person_id for absence in stood_in_for(reader.pk, at))]
        rows = rows.filter(owner__in=people)
    elif whose == "team":
        rows = rows.filter(team__in=permissions.led_teams(reader))
    return rows.select_related("victim__person", "owner", "team").order_by("due_at", "pk")


def with_attempts(rows: Iterable[VictimUpdate], at: datetime) -> list[ToTell]:
    """The rows of a list with their attempts and how to reach each victim now. Three queries."""
    shown = list(rows)
    tries, rules = _attempts(shown), policy.at(at)
    contacts = {
        contact.victim_id: contact
        for contact in SafeContact.objects.filter(
            is_current=True, victim__in={row.victim_id for row in shown}
        )
    }
    return [
        ToTell(row, tries[row.pk], rules, safe_way.rules_of(contacts.get(row.victim_id), at))
        for row in shown
    ]


def of_victim(victim: Victim, at: datetime) -> OfVictim:
    """What is owed to one victim with its clocks and attempts, and what became of the rest."""
    ended = list(
        VictimUpdate.objects.filter(victim=victim, settled_at__isnull=False)
        .select_related("settled_by")
        .order_by("-settled_at", "-pk")[: ENDED_SHOWN + 1]
    )
    owed = list(owed_to(victim).select_related("owner", "team"))
    tries, rules = _attempts([*owed, *ended]), policy.at(at)
    clocks = {
        clock.subject_id: clock
        for clock in Deadline.objects.open().filter(victim=victim, kind=TOLD)
    }
    return OfVictim(
        [_with_clock(row, tries[row.pk], rules, clocks.get(row.pk)) for row in owed],
        [Ended(row, _told_in(tries[row.pk])) for row in ended[:ENDED_SHOWN]],
        len(ended) > ENDED_SHOWN,
    )


def one_of(row: VictimUpdate, at: datetime) -> ToTell:
    """One thing to be told, with its attempts."""
    return ToTell(row, _attempts([row])[row.pk], policy.at(at))


def _with_clock(
    row: VictimUpdate, tries: Sequence[Contact], rules: ForcePolicy, clock: Deadline | None
) -> ToTell:
    basis, started = (clock.basis, clock.started_at) if clock else ("", None)
    return ToTell(row, tries, rules, basis=basis, started_at=started)


def _attempts(rows: Sequence[VictimUpdate]) -> Mapping[int, list[Contact]]:
    """The attempts of each since it was last announced or changed, the newest first. One query."""
    since = {row.pk: row.recorded_at for row in rows}
    found: dict[int, list[Contact]] = defaultdict(list)
    links = (
        Contact.updates.through.objects.filter(victimupdate__in=since)
        .select_related("contact__by", "contact__safe_contact")
        .order_by("-contact__at", "-contact__pk")
    )
    for link in links:
        if link.contact.recorded_at >= since[link.victimupdate_id]:
            found[link.victimupdate_id].append(link.contact)
    return found


def _told_in(tries: Sequence[Contact]) -> Contact | None:
    reached = (one for one in tries if one.outcome == Contact.Outcome.REACHED)
    return next(reached, None)


def versions_of(rows: Iterable[VictimUpdate]) -> dict[int, int]:
    """What a form shows of these: number and version of each that is owed."""
    return {row.pk: row.version for row in rows if is_owed(row)}
