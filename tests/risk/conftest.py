"""Fixtures that several tests of assessments share."""

from typing import Any

import pytest

from core import events


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every fact announced."""
    facts: list[Any] = []
    announce = events.announce
    monkeypatch.setattr(events, "announce", lambda fact: (facts.append(fact), announce(fact)))
    return facts
