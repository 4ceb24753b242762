"""Doors that stand open to the world: too many knocks in vain, and one waits."""

import pytest
from django.core.cache import cache
from django.test import Client

from core import knocks


@pytest.fixture(autouse=True)
def _nobody_knocked(db: None) -> None:
    cache.clear()


def test_whoever_knocks_in_vain_too_often_waits_and_nobody_else() -> None:
    for _ in range(knocks.MOST):
        assert not knocks.must_wait("voice", "192.0.2.1")
        knocks.in_vain("voice", "192.0.2.1")
    assert knocks.must_wait("voice", "192.0.2.1")
    assert not knocks.must_wait("voice", "192.0.2.2")
    assert not knocks.must_wait("another", "192.0.2.1")


def test_the_page_behind_a_link_makes_who_guesses_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocks, "MOST", 3)
    guesser, other = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    for number in range(3):
        assert guesser.get(f"/v/guess-{number}/").status_code == 404
    waits = guesser.get("/v/guess-4/")
    assert (waits.status_code, waits.cookies) == (429, {})
    assert "Too many pages" in waits.content.decode()
    assert guesser.post("/v/guess-5/", {}).status_code == 429
    assert other.get("/v/guess-6/").status_code == 404
