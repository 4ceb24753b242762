from collections.abc import Iterator

import pytest

from tests.factories import deadlines as factory


@pytest.fixture(autouse=True)
def duties() -> Iterator[None]:
    """Every test begins with nothing done and nothing poisonous."""
    yield
    factory.done.clear()
    factory.poisonous.clear()
