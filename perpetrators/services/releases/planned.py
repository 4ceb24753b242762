"""An expected release follows what custody says of it: made, moved, done, called off.

Called inside the transaction that applied the messages, after it locked the persons in order of
their ids, which is the one order in which all work on somebody's custody takes its turn. Said
again it changes nothing.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core import policy
from core.trigger_rules import Trigger
from perpetrators.models import CustodyEpisode, ExpectedRelease
from perpetrators.services.releases import telling, times, watching
from risk.services import triggers
from victims import services as victims
from victims.models import VictimUpdate

State = ExpectedRelease.State
About = VictimUpdate.About


@dataclass(frozen=True, slots=True)
class Expected:
    """What the events of one episode say of its release by now.

    `expected_at` is the earliest instant (of a day the beginning, with `day_only`), None where
    nothing is planned; `released_at` once it happened; `words` why it was called off.
    """

    episode: CustodyEpisode
    expected_at: datetime | None
    day_only: bool = False
    released_at: datetime | None = None
    is_cancelled: bool = False
    words: str = ""


@transaction.atomic
def sync_releases(rows: Sequence[Expected], *, actor: User, at: datetime) -> list[ExpectedRelease]:
    """Bring the expected releases of these episodes (each named once) in line; what changed.

    What is near is raised at once, with the updates that go with it; what is far off waits for
    `look_ahead`.
    """
    running = _running([row.episode.pk for row in rows])
    made, moved, done, cancelled = [], [], [], []
    for row in rows:
        release = running.get(row.episode.pk)
        if row.released_at is not None:
            if release is not None:
                done.append((release, row))
        elif row.expected_at is None or row.is_cancelled:
            if release is not None:
                cancelled.append((release, row))
        elif release is None:
            made.append(row)
        elif (release.expected_at, release.day_only) != (row.expected_at, row.day_only):
            moved.append((release, row))
    return [
        *_make(made, actor, at),
        *_move(moved, actor, at),
        *_finish(done, actor, at),
        *_call_off(cancelled, actor, at),
    ]


Pair = tuple[ExpectedRelease, Expected]


def _running(episode_ids: Sequence[int]) -> dict[int, ExpectedRelease]:
    rows = ExpectedRelease.objects.expected().filter(episode__in=episode_ids).order_by("pk")
    return {
        row.episode_id: row
        for row in rows.select_related("episode__person").select_for_update(of=("self",))
    }


def _make(rows: Sequence[Expected], actor: User, at: datetime) -> list[ExpectedRelease]:
    rules = policy.at(at)
    made = []
    for row in rows:
        assert row.expected_at is not None
        made.append(
            ExpectedRelease(
                episode=row.episode,
                expected_at=row.expected_at,
                day_only=row.day_only,
                raise_at=times.raised_later(row.expected_at, at, rules),
                alarm_at=times.alarm(row.expected_at, rules, day_only=row.day_only),
            )
        )
    if made:
        ExpectedRelease.objects.bulk_create(made)
        watching.watch(made, actor=actor, at=at)
        telling.record(made, "planned", "release is planned for {when}", actor=actor, at=at)
        telling.raise_releases([one for one in made if one.raise_at is None], actor=actor, at=at)
    return made


def _move(pairs: Sequence[Pair], actor: User, at: datetime) -> list[ExpectedRelease]:
    rules = policy.at(at)
    moved, raised, false_alarms = [], [], []
    for release, row in pairs:
        assert row.expected_at is not None
        release.expected_at, release.day_only = row.expected_at, row.day_only
        release.alarm_at = times.alarm(row.expected_at, rules, day_only=row.day_only)
        if release.alarmed_at is not None and release.alarm_at > at:
            false_alarms.append(release.pk)
        release.alarmed_at = None
        if release.raise_at is None:
            # Whoever was told of the old day is told of the new one, however far off it is.
            raised.append(release)
        else:
            release.raise_at = times.raised_later(row.expected_at, at, rules)
            if release.raise_at is None:
                raised.append(release)
        moved.append(release)
    if moved:
        ExpectedRelease.objects.bulk_update(
            moved, ["expected_at", "day_only", "raise_at", "alarm_at", "alarmed_at"]
        )
        watching.watch(moved, actor=actor, at=at)
        watching.follow(moved, actor=actor, at=at)
        telling.record(moved, "moved", "release is now planned for {when}", actor=actor, at=at)
        _withdraw(
            false_alarms,
            because="Another day was given for the release.",
            only={Trigger.RELEASE_OVERDUE},
            actor=actor,
            at=at,
        )
        telling.raise_releases(raised, actor=actor, at=at)
    return moved


def _finish(pairs: Sequence[Pair], actor: User, at: datetime) -> list[ExpectedRelease]:
    """Released: risk is still looked at, and who was not told before is told of the release."""
    done = []
    for release, row in pairs:
        release.state, release.released_at, release.raise_at = State.DONE, row.released_at, None
        done.append(release)
    if done:
        ExpectedRelease.objects.bulk_update(done, ["state", "released_at", "raise_at"])
        watching.finish(done, actor=actor, at=at)
        telling.record(done, "done", "planned release took place", actor=actor, at=at)
        victims.withdraw_updates(
            source_type=telling.SOURCE,
            source_ids=[one.pk for one in done],
            abouts=[About.RELEASE_AHEAD],
            because="Released since: the victim is told of the release itself.",
            actor=actor,
            at=at,
        )
    return done


def _call_off(pairs: Sequence[Pair], actor: User, at: datetime) -> list[ExpectedRelease]:
    """Cancelled: what hangs from it falls away, and whoever was told hears that it is off."""
    off = [release for release, _ in pairs]
    if not off:
        return []
    for release in off:
        release.state, release.raise_at = State.CANCELLED, None
    ExpectedRelease.objects.bulk_update(off, ["state", "raise_at"])
    watching.cancel(off, because="The planned release is cancelled.", actor=actor, at=at)
    telling.record(off, "cancelled", "planned release is cancelled", actor=actor, at=at)
    alike: dict[str, list[int]] = defaultdict(list)
    for release, row in pairs:
        alike[row.words or "The planned release is cancelled."].append(release.pk)
    for because, ids in alike.items():
        _withdraw(ids, because=because, only=frozenset(), actor=actor, at=at)
    telling.tell_cancelled(off, actor=actor, at=at)
    return off


def _withdraw(
    release_ids: Sequence[int],
    *,
    because: str,
    only: set[Trigger] | frozenset[Trigger],
    actor: User,
    at: datetime,
) -> None:
    if release_ids:
        triggers.withdraw(
            source_type=telling.SOURCE,
            source_ids=release_ids,
            triggers=only,
            because=because,
            actor=actor,
            at=at,
        )
