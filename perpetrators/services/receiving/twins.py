"""One thing told twice, by hand and by a system: both records stay, what it causes happens once.

Two records are of one thing where two sources say the same kind of the same person, either so close
together that clocks and typing explain it (the force's own limit for what is late), or in one run
within a day with nothing else between them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from perpetrators.messages import HERE, Kind
from perpetrators.models import CustodyEvent
from perpetrators.services.receiving.deliveries import Delivery

#: In one run: told further apart than this, it happened twice.
IN_ONE_RUN = timedelta(days=1)
#: Hearings and plans are brought in line row by row, and cause nothing by being told twice.
_KEPT_ELSEWHERE = frozenset(
    {Kind.COURT_DATE, Kind.COURT_DATE_VACATED, Kind.RELEASE_PLANNED, Kind.RELEASE_CANCELLED}
)


@dataclass(frozen=True, slots=True)
class Told:
    """One record of something that happened."""

    key: tuple[str, str]
    person_id: int
    kind: str
    happened_at: datetime
    episode_id: int | None

    @property
    def system(self) -> str:
        return self.key[0]

    @property
    def what(self) -> str:
        """A prison and a custody suite call a release each by its own name."""
        return Kind.RELEASE if self.kind == Kind.PRISON_RELEASE else self.kind


def told_before(deliveries: Sequence[Delivery]) -> list[Told]:
    """What is on record of these people about the time of these messages. One query, by index."""
    when = [one.message.happened_at for one in deliveries]
    rows = CustodyEvent.objects.filter(
        person__in={one.person_id for one in deliveries},
        state=CustodyEvent.State.APPLIED,
        happened_at__range=(min(when) - IN_ONE_RUN, max(when) + IN_ONE_RUN),
    ).values_list("system", "message_id", "person_id", "kind", "happened_at", "episode_id")
    return [
        Told((system, name), person_id or 0, kind, happened_at, episode_id)
        for system, name, person_id, kind, happened_at, episode_id in rows
        if kind not in _KEPT_ELSEWHERE
    ]


def runs_of_twins(
    deliveries: Iterable[Delivery], before: Iterable[Told], late: timedelta
) -> dict[tuple[str, str], int]:
    """For messages whose run is not known by name: the run in which the same is on record already.

    One of the two was recorded here: two systems' own numbers are never thrown together.
    """
    of_person = _by_person(before)
    found: dict[tuple[str, str], int] = {}
    for one in deliveries:
        own = _told(one)
        for other in of_person[one.person_id]:
            by_hand = HERE in (own.system, other.system)
            if by_hand and other.episode_id and _same_moment(own, other, late):
                found[own.key] = other.episode_id
    return found


def repeats(
    deliveries: Sequence[Delivery], before: Iterable[Told], late: timedelta
) -> set[tuple[str, str]]:
    """The messages (by key) that say what another source said before; their runs are known."""
    said = _by_person(before)
    known = {person_id: list(rows) for person_id, rows in said.items()}
    everything = _by_person([*before, *(_told(one) for one in deliveries)])
    found = set()
    for one in deliveries:
        own = _told(one)
        if one.message.kind in _KEPT_ELSEWHERE:
            continue
        rows = known.setdefault(one.person_id, [])
        if any(_is_one(own, other, late, everything[one.person_id]) for other in rows):
            found.add(own.key)
        rows.append(own)
    return found


def _told(one: Delivery) -> Told:
    run = one.episode.pk if one.episode else None
    return Told(one.message.key, one.person_id, one.message.kind, one.message.happened_at, run)


def _by_person(rows: Iterable[Told]) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = defaultdict(list)
    for row in rows:
        found[row.person_id].append(row)
    return found


def _is_one(own: Told, other: Told, late: timedelta, everything: Iterable[Told]) -> bool:
    return _same_moment(own, other, late) or _same_turn(own, other, everything)


def _same_moment(own: Told, other: Told, late: timedelta) -> bool:
    return (
        own.system != other.system
        and own.what == other.what
        and abs(own.happened_at - other.happened_at) <= late
    )


def _same_turn(own: Told, other: Told, everything: Iterable[Told]) -> bool:
    if own.episode_id != other.episode_id or not _same_moment(own, other, IN_ONE_RUN):
        return False
    begin, end = sorted([own.happened_at, other.happened_at])
    return not any(
        row.episode_id == own.episode_id
        and row.what != own.what
        and row.kind not in _KEPT_ELSEWHERE
        and begin < row.happened_at < end
        for row in everything
    )
