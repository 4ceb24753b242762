"""Plans to stop somebody from harming again, for tests."""

from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import User
from core.clock import local
from perpetrators.models import ManagementPlan
from perpetrators.services.management import Measure, Plan, write_plan
from tests.personas import person as persona
from tests.worlds import remembered
from victims.models import Person


def day(at: datetime, days: int) -> date:
    return local(at).date() + timedelta(days=days)


def a_plan(at: datetime, **changes: Any) -> Plan:
    """Visits each week, looked at again in four weeks; any part may be given instead."""
    fields: dict[str, Any] = {
        "aims": "He keeps away from former partners.",
        "measures": [Measure("Visit each week", "PC 1904 B. Ferris", day(at, 7))],
        "review_on": day(at, 28),
    }
    return Plan(**{**fields, **changes})


@remembered
def plan_for(
    who: Person, at: datetime, *, owner: User | None = None, **changes: Any
) -> ManagementPlan:
    """A written plan; the investigator has it unless somebody else is named."""
    investigator = persona("investigator")
    return write_plan(
        person_id=who.pk,
        plan=a_plan(at, **changes),
        owner=owner or investigator,
        actor=investigator,
        at=at,
    )
