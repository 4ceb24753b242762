"""Every stage change of a conference, allowed and refused, from every state and for every role."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import NOON
from tests.marac import walking
from tests.marac.steps import WALKS
from tests.marac.walking import Scene, walked
from tests.standing import standing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once; every step of the walk is undone."""
    with standing(django_db_blocker):
        with django_db_blocker.unblock():
            made = walking.a_scene(NOON)
        yield made


@pytest.mark.parametrize(
    ("row", "step"), [(row, step) for row, walk in WALKS.items() for step in walk.steps]
)
def test_every_step_from_every_state_for_every_role(row: str, step: str, scene: Scene) -> None:
    assert walked(WALKS[row], step, scene) == {}
