"""A reassessment opened and concluded, for the tests of both."""

from datetime import timedelta
from typing import Any

from risk import services
from risk.models import Reassessment
from risk.services.triggers import fire
from tests.personas import person
from tests.risk.test_triggers import HEARD, fired, graded
from tests.worlds import remembered
from victims.models import Victim

LATER = HEARD + timedelta(minutes=20)


@remembered
def opened(grade: str = "medium", **more: Any) -> Reassessment:
    """One that a release opened; the officer has the risk."""
    victim = graded(grade)
    Victim.objects.filter(pk=victim.pk).update(risk_owner=person("officer"))
    [row] = fire(fired=[fired(victim, **more)], actor=person("custody"), at=HEARD)
    return row


def conclude(row: Reassessment, outcome: str = "kept", **more: Any) -> Reassessment:
    row.refresh_from_db()
    return services.conclude(
        **{
            "reassessment_id": row.pk,
            "outcome": outcome,
            "words": "She has moved to her sister and he does not know where.",
            "version": row.version,
            "actor": person("officer"),
            "at": LATER,
            **more,
        }
    )
