"""Worlds put back as rows are those that were made; what a commit left is gone."""

import functools
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Area
from incidents.models import Incident
from tests import rows, worlds
from tests.factories.incidents import incident
from tests.factories.orders import asked
from tests.factories.response import attended
from tests.marks import committed
from tests.personas import person

#: Made, made and kept, put back.
TIMES = 3


def begun(step: Callable[[], Any]) -> tuple[Any, rows.Rows, int]:
    """As a test of its own would begin: the result, the rows that it wrote, how many queries."""
    with worlds.beginning(set()), transaction.atomic():
        with CaptureQueriesContext(connection) as asked_for:
            made = step()
        left = rows.of(rows.touched())
        transaction.set_rollback(True)
    return made, left, len(asked_for)


@pytest.mark.django_db
class TestBeginnings:
    def test_put_back_it_is_what_was_made(self, at: datetime) -> None:
        first, second, third = (begun(lambda: attended(at=at)) for _ in range(TIMES))
        assert third[:2] == second[:2]
        assert {table: len(found) for table, found in first[1].items() if found} == {
            table: len(found) for table, found in third[1].items() if found
        }
        assert first[2] > 100 > 3 > third[2]

    def test_steps_follow_one_another(self, at: datetime) -> None:
        def step() -> Any:
            row = incident(at=at)
            return asked(at, of=row), row

        # What hangs from a row that is made anew each time is known again one time later.
        runs = [begun(step) for _ in range(TIMES + 1)]
        (before, rows_before, _), (after, rows_after, count) = runs[-2:]
        assert (before, rows_before) == (after, rows_after)
        assert count == 2
        assert {one.pk for one in after} == {one.pk for one in before}

    def test_each_test_has_objects_of_its_own(self, at: datetime) -> None:
        *_, (kept, _, _), (one, _, _) = (begun(lambda: incident(at=at)) for _ in range(TIMES))
        one.narrative = kept.narrative = "Changed."
        assert begun(lambda: incident(at=at))[0].narrative == "He is outside, banging on the door."

    def test_another_argument_is_another_world(self, at: datetime) -> None:
        for narrative in ("Shouting.", "Silence.") * TIMES:
            make = functools.partial(incident, at=at, narrative=narrative)
            assert begun(make)[0].narrative == narrative

    def test_after_a_write_of_the_tests_own_everything_is_made(self, at: datetime) -> None:
        def step() -> Incident:
            Area.objects.create(name="Elsewhere")
            return incident(at=at)

        assert len({begun(step)[0].pk for _ in range(TIMES)}) == TIMES

    def test_so_it_is_for_whoever_replaces_a_part(
        self, at: datetime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert len({incident(at=at).pk for _ in range(TIMES)}) == TIMES

    def test_a_world_in_a_world_is_not_remembered(self, at: datetime) -> None:
        with transaction.atomic():
            assert len({begun(lambda: incident(at=at))[0].pk for _ in range(TIMES)}) == TIMES


@committed
def test_after_a_commit_what_was_there_is_there_again(at: datetime) -> None:
    before = rows.of(rows.tables())
    person("officer")
    Area.objects.create(name="Elsewhere")
    Group.objects.all()[0].delete()
    Group.objects.filter(pk=Group.objects.latest("pk").pk).update(name="Changed")
    assert rows.of(rows.tables()) != before
    rows.put_back(before)
    assert rows.of(rows.tables()) == before
