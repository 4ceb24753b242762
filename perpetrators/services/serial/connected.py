"""How many unconnected victims somebody has. Pure: no database, no clock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from core.clock import months_before

#: Where somebody lives is believed for so many months after it was last said: partners who lived
#: with the same man one after the other are no household because nobody recorded that one left.
BELIEVED_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Complaint:
    """One incident in which the person was complained of, with everybody harmed in it."""

    incident_id: int
    at: datetime
    address_id: int | None
    victim_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Home:
    """A victim lived somewhere; `until` None: still."""

    victim_id: int
    address_id: int
    since: datetime
    until: datetime | None = None


def unconnected(
    complaints: Collection[Complaint],
    homes: Iterable[Home] = (),
    same: Iterable[Collection[int]] = (),
) -> int:
    """The largest number of victims of whom no two are connected with one another.

    Two victims are not connected when each of them was harmed at least once without the other: in
    an incident in which the other was not harmed too, at a time when the two shared no home. So a
    mother and a son who live together are one, two who were only ever harmed together are one, and
    partners one after the other are two. `same` are pairs of records that are probably one human
    being. A further incident, later than the others, never lowers the number.
    """
    table = _Connections(complaints, homes)
    pairs = {frozenset(pair) for pair in same}
    victims = sorted({victim for one in complaints for victim in one.victim_ids})
    joined: dict[int, set[int]] = {victim: set() for victim in victims}
    for one, other in combinations(victims, 2):
        if frozenset((one, other)) in pairs or not table.are_apart(one, other):
            joined[one].add(other)
            joined[other].add(one)
    return _most_apart(joined)


class _Connections:
    """Who was harmed when, and who lived where."""

    def __init__(self, complaints: Collection[Complaint], homes: Iterable[Home]) -> None:
        self.of: dict[int, list[Complaint]] = {}
        for complaint in complaints:
            for victim in complaint.victim_ids:
                self.of.setdefault(victim, []).append(complaint)
        self.homes: dict[int, list[Home]] = {}
        for home in homes:
            self.homes.setdefault(home.victim_id, []).append(home)

    def are_apart(self, one: int, other: int) -> bool:
        return self._harmed_without(one, other) and self._harmed_without(other, one)

    def _harmed_without(self, one: int, other: int) -> bool:
        return any(
            other not in complaint.victim_ids and not self._shared_home(one, other, complaint.at)
            for complaint in self.of[one]
        )

    def _shared_home(self, one: int, other: int, at: datetime) -> bool:
        return bool(self._homes_at(one, at) & self._homes_at(other, at))

    def _homes_at(self, victim: int, at: datetime) -> set[int]:
        """Where the victim lived then, by what was said not long before."""
        since = months_before(at, BELIEVED_MONTHS)
        return {
            home.address_id
            for home in self.homes.get(victim, ())
            if home.since <= at
            and (home.until is None or home.until > at)
            and self._last_said(home, at) >= since
        }

    def _last_said(self, home: Home, at: datetime) -> datetime:
        there = [
            complaint.at
            for complaint in self.of[home.victim_id]
            if complaint.address_id == home.address_id and complaint.at <= at
        ]
        return max([home.since, *there])


def _most_apart(joined: Mapping[int, set[int]]) -> int:
    """The size of the largest set of which no two are joined. Few victims: found exactly.

    One whose joined are all joined with one another can always be taken in their place (a household
    is no more than that); where there is none, the most joined is tried in and out.
    """
    left = {victim: set(others) for victim, others in joined.items()}
    counted = 0
    while left:
        taken = next((one for one in left if _all_joined(left, left[one])), None)
        if taken is None:
            most = max(left, key=lambda victim: (len(left[victim]), -victim))
            with_it = 1 + _most_apart(_without(left, {most, *left[most]}))
            return counted + max(with_it, _most_apart(_without(left, {most})))
        counted += 1
        left = _without(left, {taken, *left[taken]})
    return counted


def _all_joined(joined: Mapping[int, set[int]], those: set[int]) -> bool:
    return all(other in joined[one] for one, other in combinations(those, 2))


def _without(joined: Mapping[int, set[int]], gone: set[int]) -> dict[int, set[int]]:
    return {victim: others - gone for victim, others in joined.items() if victim not in gone}
