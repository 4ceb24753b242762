"""Whoever is newly harmed by somebody whose release is expected joins its watch at once."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import User
from core.prepared import Statement
from perpetrators.models import ExpectedRelease
from perpetrators.services.releases import telling, watching
from victims.models import Person

#: Those complained of in an incident whose release is expected. One round trip: it is asked at
#: every call that is logged.
_TO_BE_RELEASED = Statement(
    "perpetrators_to_be_released",
    """
    SELECT DISTINCT run.person_id
      FROM incidents_involvement accused
      JOIN perpetrators_custodyepisode run ON run.person_id = accused.person_id
      JOIN perpetrators_expectedrelease release
        ON release.episode_id = run.id AND release.state = 'expected'
     WHERE accused.incident_id = %(incident)s AND accused.role = 'perpetrator'
    """,
    {"incident": "bigint"},
)
#: Those to whose raised release a victim has come since, whom nobody watches over yet.
_UNWATCHED = Statement(
    "perpetrators_unwatched",
    """
    SELECT DISTINCT run.person_id
      FROM perpetrators_expectedrelease release
      JOIN perpetrators_custodyepisode run ON run.id = release.episode_id
      JOIN incidents_involvement accused
        ON accused.person_id = run.person_id AND accused.role = 'perpetrator'
      JOIN incidents_involvement harmed
        ON harmed.incident_id = accused.incident_id AND harmed.role = 'victim'
       AND harmed.person_id <> accused.person_id
     WHERE release.state = 'expected' AND release.raise_at IS NULL
       AND run.person_id > %(after)s
       AND NOT EXISTS (SELECT FROM perpetrators_releasewatch watch
                        WHERE watch.release_id = release.id AND watch.victim_id = harmed.victim_id)
     ORDER BY run.person_id LIMIT %(limit)s
    """,
    {"after": "bigint", "limit": "int"},
)


def join_releases(*, incident_id: int, actor: User, at: datetime) -> int:
    """Victims of an incident join the watch of releases of those complained of; how many did.

    Runs inside the service that logged it, which asked for its permission. One statement where
    nobody is to be released. Whose custody is being worked on at this very moment is left to
    `look_ahead`: the call waits for nobody.
    """
    people = [pk for (pk,) in _TO_BE_RELEASED.rows({"incident": incident_id})]
    return _join(people, actor, at) if people else 0


def unwatched(*, after: int, limit: int) -> list[int]:
    """Persons, by number, to whose release somebody harmed since has still to be added."""
    return [pk for (pk,) in _UNWATCHED.rows({"after": after, "limit": limit})]


def watch_all(person_ids: Collection[int], *, actor: User, at: datetime) -> int:
    """Bring every victim of these persons, who are locked, into the watch of their releases."""
    rows = ExpectedRelease.objects.expected().filter(episode__person__in=person_ids)
    releases = list(rows.select_related("episode__person").order_by("pk"))
    new = [row for row in watching.watch(releases, actor=actor, at=at) if row.victim_id is not None]
    telling.raise_for(new, actor=actor, at=at)
    return len(new)


@transaction.atomic
def _join(person_ids: Sequence[int], actor: User, at: datetime) -> int:
    """The person first, as all work on somebody's custody; what somebody holds is not waited for,
    since this transaction holds victims that they may be waiting for."""
    free = (
        Person.objects.filter(pk__in=person_ids)
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    mine = list(free.values_list("pk", flat=True))
    return watch_all(mine, actor=actor, at=at) if mine else 0
