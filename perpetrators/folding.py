"""What the events of one run of custody add up to. Pure: in any order in, the same out.

Events are taken in the order in which they happened, not in which they came: one that is told late
takes its place, and whatever happened after it still stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from perpetrators.messages import Kind, Message
from perpetrators.models import CustodyEpisode

State = CustodyEpisode.State

#: What comes first of two events at one instant: charged, then bailed; bailed, then released.
_SEQUENCE = {
    kind: place
    for place, kind in enumerate(
        [
            Kind.ARREST,
            Kind.BAIL_BREACH,
            Kind.CHARGE,
            Kind.REMAND,
            Kind.PRISON,
            Kind.COURT_DATE,
            Kind.COURT_DATE_VACATED,
            Kind.RELEASE_PLANNED,
            Kind.RELEASE_CANCELLED,
            Kind.BAIL,
            Kind.BAIL_CHANGE,
            Kind.UNDER_INVESTIGATION,
            Kind.RELEASE,
            Kind.PRISON_RELEASE,
            Kind.NO_FURTHER_ACTION,
        ]
    )
}

#: Where somebody is after each of these, whatever was before.
_LEADS_TO = {
    Kind.ARREST: State.DETAINED,
    Kind.BAIL: State.ON_BAIL,
    Kind.UNDER_INVESTIGATION: State.UNDER_INVESTIGATION,
    Kind.NO_FURTHER_ACTION: State.ENDED,
    Kind.REMAND: State.REMANDED,
    Kind.RELEASE: State.RELEASED,
    Kind.PRISON: State.PRISON,
    Kind.PRISON_RELEASE: State.RELEASED,
}
#: Where somebody must be for such an event, when nothing before it is known yet.
_TAKEN_FROM = {
    Kind.CHARGE: State.CHARGED,
    Kind.RELEASE_PLANNED: State.PRISON,
    Kind.RELEASE_CANCELLED: State.PRISON,
    Kind.BAIL_CHANGE: State.ON_BAIL,
    Kind.BAIL_BREACH: State.ON_BAIL,
}


@dataclass(frozen=True, slots=True)
class Release:
    """The release that is planned, was done, or was called off. `expected_at` None: not planned."""

    expected_at: datetime | None
    day_only: bool = False
    released_at: datetime | None = None
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing as it is listed now."""

    listing: str
    at: datetime
    court: str = ""
    hearing: str = ""
    is_vacated: bool = False


@dataclass(frozen=True, slots=True)
class Folded:
    """Where somebody is in one run, and what is to come."""

    state: str
    since: datetime
    began_at: datetime
    where: str = ""
    offence: str = ""
    #: User names of the officers in the case, as they were named, the newest last.
    investigators: tuple[str, ...] = ()
    bail_until: datetime | None = None
    bail_by_court: bool = False
    conditions: tuple[tuple[str, str], ...] = ()
    release: Release | None = None
    hearings: tuple[Hearing, ...] = ()
    #: Messages (by key) that found somebody held: being let out by them is a release.
    found_held: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @property
    def is_held(self) -> bool:
        return self.state in CustodyEpisode.HELD


def fold(events: Iterable[Message]) -> Folded:
    """The state of one run from its events, at least one; repeated ones count once."""
    by_key = {event.key: event for event in events}
    ordered = sorted(by_key.values(), key=_place)
    if not ordered:
        raise ValueError("A run of custody has at least one event.")
    first = ordered[0]
    now = Folded(
        state=_TAKEN_FROM.get(Kind(first.kind), State.RELEASED),
        since=first.happened_at,
        began_at=first.happened_at,
    )
    hearings: dict[str, Hearing] = {}
    held: set[tuple[str, str]] = set()
    for event in ordered:
        if now.is_held:
            held.add(event.key)
        now = _after(now, event)
        _list(hearings, event)
    listed = tuple(sorted(hearings.values(), key=lambda row: (row.at, row.listing)))
    return replace(now, hearings=listed, found_held=frozenset(held))


def _place(event: Message) -> tuple[datetime, int, str, str]:
    return event.happened_at, _SEQUENCE[Kind(event.kind)], event.system, event.message_id


def _after(now: Folded, event: Message) -> Folded:
    state = _state_after(now, event)
    then = replace(
        now,
        state=state,
        since=event.happened_at if state != now.state else now.since,
        where=event.where or now.where,
        offence=event.offence or now.offence,
        investigators=(*now.investigators, event.investigator)
        if event.investigator
        else now.investigators,
    )
    return _release_after(_bail_after(then, event), event, was_held=now.is_held)


def _state_after(now: Folded, event: Message) -> str:
    kind = Kind(event.kind)
    if kind in _LEADS_TO:
        return _LEADS_TO[kind]
    match kind:
        # Who is charged while at liberty stays there.
        case Kind.CHARGE if now.state == State.DETAINED:
            return State.CHARGED
        case Kind.BAIL_CHANGE if not now.is_held:
            return State.RELEASED if event.bail_ended else State.ON_BAIL
        case _:
            return now.state


def _bail_after(now: Folded, event: Message) -> Folded:
    """Bail binds as long as somebody is on it; a change says anew what it names."""
    if now.state != State.ON_BAIL:
        return replace(now, bail_until=None, bail_by_court=False, conditions=())
    match event.kind:
        case Kind.BAIL:
            return replace(
                now,
                bail_until=event.bail_until,
                bail_by_court=event.bail_by_court,
                conditions=event.conditions,
            )
        case Kind.BAIL_CHANGE:
            return replace(
                now,
                bail_until=event.bail_until or now.bail_until,
                bail_by_court=event.bail_by_court or now.bail_by_court,
                conditions=event.conditions if _says_conditions(event) else now.conditions,
            )
        case _:
            return now


def _says_conditions(event: Message) -> bool:
    """Named conditions replace the old ones; a change that moves only the day keeps them."""
    return bool(event.conditions) or event.bail_until is None


def _release_after(now: Folded, event: Message, *, was_held: bool) -> Folded:
    release = now.release
    match event.kind:
        case Kind.RELEASE_PLANNED:
            release = Release(event.expected_at, day_only=event.release_on is not None)
        case Kind.RELEASE_CANCELLED if release is not None and release.released_at is None:
            release = replace(release, is_cancelled=True)
        case _ if event.kind in (Kind.RELEASE, Kind.PRISON_RELEASE) or (
            was_held and not now.is_held
        ):
            release = _done(release, event.happened_at, was_held=was_held)
        case Kind.ARREST | Kind.REMAND | Kind.PRISON if release and release.released_at:
            # Held again: what was done is over.
            release = None
    return replace(now, release=release)


def _done(release: Release | None, at: datetime, *, was_held: bool) -> Release:
    if release is None or release.is_cancelled:
        return Release(None, released_at=at)
    if release.released_at is not None and not was_held:
        # Told twice, by the prison and by custody: they were let out the first time.
        return release
    return replace(release, released_at=at)


def _list(hearings: dict[str, Hearing], event: Message) -> None:
    """A listing that is named keeps its name when it moves; one without is known by its instant."""
    if event.kind == Kind.COURT_DATE and event.hearing_at is not None:
        key = event.listing or event.hearing_at.isoformat()
        hearings[key] = Hearing(event.listing, event.hearing_at, event.court, event.hearing)
    elif event.kind == Kind.COURT_DATE_VACATED:
        for key, row in hearings.items():
            if row.listing == event.listing if event.listing else row.at == event.hearing_at:
                hearings[key] = replace(row, is_vacated=True)
