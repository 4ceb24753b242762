"""A victim whose duties somebody has, and a duty that is offered to somebody else."""

from datetime import datetime

from tests.factories import victims
from tests.personas import person
from victims import services
from victims.models import Handover, Victim


def held(at: datetime, by: str = "officer") -> Victim:
    row = victims.victim(at=at)
    services.set_responsible(victim_id=row.pk, person=person(by), actor=person(by), at=at)
    row.refresh_from_db()
    return row


def offered(row: Victim, at: datetime, *, to: str = "officer_b", duty: str = "risk") -> Handover:
    return services.hand_over(
        victim_id=row.pk,
        duty=duty,
        to=person(to),
        words="Court on Friday; she is afraid of his brother.",
        actor=person("officer"),
        at=at,
    )
