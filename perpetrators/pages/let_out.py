"""Whoever harmed a victim was let out, or is to be: what that asks of us, for the victim's page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q

from incidents.models import Involvement
from perpetrators.models import CustodyEvent, ExpectedRelease
from perpetrators.services.receiving.consequences import EFFECTS, LET_OUT_UNCHARGED
from perpetrators.services.releases import times
from risk.models import Reassessment, ReassessmentReason
from victims.models import Victim, VictimUpdate

Kind = CustodyEvent.Kind
EVENT, RELEASE = CustodyEvent._meta.label_lower, ExpectedRelease._meta.label_lower
Told = VictimUpdate.State

#: By these somebody goes home; by the others they are held. The last one counts.
LETS_OUT = (
    Kind.BAIL,
    Kind.UNDER_INVESTIGATION,
    Kind.RELEASE,
    Kind.PRISON_RELEASE,
    Kind.NO_FURTHER_ACTION,
)
HOLDS = (Kind.ARREST, Kind.REMAND, Kind.PRISON)
#: So long it stays news once everything is done; and so far back is looked for what is not.
NEWS_FOR, LOOKED_BACK = timedelta(days=7), timedelta(days=90)

Key = tuple[str, int]
T = TypeVar("T", VictimUpdate, ReassessmentReason)


@dataclass(frozen=True)
class LetOut:
    """One sentence of what happened or is to happen, and where telling and reassessing stand."""

    words: str
    at: datetime
    is_late: bool = False
    is_overdue: bool = False
    is_ahead: bool = False
    #: What the victim is to be told of it, and whether they were told beforehand.
    update: VictimUpdate | None = None
    told_ahead: VictimUpdate | None = None
    reassessment: Reassessment | None = None

    @property
    def is_owed(self) -> bool:
        """Whether the victim has still to be told."""
        return self.update is not None and self.update.state == Told.OWED

    @property
    def is_open(self) -> bool:
        """Whether the risk has still to be looked at again."""
        found = self.reassessment
        return found is not None and found.state == Reassessment.State.OPEN

    @property
    def is_settled(self) -> bool:
        return not (self.is_owed or self.is_open or self.is_overdue)


def let_out(victim: Victim, at: datetime) -> list[LetOut]:
    """What is to be known at a glance: alarms, releases to come, and who was let out.

    Two queries where there is nothing, four where there is, all by index.
    """
    events, releases = _events(victim, at), _releases(victim, at)
    keys = [*((EVENT, one.pk) for one in events), *((RELEASE, one.pk) for one in releases)]
    if not keys:
        return []
    updates, reasons = _updates(victim, keys), _reasons(victim, keys)
    ahead = [
        _to_come(one, updates, reasons)
        for one in releases
        if one.state == ExpectedRelease.State.EXPECTED
    ]
    told_ahead = {
        one.episode_id: update
        for one in releases
        if (update := updates.get((RELEASE, one.pk))) is not None and update.state == Told.TOLD
    }
    done = [_happened(one, updates, reasons, told_ahead.get(one.episode_id or 0)) for one in events]
    shown = [one for one in done if not one.is_settled or one.at >= at - NEWS_FOR]
    return [*sorted(ahead, key=lambda one: (not one.is_overdue, one.at)), *shown]


def _accused(victim: Victim) -> Any:
    """Whoever had the role of perpetrator in the victim's incidents, as a subquery."""
    theirs = Involvement.objects.filter(victim=victim).values("incident_id")
    rows = Involvement.objects.filter(incident__in=theirs, role=Involvement.Role.PERPETRATOR)
    return rows.exclude(person=victim.person_id).values("person_id")


def _events(victim: Victim, at: datetime) -> list[CustodyEvent]:
    """The last turn of each person, where it let them out; the newest first."""
    rows = CustodyEvent.objects.filter(
        person__in=_accused(victim),
        kind__in=[*LETS_OUT, *HOLDS],
        happened_at__gte=at - LOOKED_BACK,
    )
    # No further action lets out whoever was held until then: only that asked for a reassessment.
    asked = ReassessmentReason.objects.filter(source_type=EVENT, source_id=OuterRef("pk"))
    rows = rows.filter(~Q(kind=Kind.NO_FURTHER_ACTION) | Exists(asked.filter(victim=victim)))
    last = rows.order_by("person", "-happened_at", "-pk").distinct("person")
    found = [one for one in last.select_related("person") if one.kind in LETS_OUT]
    return sorted(found, key=lambda one: one.happened_at, reverse=True)


def _releases(victim: Victim, at: datetime) -> list[ExpectedRelease]:
    """Those to come that are near, those missed, and those done lately."""
    near = Q(state=ExpectedRelease.State.EXPECTED, raise_at__isnull=True)
    lately = Q(state=ExpectedRelease.State.DONE, released_at__gte=at - LOOKED_BACK)
    rows = ExpectedRelease.objects.filter(near | lately, episode__person__in=_accused(victim))
    return list(rows.select_related("episode__person").order_by("expected_at"))


def _of_sources(keys: Sequence[Key]) -> Q:
    events = [pk for source, pk in keys if source == EVENT]
    releases = [pk for source, pk in keys if source == RELEASE]
    return Q(source_type=EVENT, source_id__in=events) | Q(
        source_type=RELEASE, source_id__in=releases
    )


def _updates(victim: Victim, keys: Sequence[Key]) -> dict[Key, VictimUpdate]:
    rows = VictimUpdate.objects.filter(_of_sources(keys), victim=victim)
    rows = rows.exclude(state=Told.FALLEN_AWAY).select_related("settled_by", "owner", "team")
    return _by_source(list(rows.order_by("pk")))


def _reasons(victim: Victim, keys: Sequence[Key]) -> dict[Key, ReassessmentReason]:
    rows = ReassessmentReason.objects.filter(
        _of_sources(keys), victim=victim, fallen_away_at__isnull=True
    )
    rows = rows.select_related("reassessment__done_by", "reassessment__owner")
    return _by_source(list(rows.order_by("pk")))


def _by_source(rows: Sequence[T]) -> dict[Key, T]:
    """The newest of each source."""
    return {(row.source_type, row.source_id): row for row in rows}


def _happened(
    event: CustodyEvent,
    updates: Mapping[Key, VictimUpdate],
    reasons: Mapping[Key, ReassessmentReason],
    told_ahead: VictimUpdate | None,
) -> LetOut:
    key = (EVENT, event.pk)
    what = EFFECTS[event.kind].words
    if event.kind == Kind.NO_FURTHER_ACTION:
        what = LET_OUT_UNCHARGED.words
    return LetOut(
        words=f"{event.person} was {what} on {times.moment(event.happened_at)}.",
        at=event.happened_at,
        is_late=event.is_late,
        update=updates.get(key),
        told_ahead=told_ahead,
        reassessment=reasons[key].reassessment if key in reasons else None,
    )


def _to_come(
    release: ExpectedRelease,
    updates: Mapping[Key, VictimUpdate],
    reasons: Mapping[Key, ReassessmentReason],
) -> LetOut:
    key, person, when = (RELEASE, release.pk), release.episode.person, times.words(release)
    is_overdue = release.alarmed_at is not None
    said = (
        f"{person} was to be released on {when}; no release is recorded."
        if is_overdue
        else f"{person} is to be released on {when}."
    )
    return LetOut(
        words=said,
        at=release.expected_at,
        is_overdue=is_overdue,
        is_ahead=True,
        update=updates.get(key),
        reassessment=reasons[key].reassessment if key in reasons else None,
    )
