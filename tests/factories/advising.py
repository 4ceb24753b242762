"""Cases of the IDVA service for tests, through the services as everybody else's are."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from referrals import services
from referrals.models import IdvaCase
from tests.factories import victims
from tests.personas import person, team
from tests.worlds import remembered
from victims.models import Contact, Victim
from victims.services import log_contact


@remembered
def service() -> None:
    """The IDVA service of the test county: two advisers and who leads them; and the unit."""
    team("maru")
    for username in ("idva_manager", "idva", "idva_b"):
        person(username)


@remembered
def referred(at: datetime, *, victim: Victim | None = None, **changes: Any) -> IdvaCase:
    """A victim at high risk whom the unit refers; `changes` to what is said."""
    service()
    victim = victim or victims.victim(grade="high", at=at - timedelta(hours=1))
    said: dict[str, Any] = {
        "reason": "She asked for somebody beside her at court.",
        "victim_agrees": True,
        "actor": person("worker"),
    }
    return services.refer_to_advisers(victim_id=victim.pk, at=at, **{**said, **changes})


@remembered
def accepted(at: datetime, *, to: str = "idva", **made: Any) -> IdvaCase:
    """Accepted at `at` by whoever leads the service, and allocated to an adviser."""
    case = referred(at - timedelta(minutes=30), **made)
    return services.accept_idva_case(
        case_id=case.pk, to=person(to), version=case.version, actor=person("idva_manager"), at=at
    )


def contact(case: IdvaCase, at: datetime, *, by: User | None = None, **changes: Any) -> Contact:
    """An attempt by the adviser by the safe way of `victims.safe_contact`; not answered."""
    said: dict[str, Any] = {"way": "text", "outcome": "no_answer", "seen": 1}
    return log_contact(
        victim_id=case.victim_id, actor=by or case.owner, at=at, **{**said, **changes}
    )
