"""Somebody with several victims, on record under several spellings, for tests."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from incidents.models import Incident, Involvement
from tests.factories.incidents import DARREN, NOW, in_call, incident
from tests.worlds import remembered
from victims.models import Person, Victim

_houses = count(1)


@remembered
def complained_of(
    victim: dict[str, Any] | int, by: dict[str, Any] | int | None = None, **changes: Any
) -> Incident:
    """An incident of a victim, named or by person number, at an address of its own.

    `by`: the perpetrator, Darren unless another is named or given by number.
    """
    number = next(_houses)
    accused: dict[str, Any] | int = DARREN if by is None else by
    people = (
        in_call("victim", lives_here=True, **_named(victim)),
        in_call("perpetrator", **_named(accused)),
    )
    fields = {
        "address_line": f"{number} Long Row",
        "caller_name": "",
        "caller_number": f"07700 900{500 + number % 400}",
        **changes,
    }
    return incident(people=people, **fields)


def _named(who: dict[str, Any] | int) -> dict[str, Any]:
    return {"person_id": who} if isinstance(who, int) else who


def woman(given: str, family: str, **more: Any) -> dict[str, Any]:
    return {"given_name": given, "family_name": family, "sex": "female", **more}


JANE = woman("Jane", "Marlow")
PRIYA = woman("Priya", "Nair")
ANGELA = woman("Angela", "Stubbs")


def accused(row: Incident) -> Person:
    return Involvement.objects.get(incident=row, role="perpetrator").person


def harmed(row: Incident) -> Victim:
    victim = Involvement.objects.get(incident=row, role="victim").victim
    assert victim is not None
    return victim


@remembered
def serial_darren(at: datetime = NOW) -> Person:
    """Darren, complained of by Jane a year ago and by Priya now; not looked at yet."""
    darren = accused(complained_of(JANE, at=at - timedelta(days=365)))
    complained_of(PRIYA, darren.pk, at=at)
    return darren
