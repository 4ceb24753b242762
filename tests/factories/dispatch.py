"""Cars, and officers on duty in them."""

from datetime import datetime, timedelta

from accounts.models import Area, Team
from incidents.models import Duty, Unit
from incidents.services import dispatch
from tests.personas import person, team
from tests.worlds import remembered


@remembered
def unit(call_sign: str = "FE11", *, area: str = "") -> Unit:
    """A car of the test county's response team, or of another area's, made on first use."""
    ours = team("response")
    if area:
        place, _ = Area.objects.get_or_create(name=area)
        ours, _ = Team.objects.get_or_create(
            name=f"{area} response",
            defaults={"kind": "response", "agency": ours.agency, "area": place},
        )
    return Unit.objects.get_or_create(call_sign=call_sign, defaults={"team": ours})[0]


@remembered
def on_duty(
    *officers: str, at: datetime, car: Unit | None = None, hours: int = 8
) -> dict[str, Duty]:
    """These personas (two officers unless named), on duty from `at`, by their keys."""
    return {
        name: dispatch.start_duty(
            officer=person(name),
            actor=person("handler"),
            unit=car,
            at=at,
            ends_at=at + timedelta(hours=hours),
        )
        for name in officers or ("officer", "officer_b")
    }
