"""Whoever nobody knows waits, and somebody answers for it: one clock for each unknown person."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from accounts.models import Team, User
from core import policy
from deadlines import bulk, kinds
from deadlines.models import Deadline
from perpetrators.deadlines.matching import MATCH
from perpetrators.models import CustodyEvent
from perpetrators.querysets import CustodyEventQuerySet
from perpetrators.services.receiving.whom import one_at_a_time

#: What tells unknown people apart: the system, which of its numbers, and the number.
Unknown = tuple[str, str, str]
#: The names of those numbers in a message, the telling one first.
NUMBERS = ("person_number", "custody_number")


def unknown_of(event: CustodyEvent) -> Unknown:
    """The unknown person of a waiting message; one that names no number stands for itself."""
    for name in NUMBERS:
        if number := event.content.get(name):
            return event.system, name, str(number)
    return event.system, "message_id", event.message_id


def same_numbers(system: str, content: Iterable[dict[str, object]]) -> CustodyEventQuerySet:
    """What waits of one system and names any number that these messages name."""
    said = list(content)
    same = Q(pk__in=[])
    for name in NUMBERS:
        if wanted := {one[name] for one in said if one.get(name)}:
            same |= Q(**{f"content__{name}__in": sorted(map(str, wanted))})
    return CustodyEvent.objects.unmatched().filter(same, system=system)


def watch(rows: Sequence[CustodyEvent], *, actor: User, at: datetime) -> None:
    """Start a clock for each unknown person of these waiting messages who has none yet.

    The custody team of whoever sent them has it, else the first custody team.
    """
    if not rows:
        return
    one_at_a_time()
    first = {unknown_of(row): row for row in reversed(rows)}
    for unknown in _watched(rows):
        first.pop(unknown, None)
    if not first:
        return
    rules, kind, team_id = policy.at(at), kinds.get(MATCH), _team(actor)
    runs = [
        bulk.Run(
            subject_id=row.pk,
            reference=row.reference,
            victim_id=None,
            team_id=team_id,
            owner_id=None,
            started_at=at,
            due_at=kind.due(at, rules),
            basis=kind.basis(at, rules),
        )
        for row in first.values()
    ]
    bulk.start_many(kind=MATCH, runs=runs, actor=actor, at=at, rules=rules)


def settle(rows: Collection[CustodyEvent], *, actor: User, at: datetime) -> None:
    """Somebody said whom these are about, or that it is nobody: their clocks end.

    What still waits under the same numbers has a clock of its own from now on.
    """
    bulk.meet_many(kind=MATCH, subject_ids=[row.pk for row in rows], actor=actor, at=at)
    left: list[CustodyEvent] = []
    for system in {row.system for row in rows}:
        said = [row.content for row in rows if row.system == system]
        left += same_numbers(system, said).order_by("pk")
    if left:
        watch(left, actor=actor, at=at)


def _watched(rows: Sequence[CustodyEvent]) -> set[Unknown]:
    """Those of the unknown people whose clock runs already."""
    running = Deadline.objects.open().filter(
        kind=MATCH, subject_type="perpetrators.custodyevent", subject_id=OuterRef("pk")
    )
    found: set[Unknown] = set()
    for system in {row.system for row in rows}:
        said = [row.content for row in rows if row.system == system]
        watched = same_numbers(system, said).filter(Exists(running))
        found |= {unknown_of(row) for row in watched}
    return found


def _team(actor: User) -> int | None:
    teams = Team.objects.filter(kind=Team.Kind.CUSTODY).order_by("pk").values_list("pk", flat=True)
    ids = list(teams)
    return actor.team_id if actor.team_id in ids else next(iter(ids), None)
