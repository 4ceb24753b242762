"""Officers sent, arrived and recording, through the services as in use."""

from datetime import datetime, timedelta
from typing import Any

from incidents.models import FirstResponse, Incident
from incidents.services import response
from incidents.services.response import Findings
from tests.factories.incidents import incident
from tests.personas import person

#: What an officer types who did everything; tests change one answer at a time.
DONE_WELL: dict[str, Any] = {
    "positive_action": "arrest",
    "positive_action_reason": "Breach of bail and threats made in front of us.",
    "spoken_apart": "yes",
    "children_present": "no",
    "account": "Door damaged. She was shaking and whispered.",
    "golden_hour": ("neighbours", "photographs_scene"),
    "body_worn_video": "yes",
    "supports_prosecution": "yes",
    "safety_plan": "Locks changed tonight; sister stays until Sunday.",
    "crime_committed": "no",
    "non_crime_reason": "Words only, no threat.",
}


def findings(**changes: Any) -> Findings:
    """The findings of an officer who did everything, with these answers changed."""
    return Findings(**{**DONE_WELL, **changes})


def sent(*officers: str, at: datetime, **changes: Any) -> Incident:
    """An incident to which these personas were sent at once (two officers unless named)."""
    row = incident(at=at, **changes)
    names = officers or ("officer", "officer_b")
    response.send_officers(
        incident_id=row.pk,
        officers=[person(name) for name in names],
        actor=person("handler"),
        at=at,
        fewer_reason="" if len(names) > 1 else "nobody else is near",
    )
    row.refresh_from_db()
    return row


def attended(*officers: str, at: datetime, **changes: Any) -> Incident:
    """An incident where the first of these officers arrived nine minutes after the call."""
    row = sent(*officers, at=at, **changes)
    response.record_arrival(
        incident_id=row.pk,
        actor=person((officers or ("officer",))[0]),
        at=at + timedelta(minutes=9),
    )
    row.refresh_from_db()
    return row


def responded(*, at: datetime, **changes: Any) -> FirstResponse:
    """A first response recorded half an hour after the call; `changes` are answers."""
    row = attended(at=at)
    return response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(**changes),
        version=0,
        at=at + timedelta(minutes=30),
    )
