"""Two people who accuse each other, for the tests of counter-allegations."""

from datetime import datetime
from typing import Any

from accounts.models import User
from incidents.company import company_of
from incidents.models import FirstResponse, Incident
from incidents.services import response
from tests.factories.incidents import in_call
from tests.factories.response import findings

ALLEGED: dict[str, Any] = {
    "counter_allegation": "yes",
    "counter_view": "unclear",
    "counter_reason": "Both have marks; she flinches when he moves.",
}


def two_of(row: Incident) -> tuple[str, str]:
    """References of the first-named victim and of the first-named perpetrator."""
    pair = company_of(row).pair
    assert pair is not None
    return pair[0].person.reference, pair[1].person.reference


def again(row: Incident, *, swapped: bool = False) -> Any:
    """The same two in another call; `swapped` names them the other way round."""
    pair = company_of(row).pair
    assert pair is not None
    harmed, accused = pair[::-1] if swapped else pair
    return (
        in_call("victim", person_id=harmed.person_id),
        in_call("perpetrator", person_id=accused.person_id),
    )


def roles(row: Incident) -> set[tuple[str, str]]:
    return set(row.involvements.values_list("person__given_name", "role"))


def record(row: Incident, who: User, at: datetime, version: int, **changes: Any) -> FirstResponse:
    return response.record_first_response(
        incident_id=row.pk, actor=who, findings=findings(row, **changes), version=version, at=at
    )
