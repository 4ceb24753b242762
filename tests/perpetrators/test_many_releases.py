"""Many releases at once cost as many statements as one: planned, moved, called off, done."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from deadlines.models import Deadline
from perpetrators.models import CustodyEpisode, ExpectedRelease
from perpetrators.services.releases import Expected, sync_releases
from tests.factories.custody import AT, couple
from tests.personas import person
from victims.models import Person, VictimUpdate

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def episodes(darren: Person, count: int, first: int) -> list[CustodyEpisode]:
    return CustodyEpisode.objects.bulk_create(
        CustodyEpisode(
            reference=f"CU-2026-{first + number:06}",
            person=darren,
            state=CustodyEpisode.State.PRISON,
            state_since=AT,
            began_at=AT,
        )
        for number in range(count)
    )


def test_the_statements_do_not_grow_with_the_releases() -> None:
    darren, _ = couple()
    actor = person("custody")
    spent: dict[int, list[int]] = {}
    # What the first one opens (the reassessment) the others join.
    for count, first in ((1, 1), (1, 100), (100, 200)):
        rows = episodes(darren, count, first)
        spent[count] = []
        for said in (
            {"expected_at": AT + 3 * DAY},
            {"expected_at": AT + 5 * DAY},
            {"expected_at": AT + 5 * DAY, "is_cancelled": True},
            {"expected_at": AT + 6 * DAY},
            {"expected_at": AT + 6 * DAY, "released_at": AT},
        ):
            wanted = [Expected(episode=row, **said) for row in rows]
            with CaptureQueriesContext(connection) as statements:
                assert len(sync_releases(wanted, actor=actor, at=AT)) == count
            spent[count].append(len(statements))
    assert spent[100] == spent[1]
    assert max(spent[1]) <= 70


def test_many_end_as_one_does() -> None:
    darren, _ = couple()
    actor, rows = person("custody"), episodes(darren, 3, 1)
    planned = [Expected(episode=row, expected_at=AT + 3 * DAY) for row in rows]
    sync_releases(planned, actor=actor, at=AT)
    moved, called_off, done = rows
    later = AT + 4 * DAY
    sync_releases(
        [
            Expected(episode=moved, expected_at=later),
            Expected(episode=called_off, expected_at=AT + 3 * DAY, is_cancelled=True),
            Expected(episode=done, expected_at=AT + 3 * DAY, released_at=AT),
        ],
        actor=actor,
        at=AT + HOUR,
    )
    states = dict(ExpectedRelease.objects.values_list("episode_id", "state"))
    assert states == {moved.pk: "expected", called_off.pk: "cancelled", done.pk: "done"}
    clocks = Deadline.objects.filter(kind="release_expected").order_by("pk")
    assert [(row.state, row.due_at) for row in clocks] == [
        ("running", later + HOUR),
        ("cancelled", AT + 3 * DAY + HOUR),
        ("met", AT + 3 * DAY + HOUR),
    ]
    assert clocks[0].step_times[:2] == [later - DAY, later - HOUR]
    owed = VictimUpdate.objects.filter(about="release_ahead").order_by("source_id")
    assert [row.state for row in owed] == ["owed", "fallen_away", "fallen_away"]


def test_recorded_after_its_time_the_clock_is_met_late() -> None:
    darren, _ = couple()
    actor, (row,) = person("custody"), episodes(darren, 1, 1)
    sync_releases([Expected(episode=row, expected_at=AT + DAY)], actor=actor, at=AT)
    said = Expected(episode=row, expected_at=AT + DAY, released_at=AT + DAY)
    sync_releases([said], actor=actor, at=AT + 2 * DAY)
    assert Deadline.objects.get(kind="release_expected").state == "met_late"
