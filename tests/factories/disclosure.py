"""Applications to the disclosure scheme for tests, through the services."""

from datetime import datetime
from typing import Any

from incidents.models import Incident
from perpetrators.models import DisclosureApplication
from perpetrators.services import disclosure
from tests.factories.incidents import incident
from tests.factories.orders import parties
from tests.personas import person
from tests.worlds import remembered

REASONS = "She has heard that he was violent to somebody before her."


@remembered
def recorded(at: datetime, *, of: Incident | None = None, **changes: Any) -> DisclosureApplication:
    """Siobhán's sister asks about Darren Pike; the referral unit records it."""
    victim, complained_of = parties(of or incident(at=at))
    said: dict[str, Any] = {
        "victim_id": victim.pk,
        "person_id": complained_of.pk,
        "scheme": "ask",
        "applicant": "Aoife O'Neill, her sister",
        "received_at": at,
        "reasons": REASONS,
        "actor": person("worker"),
        "at": at,
    }
    return disclosure.record_application(**{**said, **changes})


@remembered
def checked(at: datetime, *, immediate_risk: bool = False, **changes: Any) -> DisclosureApplication:
    """Recorded and checked at one instant."""
    return disclosure.check_application(
        application_id=recorded(at, **changes).pk,
        immediate_risk=immediate_risk,
        words="Two earlier partners made complaints.",
        actor=person("worker"),
        at=at,
    )


@remembered
def decided(at: datetime, *, outcome: str = "disclose", **changes: Any) -> DisclosureApplication:
    """Recorded, checked and decided at one instant."""
    return disclosure.decide_application(
        application_id=checked(at, **changes).pk,
        outcome=outcome,
        words="Necessary to protect her, and proportionate.",
        actor=person("manager"),
        at=at,
    )


@remembered
def visited(at: datetime, **changes: Any) -> DisclosureApplication:
    """From the application to the visit, at one instant."""
    return disclosure.record_visit(
        application_id=decided(at, **changes).pk,
        told="in_danger",
        visited_at=at,
        words="Told of two convictions; asked to keep it to herself.",
        actor=person("worker"),
        at=at,
    )
