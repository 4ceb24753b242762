"""In and out: releases to come and who is to be told first, who is held, who is on bail.

The custody officer's home. Whatever is shown is a page of its list; numbers beside the lists are
counts by index.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from core.clock import local
from perpetrators.models import CustodyEpisode, ExpectedRelease, ReleaseWatch
from perpetrators.pages.whereabouts import words_of
from perpetrators.services.releases import times
from risk.models import Reassessment, ReassessmentReason
from victims.models import Victim, VictimUpdate

State = CustodyEpisode.State
Told = VictimUpdate.State
SOURCE = ExpectedRelease._meta.label_lower
AHEAD = VictimUpdate.About.RELEASE_AHEAD

ON_A_PAGE = 25
#: More alarms than this at once are a list of their own.
MOST_ALARMS = 20
#: Bail that ends within so long ends soon.
SOON = timedelta(days=7)


class Show(StrEnum):
    """The lists, in their order on the page."""

    RELEASES = "releases"
    UNTOLD = "untold"
    HELD = "held"
    BAIL = "bail"
    NO_END = "no-end"
    DONE = "done"


LABELS = {
    Show.RELEASES: "Releases planned",
    Show.UNTOLD: "Victims not told yet",
    Show.HELD: "Held now",
    Show.BAIL: "On bail, by its end",
    Show.NO_END: "On bail, no end given",
    Show.DONE: "Let out today",
}
LET_OUT = (State.ON_BAIL, State.UNDER_INVESTIGATION, State.RELEASED, State.ENDED)


@dataclass(frozen=True)
class Watched:
    """One victim's side of a release: told or not, and who answers for it."""

    watch: ReleaseWatch
    update: VictimUpdate | None
    reassessment: Reassessment | None

    @property
    def is_told(self) -> bool:
        return self.update is not None and self.update.state == Told.TOLD

    @property
    def who(self) -> str:
        """Who is to tell: by name, or the team while nobody has it."""
        of = self.update or self.watch
        return str(of.owner or of.team or "")


@dataclass(frozen=True)
class Planned:
    """One release to come with everybody who must know before."""

    release: ExpectedRelease
    watched: tuple[Watched, ...]

    @property
    def when(self) -> str:
        """ "22 Nov 2026 at 02:00", "22 Nov 2026"."""
        return times.words(self.release)

    @property
    def is_raised(self) -> bool:
        """Whether it is near enough that victims are told."""
        return self.release.raise_at is None

    @property
    def untold(self) -> int:
        """How many must still be told."""
        return sum(not one.is_told for one in self.watched) if self.is_raised else 0


@dataclass(frozen=True)
class Run:
    """One run of custody or bail in a list."""

    episode: CustodyEpisode
    at: datetime
    release: ExpectedRelease | None
    ends_soon: bool = False

    @property
    def words(self) -> str:
        return words_of(self.episode, self.at)

    @property
    def release_words(self) -> str:
        return times.words(self.release) if self.release else ""


@dataclass(frozen=True)
class Numbers:
    """What the tiles say."""

    alarms: int
    week: int
    untold: int
    held: int
    bail_soon: int


@dataclass(frozen=True)
class Board:
    """The page: alarms on top, one list, the numbers of all."""

    show: Show
    alarms: list[Planned]
    page: Page  # type: ignore[type-arg]
    planned: list[Planned]
    runs: list[Run]
    numbers: Numbers


def show_of(asked: str) -> Show:
    """The list that is asked for; the releases where none or no known one is."""
    return Show(asked) if asked in set(Show) else Show.RELEASES


def board(reader: User, *, show: Show, page: str | None, at: datetime) -> Board:
    """Read the page for somebody who may see custody."""
    expected = ExpectedRelease.objects.visible_to(reader).expected()
    overdue = _overdue(expected, at)
    rows = _rows(reader, show, at)
    shown = Paginator(rows, ON_A_PAGE).get_page(page)
    is_planned = show in (Show.RELEASES, Show.UNTOLD)
    rows_shown: list[Any] = list(shown)
    alarms = list(overdue[:MOST_ALARMS])
    planned = planned_of([*alarms, *(rows_shown if is_planned else [])], reader)
    return Board(
        show=show,
        alarms=planned[: len(alarms)],
        page=shown,
        planned=planned[len(alarms) :],
        runs=[] if is_planned else runs_of(rows_shown, at),
        numbers=Numbers(
            alarms=overdue.count(),
            week=expected.filter(expected_at__gte=at, expected_at__lt=at + SOON).count(),
            untold=_untold(expected).count(),
            held=_held(reader).count(),
            bail_soon=_on_bail(reader).filter(bail_until__lt=at + SOON).count(),
        ),
    )


def planned_of(releases: Sequence[ExpectedRelease], reader: User) -> list[Planned]:
    """Releases with the watches of victims whom the reader sees, what these were told, and who
    looks at the risk."""
    watches = _watches([one.pk for one in releases], reader)
    updates, looks = _updates(watches), _reassessments(watches)
    return [
        Planned(
            release,
            tuple(
                Watched(
                    one,
                    updates.get((release.pk, one.victim_id)),
                    looks.get((release.pk, one.victim_id)),
                )
                for one in watches[release.pk]
            ),
        )
        for release in releases
    ]


