"""Whom people harmed within the policy's years, under whatever spelling they are on record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import connection

from core.clock import local, months_before
from core.policy import ForcePolicy
from perpetrators.services.serial.alike import Alike, Record, alike_to, records_of
from perpetrators.services.serial.connected import Complaint, Home, unconnected
from victims.models import Residence

#: What the persons were complained of in since an instant, with everybody harmed in it. Nobody is
#: their own victim.
_COMPLAINTS = """
SELECT p.person_id, i.id, i.logged_at, i.received_at, i.address_id, i.area_id,
       v.victim_id, v.person_id
  FROM incidents_involvement p
  JOIN incidents_incident i ON i.id = p.incident_id
  JOIN incidents_involvement v ON v.incident_id = p.incident_id AND v.role = 'victim'
 WHERE p.person_id = ANY(%(people)s) AND p.role = 'perpetrator'
   AND p.received_at > %(since)s AND v.person_id <> p.person_id
 ORDER BY i.received_at, i.id
"""


@dataclass(frozen=True, slots=True)
class Harmed:
    """One victim of one incident in which somebody was complained of."""

    person_id: int
    incident_id: int
    logged_at: datetime
    received_at: datetime
    address_id: int | None
    area_id: int | None
    victim_id: int
    victims_person_id: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted for one person, with the records that are probably theirs too."""

    record: Record
    #: Other records with their references and why.
    alike: tuple[tuple[Record, str], ...]
    #: Everybody harmed within the years, connected or not.
    victim_ids: tuple[int, ...]
    #: How many of them are unconnected.
    count: int
    #: The first and the newest complaint within the years.
    first_at: datetime | None
    #: Where the newest was, for who is to plan.
    area_id: int | None

    @property
    def person_id(self) -> int:
        return self.record.person_id

    @property
    def group(self) -> tuple[int, ...]:
        """The person and the records that are probably theirs."""
        return (self.person_id, *(other.person_id for other, _ in self.alike))

    def basis(self, rules: ForcePolicy) -> str:
        """The rule with its numbers."""
        what = "victim" if self.count == 1 else "unconnected victims"
        since = f" since {_day(self.first_at)}" if self.first_at else ""
        return (
            f"{self.count} {what}{since} "
            f"(force policy: {rules.serial_victims} in {rules.serial_years} years)"
        )


def count(person_ids: Collection[int], *, at: datetime, rules: ForcePolicy) -> dict[int, Counted]:
    """How many unconnected victims each of these people has (see `connected.unconnected`).

    Counted are incidents of the policy's years before `at` in which the person, or a record that is
    probably theirs (see `alike`), was the perpetrator; they themselves are no victim of their own.
    The number of statements does not depend on how many people are asked for.
    """
    asked = set(person_ids)
    alike = alike_to(asked)
    members = asked | {other for others in alike.values() for other in others}
    records = records_of(members)
    harmed = _harmed(members, months_before(at, 12 * rules.serial_years))
    people = _may_be_several(asked, alike, harmed)
    homes = _homes(people)
    same = alike_to(set(people.values()))
    return {
        pk: _counted(pk, records, alike, harmed, homes, people, same)
        for pk in asked
        if pk in records
    }


def _counted(
    person_id: int,
    records: Mapping[int, Record],
    alike: Alike,
    harmed: Mapping[int, list[Harmed]],
    homes: Mapping[int, list[Home]],
    people: Mapping[int, int],
    same: Alike,
) -> Counted:
    others = sorted(alike[person_id].items())
    group = {person_id, *alike[person_id]}
    rows = [
        row for one in group for row in harmed.get(one, ()) if row.victims_person_id not in group
    ]
    victims = sorted({row.victim_id for row in rows})
    complaints = _complaints(rows)
    number = (
        min(len(victims), 1)
        if len(victims) < 2
        else unconnected(
            complaints,
            [home for victim in victims for home in homes.get(victim, ())],
            [
                (one, other)
                for one, other in combinations(victims, 2)
                if people[other] in same[people[one]]
            ],
        )
    )
    newest = max(rows, key=lambda row: (row.received_at, row.incident_id), default=None)
    return Counted(
        record=records[person_id],
        alike=tuple((records[other], why) for other, why in others),
        victim_ids=tuple(victims),
        count=number,
        first_at=min((row.received_at for row in rows), default=None),
        area_id=newest.area_id if newest else None,
    )


def _may_be_several(
    asked: Collection[int], alike: Alike, harmed: Mapping[int, list[Harmed]]
) -> dict[int, int]:
    """The victims, with their persons, of whoever has more than one: most people have not."""
    several: dict[int, int] = {}
    for pk in asked:
        theirs = {
            row.victim_id: row.victims_person_id
            for one in (pk, *alike[pk])
            for row in harmed.get(one, ())
        }
        if len(theirs) > 1:
            several |= theirs
    return several


def _complaints(rows: Iterable[Harmed]) -> list[Complaint]:
    by_incident: dict[int, list[Harmed]] = defaultdict(list)
    for row in rows:
        by_incident[row.incident_id].append(row)
    return [
        Complaint(
            incident_id=incident_id,
            # Homes are recorded with the call, so that is the instant at which they are compared.
            at=those[0].logged_at,
            address_id=those[0].address_id,
            victim_ids=frozenset(row.victim_id for row in those),
        )
        for incident_id, those in by_incident.items()
    ]


def _harmed(people: Collection[int], since: datetime) -> dict[int, list[Harmed]]:
    found: dict[int, list[Harmed]] = defaultdict(list)
    if not people:
        return found
    with connection.cursor() as cursor:
        cursor.execute(_COMPLAINTS, {"people": sorted(people), "since": since})
        for values in cursor.fetchall():
            row = Harmed(*values)
            found[row.person_id].append(row)
    return found


def _homes(people: Mapping[int, int]) -> dict[int, list[Home]]:
    victim_of = {person: victim for victim, person in people.items()}
    found: dict[int, list[Home]] = defaultdict(list)
    if not people:
        return found
    for row in Residence.objects.filter(person__in=victim_of):
        victim = victim_of[row.person_id]
        found[victim].append(Home(victim, row.address_id, row.from_at, row.until_at))
    return found


def _day(instant: datetime) -> str:
    there = local(instant)
    return f"{there.day} {there:%b %Y}"
