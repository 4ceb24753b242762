"""The world that the walks of this folder walk, made once for each of them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.config.every_address.asking import ask_plainly
from tests.config.every_address.world import Case, a_case


@pytest.fixture(scope="module")
def case(django_db_setup: None, django_db_blocker: Any) -> Iterator[Case]:
    """The world, made once; a test's own transaction is a savepoint within this one."""
    around = transaction.atomic()
    # As the test framework marks its own, so that what must be outermost may stand within it.
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        around.__enter__()
        made = a_case()
    yield made
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def plainly(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are a status without a page: see every_address/asking.py."""
    ask_plainly(settings, monkeypatch)
