"""Calls for tests, logged through the service as the control room logs them."""

from datetime import UTC, date, datetime
from typing import Any

from accounts.models import Area, User
from incidents.models import Incident
from incidents.services.calls import CallDetails, log_call
from incidents.services.people import PersonInCall
from tests.personas import person
from tests.worlds import remembered

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

SIOBHAN: dict[str, Any] = {
    "given_name": "Siobhán",
    "family_name": "O'Neill",
    "date_of_birth": date(1991, 3, 14),
    "sex": "female",
    "relationship": "ex-partner",
}
DARREN: dict[str, Any] = {
    "given_name": "Darren",
    "family_name": "Pike",
    "date_of_birth": date(1987, 9, 2),
    "sex": "male",
}


def in_call(role: str, **fields: Any) -> PersonInCall:
    """Somebody in a call: in_call("victim", **SIOBHAN), or in_call("victim", person_id=7)."""
    return PersonInCall(role=role, **fields)


def couple() -> tuple[PersonInCall, ...]:
    """A victim who lives at the address, and a perpetrator who does not."""
    return (
        in_call("victim", lives_here=True, **SIOBHAN),
        in_call("perpetrator", **DARREN),
    )


def call(**changes: Any) -> CallDetails:
    """An ordinary call of two people who are named; any field may be given instead."""
    fields: dict[str, Any] = {
        "received_at": changes.get("received_at", NOW),
        "narrative": "He is outside, banging on the door.",
        "caller_name": "Siobhán O'Neill",
        "caller_number": "07700 900417",
        "address_line": "Flat 4, 18 Tanglewood Court",
        "postcode": "PE1 9ZZ",
        "answers": {"danger": "yes", "whereabouts": "here"},
    }
    if "people" not in changes:
        fields["people"] = couple()
    return CallDetails(**{**fields, **changes})


@remembered
def incident(
    *,
    actor: User | None = None,
    at: datetime | None = None,
    area: Area | None = None,
    **changes: Any,
) -> Incident:
    """A logged incident; the area is the test county's unless another is given.

    `at` is when it was received and logged (NOW by default). The rest are fields of `CallDetails`.
    """
    actor = actor or person("handler")
    at = at or changes.get("received_at") or NOW
    area = area or Area.objects.get_or_create(name="Fenwick")[0]
    changes.setdefault("received_at", at)
    changes.setdefault("area_id", area.pk)
    return log_call(actor=actor, at=at, call=call(**changes))
