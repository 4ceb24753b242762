"""Looking ahead: what comes near is raised, what did not come is an alarm.

Truth is in the rows: run twice, late, or by two workers at once it does each thing once. The person
is locked first, as by those who apply messages, and what somebody else holds is left for next time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.models import User
from accounts.roles import Role
from core import events
from deadlines import services as deadlines
from deadlines.models import Notification
from perpetrators.events import ReleaseOverdue
from perpetrators.models import CourtDate, ExpectedRelease
from perpetrators.services.releases import bail, hearings, joining, telling, times, watching
from victims.models import Person

BATCH = 200
#: Of those whose time to be raised or missed has come.
_LISTED = Q(state=CourtDate.State.LISTED, raise_at__isnull=False)


@dataclass(frozen=True)
class Outcome:
    """What one look did: releases and hearings raised, alarms, victims who joined a watch, and
    bail that ended with nothing recorded."""

    raised: int = 0
    hearings: int = 0
    alarms: int = 0
    joined: int = 0
    bail: int = 0


def look_ahead(*, at: datetime, batch: int = BATCH) -> Outcome:
    """Raise everything whose time has come by `at`, person by person in batches."""
    actor, total, seen = User.objects.system(), Outcome(), 0
    while people := _people_concerned(at, after=seen, limit=batch):
        done = _one_batch(people, actor, at)
        total = Outcome(
            total.raised + done.raised,
            total.hearings + done.hearings,
            total.alarms + done.alarms,
            total.joined + done.joined,
            total.bail + done.bail,
        )
        seen = people[-1]
    return total


def _people_concerned(at: datetime, *, after: int, limit: int) -> list[int]:
    """Whose releases or hearings have to be looked at, in order of their ids."""
    ended = [pk for pk in bail.people_whose_bail_ended(at) if pk > after]
    found = {
        *ended,
        *_with_something_due(at, after, limit),
        *joining.unwatched(after=after, limit=limit),
    }
    return sorted(found)[:limit]


def _with_something_due(at: datetime, after: int, limit: int) -> list[int]:
    near = ExpectedRelease.objects.expected().filter(_due(at)).values("episode__person_id")
    listed = CourtDate.objects.filter(_LISTED, raise_at__lte=at).values("episode__person_id")
    ids = Person.objects.filter(Q(pk__in=near) | Q(pk__in=listed), pk__gt=after).order_by("pk")
    return list(ids.values_list("pk", flat=True)[:limit])


def _due(at: datetime) -> Q:
    return Q(raise_at__lte=at) | Q(alarm_at__lte=at, alarmed_at__isnull=True)


@transaction.atomic
def _one_batch(person_ids: Sequence[int], actor: User, at: datetime) -> Outcome:
    locked = (
        Person.objects.filter(pk__in=person_ids)
        .order_by("pk")
        .select_for_update(skip_locked=True, no_key=True)
    )
    mine = list(locked.values_list("pk", flat=True))
    return Outcome(
        raised=_raise_near(mine, actor, at),
        hearings=hearings.raise_near(mine, actor=actor, at=at),
        bail=bail.raise_ended(mine, actor=actor, at=at),
        joined=joining.watch_all(mine, actor=actor, at=at) if mine else 0,
        alarms=_raise_alarms(mine, actor, at),
    )


def _rows(person_ids: Collection[int], due: Q) -> list[ExpectedRelease]:
    rows = ExpectedRelease.objects.expected().filter(due, episode__person__in=person_ids)
    rows = rows.select_related("episode__person").order_by("pk")
    return list(rows.select_for_update(of=("self",)))


def _raise_near(person_ids: Collection[int], actor: User, at: datetime) -> int:
    rows = _rows(person_ids, Q(raise_at__lte=at))
    if rows:
        for row in rows:
            row.raise_at = None
        ExpectedRelease.objects.bulk_update(rows, ["raise_at"])
        # Whoever was harmed since it was planned is told as well.
        watching.watch(rows, actor=actor, at=at)
        telling.raise_releases(rows, actor=actor, at=at)
    return len(rows)


def _raise_alarms(person_ids: Collection[int], actor: User, at: datetime) -> int:
    rows = _rows(person_ids, Q(alarm_at__lte=at, alarmed_at__isnull=True))
    if rows:
        for row in rows:
            row.alarmed_at = at
        ExpectedRelease.objects.bulk_update(rows, ["alarmed_at"])
        watching.watch(rows, actor=actor, at=at)
        telling.record(
            rows,
            "overdue",
            "release was expected {when}, none is recorded",
            actor=actor,
            at=at,
            is_grave=True,
        )
        telling.raise_alarms(rows, actor=actor, at=at)
        _tell_custody(rows, at)
        for row in rows:
            events.announce(ReleaseOverdue(row.pk, row.episode.person_id, actor, at))
    return len(rows)


def _tell_custody(rows: Sequence[ExpectedRelease], at: datetime) -> None:
    """Of those who harmed nobody known; for all others the clock of the watch tells people."""
    watched = watching.of([row.pk for row in rows])
    unwatched = [row for row in rows if all(one.victim_id is None for one in watched[row.pk])]
    if not unwatched:
        return
    officers = list(User.objects.filter(groups__name=Role.CUSTODY_OFFICER, is_active=True))
    for row in unwatched:
        deadlines.notify(
            users=officers,
            level=Notification.Level.BREACH,
            headline=f"Release expected {times.words(row)}, none is recorded",
            reference=row.episode.person.reference,
            path=reverse("deadlines:waiting"),
            victim_id=None,
            at=at,
        )
