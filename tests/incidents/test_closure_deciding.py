"""Deciding on a closure: who may do what from where, and what comes of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from audit.models import AuditEvent
from core.errors import AlreadyTaken, DomainError, InvalidInput, Stale
from deadlines.models import Deadline, Notification
from incidents.events import ClosureRefused, IncidentClosed
from incidents.models import Closure, Deployment, Incident
from incidents.services import closure, response
from tests.factories import closure as gate
from tests.personas import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


def second_inspector() -> User:
    user = User.objects.create_user("inspector_b", name="Insp B", team=person("inspector").team)
    user.groups.set(person("inspector").groups.all())
    return user


def test_an_inspector_signs_and_the_incident_is_closed(
    at: datetime, row: Incident, announced: list[object]
) -> None:
    before = row.version
    request = gate.requested(row, at=at)
    gate.decided(request, "signed_off", at=at + HOUR)
    row.refresh_from_db()
    request.refresh_from_db()
    assert (row.state, row.closed_at, row.version) == ("closed", at + HOUR, before + 1)
    assert (request.decision, request.decided_by) == ("signed_off", person("inspector"))
    assert Deadline.objects.get(kind="closure_sign_off").state == "met"
    assert not Deadline.objects.open().filter(kind="attendance").exists()
    assert not Deployment.objects.filter(incident=row, cleared_at__isnull=True).exists()
    assert IncidentClosed in {type(one) for one in announced}
    assert AuditEvent.objects.filter(
        incident_id=row.pk, verb="incident.closure_signed_off"
    ).exists()


def test_a_refusal_goes_back_with_words(
    at: datetime, row: Incident, announced: list[object]
) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(InvalidInput) as bare:
        gate.decided(request, "refused", at=at, words="  ")
    assert bare.value.field == "words"
    gate.refused(request, at=at + 5 * HOUR, words="Where is she now, and with whom?")
    row.refresh_from_db()
    assert row.state == "attended"
    assert Deadline.objects.get(kind="closure_sign_off").state == "met_late"
    assert ClosureRefused in {type(one) for one in announced}
    told = Notification.objects.get(user=person("officer"), headline__startswith="Closure refused")
    assert told.path == f"/incidents/{row.reference}/closure/"
    again = gate.requested(row, at=at + 5 * HOUR)
    assert again.pk != request.pk
    assert Deadline.objects.open().get(kind="closure_sign_off").subject_id == again.pk


def test_only_who_asked_withdraws(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    take_back: dict[str, Any] = {"incident_id": row.pk, "closure_id": request.pk, "at": at}
    for who in ("handler", "inspector", "officer_b", "worker"):
        with pytest.raises(PermissionDenied):
            closure.withdraw_closure(**take_back, actor=person(who))
    closure.withdraw_closure(**take_back, actor=person("officer"))
    closure.withdraw_closure(**take_back, actor=person("officer"))
    assert Closure.objects.get().decision == "withdrawn"
    assert Deadline.objects.get(kind="closure_sign_off").state == "cancelled"
    assert AuditEvent.objects.filter(verb="incident.closure_withdrawn").count() == 1
    gate.requested(row, at=at)


@pytest.mark.parametrize("who", ["handler", "officer", "supervisor", "head", "worker", "idva"])
@pytest.mark.parametrize("decision", ["signed_off", "refused"])
def test_nobody_but_an_inspector_decides(
    at: datetime, row: Incident, who: str, decision: str
) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(PermissionDenied):
        gate.decided(request, decision, at=at, by=person(who), words="So.")
    request.refresh_from_db()
    assert request.decision == ""


def test_an_inspector_never_decides_what_they_asked_or_answered(
    at: datetime, row: Incident
) -> None:
    request = closure.request_closure(
        incident_id=row.pk,
        actor=person("inspector"),
        answered_by=person("officer"),
        answers=gate.answered(),
        at=at,
    )
    for decision in ("signed_off", "refused"):
        with pytest.raises(PermissionDenied, match="another inspector"):
            gate.decided(request, decision, at=at, words="So.")
    gate.decided(request, "signed_off", at=at, by=second_inspector())
    assert Incident.objects.get(pk=row.pk).state == "closed"


#: From (decision there is) and asked (act) to what comes of it: a state, or the refusal.
TABLE: list[tuple[str, str, str | type[Exception]]] = [
    ("", "signed_off", "signed_off"),
    ("", "refused", "refused"),
    ("", "withdraw", "withdrawn"),
    ("", "nonsense", InvalidInput),
    # The same again by the same person, from a second press.
    ("signed_off", "signed_off", "signed_off"),
    ("refused", "refused", "refused"),
    ("withdrawn", "withdraw", "withdrawn"),
    # Anything else from what is decided.
    ("signed_off", "refused", AlreadyTaken),
    ("signed_off", "withdraw", DomainError),
    ("refused", "signed_off", AlreadyTaken),
    ("refused", "withdraw", DomainError),
    ("withdrawn", "signed_off", DomainError),
    ("withdrawn", "refused", DomainError),
]


@pytest.mark.parametrize(("there", "act", "outcome"), TABLE)
def test_every_step_from_every_state(
    at: datetime, row: Incident, there: str, act: str, outcome: str | type[Exception]
) -> None:
    request = gate.requested(row, at=at)
    if there:
        step(request, "withdraw" if there == "withdrawn" else there, at)
    events_before = AuditEvent.objects.count()
    if isinstance(outcome, str):
        step(request, act, at)
    else:
        with pytest.raises(outcome):
            step(request, act, at)
    request.refresh_from_db()
    assert request.decision == (outcome if isinstance(outcome, str) else there)
    closed = Incident.objects.get(pk=row.pk).state == "closed"
    assert closed == (request.decision == "signed_off")
    if there:
        assert AuditEvent.objects.count() == events_before


def step(request: Closure, act: str, at: datetime) -> None:
    if act == "withdraw":
        closure.withdraw_closure(
            incident_id=request.incident_id,
            closure_id=request.pk,
            actor=person("officer"),
            at=at,
        )
    else:
        gate.decided(request, act, at=at, words="Where is she now?")


def test_another_inspector_comes_too_late(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    gate.decided(request, "signed_off", at=at)
    with pytest.raises(AlreadyTaken, match=r"Insp V\. Castle signed this off at 10:00"):
        gate.decided(request, "signed_off", at=at, by=second_inspector())


def test_a_page_that_shows_a_withdrawn_request_decides_nothing(at: datetime, row: Incident) -> None:
    first = gate.requested(row, at=at)
    step(first, "withdraw", at)
    second = gate.requested(row, at=at, injuries=("no", "Her hand is cut."))
    with pytest.raises(DomainError, match="withdrew this request"):
        gate.decided(first, "signed_off", at=at)
    second.refresh_from_db()
    assert second.decision == ""


def test_a_signature_on_another_state_of_the_incident_is_stale(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    with pytest.raises(Stale) as stale:
        closure.decide_closure(
            incident_id=row.pk,
            closure_id=request.pk,
            actor=person("inspector"),
            decision="signed_off",
            version=row.version - 1,
            at=at,
        )
    assert stale.value.version == row.version
    closure.decide_closure(
        incident_id=row.pk,
        closure_id=request.pk,
        actor=person("inspector"),
        decision="refused",
        words="It has changed.",
        version=row.version - 1,
        at=at,
    )


def test_a_crime_recorded_while_it_waits_is_what_is_signed(at: datetime, row: Incident) -> None:
    request = gate.requested(row, at=at)
    response.record_crime(
        incident_id=row.pk, category="harassment", number="35/2/26", actor=person("officer"), at=at
    )
    gate.decided(request, "signed_off", at=at)
    request.refresh_from_db()
    assert (request.kind, request.non_crime_reason) == ("crime", "")
    assert Incident.objects.get(pk=row.pk).non_crime_reason == ""
