"""The year that the tests of this folder look at: loaded once, by one of the test processes."""

import pytest

from tests.demo.a_year import year

__all__ = ["year"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever looks at the year runs in the process that has loaded it."""
    for item in items:
        if "year" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("year"))
