"""Whom messages are about: by our own reference, by that system's number, by the run they name.

Nobody is recognised by name here: a name only offers candidates, and a person decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from perpetrators.messages import Message
from perpetrators.models import CustodyEpisode, OutsideIdentity
from victims.models import Person

#: Any number that nothing else here locks by: who matches waits for batches under way.
_MATCHING = 7_204_001
#: Whoever gives unknown people their clocks does so alone: each of them has one.
_WAITING = 7_204_002


@dataclass(frozen=True, slots=True)
class Match:
    """`person_id` None: nobody is known by what the message says; `because` says how or why."""

    person_id: int | None
    because: str = ""
    #: What it names belongs to different people, or to nobody.
    is_contradicted: bool = False


def batch_under_way() -> None:
    """Until this transaction ends, nobody says whom a number is of."""
    _lock("pg_advisory_xact_lock_shared", _MATCHING)


def saying_whom() -> None:
    """Wait for batches under way, and let no other begin until this transaction ends."""
    _lock("pg_advisory_xact_lock", _MATCHING)


def one_at_a_time() -> None:
    """Wait for whoever gives unknown people their clocks, until this transaction ends."""
    _lock("pg_advisory_xact_lock", _WAITING)


def _lock(function: str, number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [number])


def whom(messages: Sequence[Message]) -> dict[tuple[str, str], Match]:
    """For each message, by its key, whom it is about. At most four queries, by index."""
    people = _by_reference({one.person for one in messages if one.person})
    numbers = _by_number(messages)
    runs = {(row.system, row.custody_number): row.person_id for row in numbered_runs(messages)}
    episodes = {row.reference: row.person_id for row in named_runs(messages)}
    found: dict[tuple[str, str], Match] = {}
    for one in messages:
        said = {
            f"reference {one.person}": people.get(one.person),
            f"number {one.person_number}": numbers.get((one.system, one.person_number)),
            f"custody record {one.custody_number}": runs.get((one.system, one.custody_number)),
            f"custody record {one.episode}": episodes.get(one.episode),
        }
        found[one.key] = _agreed({why: pk for why, pk in said.items() if pk is not None}, one)
    return found


def _agreed(said: dict[str, int], message: Message) -> Match:
    unknown = [
        f"{reference} is no reference of ours"
        for reference, how in [(message.person, "reference"), (message.episode, "custody record")]
        if reference and f"{how} {reference}" not in said
    ]
    if unknown:
        return Match(None, "; ".join(unknown), is_contradicted=True)
    if len(set(said.values())) > 1:
        named = ", ".join(said)
        return Match(None, f"These belong to different people: {named}", is_contradicted=True)
    if said:
        return Match(next(iter(said.values())), f"Known by {' and '.join(said)}")
    return Match(None)


def numbered_runs(messages: Collection[Message]) -> list[CustodyEpisode]:
    """Runs by the numbers that their systems give them."""
    wanted = {(one.system, one.custody_number) for one in messages if one.custody_number}
    if not wanted:
        return []
    rows = CustodyEpisode.objects.filter(
        system__in={system for system, _ in wanted},
        custody_number__in={number for _, number in wanted},
    )
    return [row for row in rows if (row.system, row.custody_number) in wanted]


def named_runs(messages: Collection[Message]) -> list[CustodyEpisode]:
    """Runs by our own references."""
    wanted = {one.episode for one in messages if one.episode}
    return list(CustodyEpisode.objects.filter(reference__in=wanted)) if wanted else []


def _by_reference(references: set[str]) -> dict[str, int]:
    if not references:
        return {}
    rows = Person.objects.filter(reference__in=references)
    return dict(rows.values_list("reference", "pk"))


def _by_number(messages: Collection[Message]) -> dict[tuple[str, str], int]:
    wanted = {(one.system, one.person_number) for one in messages if one.person_number}
    if not wanted:
        return {}
    rows = OutsideIdentity.objects.filter(
        system__in={system for system, _ in wanted}, number__in={number for _, number in wanted}
    )
    return {
        (system, number): person_id
        for system, number, person_id in rows.values_list("system", "number", "person_id")
    }
