"""The world that the walks of this folder walk, made once for each of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.config.every_address.asking import asking_plainly
from tests.config.every_address.world import Case, a_case
from tests.standing import standing


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Case]:
    """The world, made once; a test's own transaction is a savepoint within its own."""
    with standing(django_db_blocker):
        with django_db_blocker.unblock():
            made = a_case()
        yield made


@pytest.fixture
def plainly() -> Iterator[None]:
    """Refusals are a status without a page: see every_address/asking.py."""
    with asking_plainly():
        yield
