"""Two people at once on connections of their own: exactly one decision, exactly one request."""

from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError
from incidents.models import Closure, Incident
from incidents.services import closure
from tests.factories import closure as gate
from tests.marks import committed
from tests.personas import person
from tests.referrals.test_races import at_once


def two_inspectors() -> tuple[User, User]:
    first = person("inspector")
    second = User.objects.create_user("inspector_b", name="Insp B", team=first.team)
    second.groups.set(first.groups.all())
    return first, second


@committed
@pytest.mark.parametrize(
    "decisions",
    [("signed_off", "refused"), ("signed_off", "signed_off"), ("refused", "refused")],
)
def test_two_inspectors_at_once_make_one_decision(at: datetime, decisions: tuple[str, str]) -> None:
    row = gate.ready(at=at)
    request = gate.requested(row, at=at)
    results = at_once(
        *(
            lambda user=user, decision=decision: gate.decided(
                request, decision, at=at, by=user, words=f"{user} says so."
            )
            for user, decision in zip(two_inspectors(), decisions, strict=True)
        )
    )
    won = [one for one in results if isinstance(one, Closure)]
    lost = [one for one in results if isinstance(one, AlreadyTaken)]
    assert (len(won), len(lost)) == (1, 1)
    request.refresh_from_db()
    assert (request.decided_by, request.decision) == (won[0].decided_by, won[0].decision)
    row.refresh_from_db()
    assert (row.state == "closed") == (request.decision == "signed_off")
    decided = AuditEvent.objects.filter(
        verb__in=["incident.closure_signed_off", "incident.closure_refused"]
    )
    assert decided.count() == 1


@committed
def test_withdrawn_or_signed_but_never_both(at: datetime) -> None:
    row = gate.ready(at=at)
    request = gate.requested(row, at=at)
    take_back: dict[str, Any] = {"incident_id": row.pk, "closure_id": request.pk, "at": at}
    officer, inspector = person("officer"), person("inspector")
    results = at_once(
        lambda: closure.withdraw_closure(**take_back, actor=officer),
        lambda: gate.decided(request, "signed_off", at=at, by=inspector),
    )
    assert sum(isinstance(one, Closure) for one in results) == 1
    assert sum(isinstance(one, DomainError) for one in results) == 1
    request.refresh_from_db()
    state = Incident.objects.get(pk=row.pk).state
    assert (request.decision, state) in {("withdrawn", "attended"), ("signed_off", "closed")}


@committed
def test_a_request_pressed_twice_at_once_is_one(at: datetime) -> None:
    row = gate.ready(at=at)
    officer = person("officer")
    results = at_once(*(lambda: gate.requested(row, at=at, by=officer) for _ in range(2)))
    assert {one.pk for one in results if isinstance(one, Closure)} == {Closure.objects.get().pk}
