"""Reactions run at once, in order, in the announcing transaction; a failure undoes everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Area
from core import events


@dataclass(frozen=True)
class Happened:
    """Something happens in a test."""

    name: str


@pytest.fixture(autouse=True)
def clean() -> Iterator[None]:
    yield
    events._reactions.pop(Happened, None)


def test_reactions_run_in_order_of_registration() -> None:
    seen: list[str] = []
    events.when(Happened, then="first")(lambda event: seen.append("first " + event.name))

    @events.when(Happened, then="second")
    def second(event: Happened) -> None:
        seen.append("second " + event.name)

    events.announce(Happened("x"))
    assert seen == ["first x", "second x"]


def test_a_reaction_that_fails_undoes_what_was_announced(db: None) -> None:
    @events.when(Happened, then="fail")
    def fail(event: Happened) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError), transaction.atomic():
        Area.objects.create(name="Nowhere")
        events.announce(Happened("x"))
    assert not Area.objects.filter(name="Nowhere").exists()


def test_registering_the_same_reaction_twice_runs_it_once() -> None:
    seen: list[str] = []

    def note(event: Happened) -> None:
        seen.append(event.name)

    for _ in range(2):
        events.when(Happened, then="note it")(note)
    events.announce(Happened("x"))
    assert seen == ["x"]


def test_the_table_names_fact_and_consequence() -> None:
    events.when(Happened, then="somebody is told")(lambda event: None)
    out = StringIO()
    call_command("show_reactions", stdout=out)
    assert "when Something happens in a test\n  then somebody is told" in out.getvalue()
