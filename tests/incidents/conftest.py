"""Fixtures that several tests of incidents share."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core import events
from incidents.models import Exhibit
from incidents.models.exhibits import kept_in


@pytest.fixture
def announced(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The facts announced during the test, beside their reactions."""
    heard: list[object] = []
    real = events.announce

    def listen(event: object) -> None:
        heard.append(event)
        real(event)

    monkeypatch.setattr(events, "announce", listen)
    return heard


@pytest.fixture
def store(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A store of exhibits of the test's own."""
    place = tmp_path / "exhibits"
    storages = {**settings.STORAGES}
    options = {**storages["exhibits"]["OPTIONS"], "location": str(place)}
    settings.STORAGES = {**storages, "exhibits": {**storages["exhibits"], "OPTIONS": options}}
    # A field asks for its storage once.
    field = Exhibit._meta.get_field("file")
    before, field.storage = field.storage, kept_in()  # type: ignore[attr-defined]
    yield place
    field.storage = before  # type: ignore[attr-defined]
