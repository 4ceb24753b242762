"""Where somebody complained of is now: held, on bail, at liberty, or not known."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.models import Involvement
from perpetrators.models import CustodyEpisode, ExpectedRelease
from perpetrators.services.releases import times
from victims.models import Person, Victim

State = CustodyEpisode.State
#: Runs that bind nobody any more.
OVER = (State.RELEASED, State.ENDED)

_WORDS = {
    State.DETAINED: "In police custody",
    State.CHARGED: "Charged, in police custody",
    State.REMANDED: "Remanded in custody",
    State.PRISON: "In prison",
    State.ON_BAIL: "On bail",
    State.UNDER_INVESTIGATION: "At liberty, under investigation",
    State.RELEASED: "At liberty, released",
    State.ENDED: "At liberty, no further action",
}


@dataclass(frozen=True)
class Where:
    """One person and the run of custody that decides where they are; None: nothing is on record.

    `others` are further runs that still bind (bail in one case while held in another).
    """

    person: Person
    at: datetime
    episode: CustodyEpisode | None
    release: ExpectedRelease | None = None
    others: tuple[CustodyEpisode, ...] = ()

    @property
    def words(self) -> str:
        """ "Remanded in custody, HMP Whitmoor", "On bail until 12 Dec 2026 at 09:00"."""
        return (
            words_of(self.episode, self.at)
            if self.episode
            else "Not known: no custody is on record"
        )

    @property
    def is_held(self) -> bool:
        """Whether a door is locked between them and the victim."""
        return self.episode is not None and self.episode.state in CustodyEpisode.HELD

    @property
    def is_on_bail(self) -> bool:
        return self.episode is not None and self.episode.state == State.ON_BAIL

    @property
    def tone(self) -> str:
        """Of the tag: held is calm, on bail asks for care, at liberty for most."""
        if self.episode is None:
            return ""
        if self.is_held:
            return "g"
        return "a" if self.is_on_bail else "r"

    @property
    def release_words(self) -> str:
        """When the release is expected, as it is said; blank where none is."""
        return times.words(self.release) if self.release else ""

    @property
    def is_overdue(self) -> bool:
        """Expected by now, and nothing recorded."""
        return self.release is not None and self.release.alarmed_at is not None


def words_of(episode: CustodyEpisode, at: datetime) -> str:
    """The state of one run in words, with where or until when; bail past its end says so."""
    said = _WORDS[State(episode.state)]
    if episode.state in CustodyEpisode.HELD and episode.held_at:
        return f"{said}, {episode.held_at}"
    if episode.state == State.ON_BAIL:
        until = episode.bail_until
        if until is not None and until <= at:
            return f"Bail ended on {times.moment(until)}, nothing recorded since"
        return f"{said} until {times.moment(until)}" if until else f"{said}, no end given"
    return said


def complained_of(victim: Victim) -> list[Person]:
    """Who had the role of perpetrator in incidents of this victim, by name. One query."""
    theirs = Involvement.objects.filter(victim=victim).values("incident_id")
    accused = Involvement.objects.filter(
        incident__in=theirs, role=Involvement.Role.PERPETRATOR
    ).values("person_id")
    people = Person.objects.filter(pk__in=accused).exclude(pk=victim.person_id)
    return list(people.order_by("family_name", "given_name", "pk"))


def whereabouts(people: Sequence[Person], at: datetime) -> list[Where]:
    """Where each of these people is, in their order. Two queries, by index."""
    runs: dict[int, list[CustodyEpisode]] = {one.pk: [] for one in people}
    rows = CustodyEpisode.objects.filter(person__in=list(runs)).select_related("investigator")
    for row in rows:
        runs[row.person_id].append(row)
    chosen = {pk: deciding(found) for pk, found in runs.items()}
    expected = _expected({one.pk for one in chosen.values() if one is not None})
    return [
        _where(one, at, chosen[one.pk], expected, [run for run in runs[one.pk] if is_binding(run)])
        for one in people
    ]


def deciding(runs: Collection[CustodyEpisode]) -> CustodyEpisode | None:
    """Of one person's runs the one that says where they are: held before bail, bail before
    anything else, and of equals what changed last."""
    return min(runs, key=lambda run: (_rank(run), -run.state_since.timestamp()), default=None)


def is_binding(run: CustodyEpisode) -> bool:
    """Whether somebody is held, on bail or under investigation by it."""
    return run.state not in OVER


def _rank(run: CustodyEpisode) -> int:
    if run.state in CustodyEpisode.HELD:
        return 0
    return {State.ON_BAIL: 1, State.UNDER_INVESTIGATION: 2}.get(State(run.state), 3)


def _expected(episode_ids: Collection[int]) -> dict[int, ExpectedRelease]:
    if not episode_ids:
        return {}
    rows = ExpectedRelease.objects.expected().filter(episode__in=episode_ids)
    return {row.episode_id: row for row in rows}


def _where(
    person: Person,
    at: datetime,
    episode: CustodyEpisode | None,
    expected: dict[int, ExpectedRelease],
    binding: Sequence[CustodyEpisode],
) -> Where:
    return Where(
        person=person,
        at=at,
        episode=episode,
        release=expected.get(episode.pk) if episode else None,
        others=tuple(run for run in binding if run is not episode),
    )
