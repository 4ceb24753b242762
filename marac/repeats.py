"""Whether the same two people were heard before, under whatever spelling, known to whom it may be.

A repeat is the same victim *and* the same perpetrator: any abuse known to any agency within so many
months (policy) of their last hearing, whatever the score; later than that it is a new referral. It
is not the police's repeat, which is either of the two and counts incidents. Records that are
probably one human being count as one, and those that somebody set apart do not.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from incidents.models import Involvement
from marac.models import Hearing, MaracCase
from marac.querysets import HearingQuerySet
from perpetrators.services.serial.alike import Called, Record, alike_to, likeness, records_of
from referrals.models import AgencyReferral
from risk.conference import Heard
from victims.models import Victim

Role = Involvement.Role


@dataclass(frozen=True, slots=True)
class Pair:
    """The victim and the perpetrator, each under every number that is probably theirs."""

    victims: frozenset[int]
    perpetrators: frozenset[int]


def pair_of(victim_id: int, perpetrator_id: int | None) -> Pair:
    """The two across spellings; none for a perpetrator whom nobody knows. Four queries at most."""
    person_id: int = Victim.objects.values_list("person", flat=True).get(pk=victim_id)
    asked = [person_id] if perpetrator_id is None else [person_id, perpetrator_id]
    found = alike_to(asked)
    same = {one: frozenset([one, *others]) for one, others in found.items()}
    nobody: frozenset[int] = frozenset()
    harms = nobody if perpetrator_id is None else same[perpetrator_id]
    return Pair(same[person_id], harms)


def last_heard(*, victim_id: int, perpetrator_id: int | None, before: datetime) -> Hearing | None:
    """The last hearing of the same two people that ended before an instant, across spellings.

    A meeting that only looked at a flag which ends did not hear them. None where nobody knows who
    harms the victim: nobody can say that it is the same person.
    """
    if perpetrator_id is None:
        return None
    return heard_of(pair_of(victim_id, perpetrator_id), before)


def heard_of(pair: Pair, before: datetime) -> Hearing | None:
    """As `last_heard`, of a pair. One query."""
    return (
        _heard()
        .filter(
            case__victim__person__in=pair.victims,
            case__perpetrator__in=pair.perpetrators,
            ended_at__lt=before,
        )
        .select_related("case", "meeting")
        .order_by("-ended_at")
        .first()
    )


def _heard() -> HearingQuerySet:
    return Hearing.objects.heard().exclude(part=Hearing.Part.FLAGS)


def heard_with_abuse(pair: Pair, at: datetime) -> Heard | None:
    """When a conference last heard the two, with every abuse known since. Four queries at most."""
    hearing = heard_of(pair, at)
    if hearing is None or hearing.ended_at is None:
        return None
    return Heard(hearing.ended_at, tuple(known_since(pair, hearing.ended_at, at)))


def known_since(pair: Pair, since: datetime, at: datetime) -> list[datetime]:
    """The instants of abuse of the one by the other that anybody reported after `since`."""
    return [*_incidents(pair, since, at), *_told_by_agencies(pair, since, at)]


def people_of(victim_id: int) -> frozenset[int]:
    """The victim across spellings: every person that is probably theirs. Four queries at most."""
    return pair_of(victim_id, None).victims


def heard_with_anybody(victims: frozenset[int], at: datetime) -> Heard | None:
    """As `heard_with_abuse`, of a victim across spellings with whomever the last hearing was."""
    last = (
        _heard()
        .filter(case__victim__person__in=victims, case__perpetrator__isnull=False, ended_at__lt=at)
        .order_by("-ended_at")
        .values_list("case__perpetrator", flat=True)
        .first()
    )
    if last is None:
        return None
    return heard_with_abuse(Pair(victims, frozenset([last, *alike_to([last])[last]])), at)


def named_in(words: str, person_ids: Collection[int]) -> int | None:
    """The one of these people whom words name, given and family name, spelt by ear or swapped.

    None where nobody, or more than one human being, is named. Two queries at most... as many as
    there are spellings are compared, since an agency writes a name as it heard it.
    """
    if not person_ids or not words.strip():
        return None
    said = _called_in(words)
    known = records_of(set(person_ids))
    found = sorted(pk for pk, record in known.items() if likeness(said, record, by_number=True))
    if len(found) > 1 and not set(found[1:]) <= set(alike_to(found[:1])[found[0]]):
        return None
    return found[0] if found else None


def who_harmed(victim_people: Collection[int]) -> set[int]:
    """Everybody on record as having harmed these people: in incidents, and in conference cases."""
    incidents = Involvement.objects.filter(person__in=victim_people, role=Role.VICTIM)
    people = Involvement.objects.filter(
        incident__in=incidents.values("incident"), role=Role.PERPETRATOR
    ).values_list("person", flat=True)
    cases = MaracCase.objects.filter(
        victim__person__in=victim_people, perpetrator__isnull=False
    ).values_list("perpetrator", flat=True)
    return set(people.union(cases)) - set(victim_people)


def _incidents(pair: Pair, since: datetime, at: datetime) -> list[datetime]:
    harmed = Involvement.objects.filter(
        person__in=pair.victims, role=Role.VICTIM, received_at__gt=since, received_at__lte=at
    )
    rows = Involvement.objects.filter(
        incident__in=harmed.values("incident"),
        person__in=pair.perpetrators,
        role=Role.PERPETRATOR,
    )
    return sorted(set(rows.values_list("received_at", flat=True)))


def _told_by_agencies(pair: Pair, since: datetime, at: datetime) -> list[datetime]:
    told = AgencyReferral.objects.filter(
        victim__person__in=pair.victims, sent_at__gt=since, sent_at__lte=at
    )
    rows = list(told.values_list("sent_at", "perpetrator"))
    known = records_of(pair.perpetrators) if rows else {}
    return [
        sent_at
        for sent_at, words in rows
        if any(likeness(_called_in(words), one, by_number=True) for one in known.values())
    ]


def _called_in(words: str) -> Record:
    """Every two words that stand together, as a name: what it is not meets nobody's."""
    parts = [part.strip("\"'().,;:!?") for part in words.split()]
    parts = [part for part in parts if part]
    pairs = tuple(Called(one, other) for one, other in pairwise(parts))
    return Record(0, "", None, None, "", pairs)
