"""A world that stands for all tests of a module, and is gone after them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction


@contextmanager
def standing(django_db_blocker: Any) -> Iterator[None]:
    """Around a fixture of a module: a test's own transaction is a savepoint within this one."""
    around = transaction.atomic()
    # As the test framework marks its own, so that what must be outermost may stand within it.
    around._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock():
        around.__enter__()
    try:
        yield
    finally:
        with django_db_blocker.unblock():
            transaction.set_rollback(True)
            around.__exit__(None, None, None)
