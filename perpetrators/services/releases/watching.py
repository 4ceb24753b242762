"""A watch of each victim over a release: reminders before it, the alarm after it.

A release that concerns no victim has one watch without a victim and without a clock: its alarm
goes to custody alone (see `ahead`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from accounts.models import User
from core import policy
from core.policy import ForcePolicy
from core.working_time import Allowance, Clock
from deadlines import bulk, kinds
from deadlines.kinds import Terms
from perpetrators.deadlines.releases import RELEASE
from perpetrators.models import ExpectedRelease, ReleaseWatch
from perpetrators.services.concerned import victims_of
from perpetrators.services.releases import times
from victims.duties import named_for
from victims.models import Duty, Victim


def watch(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> list[ReleaseWatch]:
    """Give every victim of these persons a watch, and each of them its clock; the new ones.

    Victims who have one already keep it, so that it may be asked again and again.
    """
    concerned = victims_of({one.episode.person_id for one in releases})
    known = _known(releases)
    victims = Victim.objects.in_bulk({pk for ids in concerned.values() for pk in ids})
    names = named_for(victims.values(), Duty.RISK, at)
    new = []
    for release in releases:
        ids: Sequence[int | None] = concerned[release.episode.person_id] or [None]
        for victim_id in ids:
            if victim_id in known[release.pk] or (victim_id is None and known[release.pk]):
                continue
            name = names[victim_id] if victim_id is not None else None
            new.append(
                ReleaseWatch(
                    release=release,
                    victim=victims[victim_id] if victim_id is not None else None,
                    team=name.team if name else None,
                    owner=name.person if name else None,
                )
            )
    ReleaseWatch.objects.bulk_create(new)
    _start(new, actor, at)
    return new


def follow(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> None:
    """The day moved: reminders and alarm of its watches go along."""
    rules = policy.at(at)
    runs = [_run(row, rules) for row in _watches(releases) if row.victim is not None]
    bulk.move_many(kind=RELEASE, runs=runs, actor=actor, at=at, rules=rules)


def finish(releases: Sequence[ExpectedRelease], *, actor: User, at: datetime) -> None:
    """The release is recorded."""
    ids = [row.pk for row in _watches(releases)]
    bulk.meet_many(kind=RELEASE, subject_ids=ids, actor=actor, at=at)


def cancel(releases: Sequence[ExpectedRelease], *, because: str, actor: User, at: datetime) -> None:
    """There is no release to wait for."""
    ids = [row.pk for row in _watches(releases)]
    bulk.cancel_many(kind=RELEASE, subject_ids=ids, reason=because, actor=actor, at=at)


def of(release_ids: Iterable[int]) -> dict[int, list[ReleaseWatch]]:
    """The watches of releases, with victims and their people."""
    found: dict[int, list[ReleaseWatch]] = defaultdict(list)
    rows = ReleaseWatch.objects.filter(release__in=list(release_ids))
    for row in rows.select_related("victim__person", "owner", "team__supervisor").order_by("pk"):
        found[row.release_id].append(row)
    return found


def terms(release: ExpectedRelease, rules: ForcePolicy) -> Terms:
    """The rule of one release: missed so long after its time, reminded of before it."""
    return Terms(
        clock=Clock.FIXED,
        allowance=Allowance(),
        runs_from=f"expected {times.words(release)}",
        source=f"force policy: recorded within {rules.release_alarm_minutes} minutes",
        reminders=times.reminders(release.expected_at, rules),
    )


def _known(releases: Sequence[ExpectedRelease]) -> dict[int, set[int | None]]:
    known: dict[int, set[int | None]] = defaultdict(set)
    rows = ReleaseWatch.objects.filter(release__in=[one.pk for one in releases])
    for release_id, victim_id in rows.values_list("release_id", "victim_id"):
        known[release_id].add(victim_id)
    return known


def _watches(releases: Sequence[ExpectedRelease]) -> list[ReleaseWatch]:
    """Those of victims, each with the release as the caller has it."""
    by_id = {one.pk: one for one in releases}
    rows = ReleaseWatch.objects.filter(release__in=by_id, victim__isnull=False)
    watches = list(rows.select_related("victim").order_by("pk"))
    for row in watches:
        row.release = by_id[row.release_id]
    return watches


def _start(rows: Sequence[ReleaseWatch], actor: User, at: datetime) -> None:
    """Start the clocks of watches that this transaction made: written together."""
    rules = policy.at(at)
    runs = [_run(row, rules) for row in rows if row.victim is not None]
    bulk.start_many(kind=RELEASE, runs=runs, actor=actor, at=at, rules=rules)


def _run(row: ReleaseWatch, rules: ForcePolicy) -> bulk.Run:
    assert row.victim is not None
    rule = kinds.get(RELEASE).under(terms(row.release, rules))
    alarm_at = row.release.alarm_at
    return bulk.Run(
        subject_id=row.pk,
        reference=row.victim.reference,
        victim_id=row.victim_id,
        team_id=row.team_id,
        owner_id=row.owner_id,
        started_at=alarm_at,
        due_at=alarm_at,
        basis=rule.basis(alarm_at, rules),
        reminders=rule.reminders,
    )
