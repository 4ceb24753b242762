"""What agencies refer, for tests, through the service as in use."""

from datetime import date, datetime
from typing import Any

from accounts.models import User
from referrals import services
from referrals.models import AgencyReferral
from referrals.services import AgencySays
from tests.personas import person, team
from tests.worlds import remembered

SAYS: dict[str, Any] = {
    "given_name": "Siobhán",
    "family_name": "O'Neill",
    "date_of_birth": date(1991, 3, 14),
    "telephone": "07700 900417",
    "address_line": "Flat 4, 18 Tanglewood Court",
    "postcode": "PE1 9ZZ",
    "safe_contact": "Text only, between school runs.",
    "perpetrator": "Darren Pike, ex-partner",
    "children": "Ella, 6",
    "children_count": 1,
    "what_happened": "She told our housing officer that he waits outside each morning.",
    "grade": "medium",
    "grade_reason": "He follows her and has a key.",
    "yes_count": 8,
    "victim_agrees": True,
    "their_reference": "FH/2026/118",
}


def says(**changes: Any) -> AgencySays:
    """What a housing officer says of Siobhán; any part may be given instead."""
    return AgencySays(**{**SAYS, **changes})


@remembered
def referred(
    at: datetime, *, actor: User | None = None, key: Any = None, **changes: Any
) -> AgencyReferral:
    """A referral that an agency sent."""
    team("maru")
    return services.refer_to_unit(
        says=says(**changes), key=key, actor=actor or person("agency"), at=at
    )