def runs_of(episodes: Sequence[CustodyEpisode], at: datetime) -> list[Run]:
    """Runs with the release that is expected of each."""
    rows = ExpectedRelease.objects.expected().filter(episode__in=[one.pk for one in episodes])
    expected = {row.episode_id: row for row in rows}
    return [
        Run(
            one,
            at,
            expected.get(one.pk),
            ends_soon=one.bail_until is not None and one.bail_until < at + SOON,
        )
        for one in episodes
    ]


def _rows(reader: User, show: Show, at: datetime) -> QuerySet[ExpectedRelease | CustodyEpisode]:
    match show:
        case Show.RELEASES:
            return _to_come(reader, at)
        case Show.UNTOLD:
            return _untold(_to_come(reader, at))
        case Show.HELD:
            return _with_people(_held(reader)).order_by("-state_since", "-pk")
        case Show.BAIL:
            return _with_people(_on_bail(reader)).order_by("bail_until", "pk")
        case Show.NO_END:
            open_ended = _episodes(reader).filter(state=State.ON_BAIL, bail_until__isnull=True)
            return _with_people(open_ended).order_by("-state_since", "-pk")
        case Show.DONE:
            today = datetime.combine(local(at).date(), time.min, local(at).tzinfo)
            out = _episodes(reader).filter(state__in=LET_OUT, state_since__gte=today)
            return _with_people(out).order_by("-state_since", "-pk")


def _to_come(reader: User, at: datetime) -> QuerySet[ExpectedRelease]:
    """Without those that the alarm is raised for: they stand above."""
    rows = ExpectedRelease.objects.visible_to(reader).expected().filter(alarmed_at__isnull=True)
    return rows.select_related("episode__person").order_by("expected_at", "pk")


def _overdue(expected: QuerySet[ExpectedRelease], at: datetime) -> QuerySet[ExpectedRelease]:
    rows = expected.filter(alarmed_at__isnull=False, expected_at__lte=at)
    return rows.select_related("episode__person").order_by("expected_at", "pk")


def _untold(rows: QuerySet[ExpectedRelease]) -> QuerySet[ExpectedRelease]:
    """Raised, and somebody must still be told or could not be reached."""
    not_told = VictimUpdate.objects.filter(
        victim=OuterRef("victim"),
        about=AHEAD,
        source_type=SOURCE,
        source_id=OuterRef("release"),
        state__in=[Told.OWED, Told.NOT_REACHED],
    )
    watches = ReleaseWatch.objects.filter(release=OuterRef("pk"))
    return rows.filter(Exists(watches.filter(Exists(not_told))), raise_at__isnull=True)


def _episodes(reader: User) -> QuerySet[CustodyEpisode]:
    return CustodyEpisode.objects.visible_to(reader)


def _held(reader: User) -> QuerySet[CustodyEpisode]:
    return _episodes(reader).filter(state__in=CustodyEpisode.HELD)


def _on_bail(reader: User) -> QuerySet[CustodyEpisode]:
    return _episodes(reader).filter(state=State.ON_BAIL, bail_until__isnull=False)


def _with_people(rows: QuerySet[CustodyEpisode]) -> QuerySet[CustodyEpisode]:
    return rows.select_related("person", "investigator")


def _watches(release_ids: Iterable[int], reader: User) -> Mapping[int, list[ReleaseWatch]]:
    found: dict[int, list[ReleaseWatch]] = defaultdict(list)
    rows = ReleaseWatch.objects.filter(release__in=list(release_ids), victim__isnull=False)
    if (limit := Victim.objects.all().seen_by(reader, "victim")) is not None:
        rows = rows.filter(limit)
    for row in rows.select_related("victim__person", "owner", "team").order_by("pk"):
        found[row.release_id].append(row)
    return found


def _updates(
    watches: Mapping[int, list[ReleaseWatch]],
) -> dict[tuple[int, int | None], VictimUpdate]:
    """The newest of each release and victim."""
    rows = VictimUpdate.objects.filter(
        victim__in={one.victim_id for rows in watches.values() for one in rows},
        about=AHEAD,
        source_type=SOURCE,
        source_id__in=list(watches),
    )
    rows = rows.exclude(state=Told.FALLEN_AWAY).select_related("owner", "team", "settled_by")
    return {(row.source_id, row.victim_id): row for row in rows.order_by("pk")}


def _reassessments(
    watches: Mapping[int, list[ReleaseWatch]],
) -> dict[tuple[int, int | None], Reassessment]:
    rows = ReassessmentReason.objects.filter(
        source_type=SOURCE, source_id__in=list(watches), fallen_away_at__isnull=True
    ).select_related("reassessment__owner")
    return {(row.source_id, row.victim_id): row.reassessment for row in rows.order_by("pk")}
