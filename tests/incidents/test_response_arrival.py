"""The briefing read and the arrival: said once, and what follows."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import InvalidInput
from incidents.events import OfficerArrived
from incidents.models import Incident
from incidents.services import response
from tests.factories.incidents import incident
from tests.factories.response import attended, sent
from tests.incidents.helpers import headlines, of_kind
from victims.models import Victim
from victims.services import set_responsible

pytestmark = pytest.mark.django_db
People = Callable[[str], User]
NINE = timedelta(minutes=9)


def test_the_first_reading_of_the_briefing_counts(at: datetime, people: People) -> None:
    row = sent(at=at)
    for minutes in (2, 5):
        read = response.read_briefing(
            incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=minutes)
        )
    assert read is not None
    assert read.briefing_read_at == at + timedelta(minutes=2)
    assert headlines(row).count("PC 2210 T. Hale read the briefing") == 1
    assert response.read_briefing(incident_id=row.pk, actor=people("supervisor"), at=at) is None


def test_arrival_is_said_once(at: datetime, people: People, announced: list[object]) -> None:
    row = sent(at=at)
    for minutes in (9, 11):
        response.record_arrival(
            incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=minutes)
        )
    row.refresh_from_db()
    assert row.state == Incident.State.ATTENDED
    assert row.deployments.get(officer=people("officer")).arrived_at == at + NINE
    assert headlines(row).count("PC 2210 T. Hale arrived 9 minutes after the call") == 1
    assert len(of_kind(announced, OfficerArrived)) == 1


def test_being_late_is_said(at: datetime, people: People) -> None:
    row = sent(at=at)
    row.attend_by = at + timedelta(minutes=15)
    row.save(update_fields=["attend_by"])
    response.record_arrival(
        incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=16)
    )
    assert "PC 2210 T. Hale arrived 16 minutes after the call, 1 minute late" in headlines(row)


def test_the_first_officer_there_becomes_responsible(at: datetime, people: People) -> None:
    row = attended(at=at)
    victim = Victim.objects.get()
    assert victim.contact_owner == people("officer")
    response.record_arrival(
        incident_id=row.pk, actor=people("officer_b"), at=at + timedelta(minutes=12)
    )
    victim.refresh_from_db()
    assert victim.contact_owner == people("officer")


def test_a_further_call_ends_no_plan_that_somebody_keeps(at: datetime, people: People) -> None:
    """Contact passes to whoever is there; risk and plan only where nobody who is here has them."""
    row = sent(at=at)
    victim = Victim.objects.get()
    for duty, who in (("plan", "worker"), ("risk", "worker_b"), ("contact", "worker")):
        set_responsible(
            victim_id=victim.pk, person=people(who), duties=[duty], actor=people(who), at=at
        )
    User.objects.filter(pk=people("worker_b").pk).update(is_active=False)
    response.record_arrival(
        incident_id=row.pk, actor=people("officer"), at=at + timedelta(minutes=9)
    )
    victim.refresh_from_db()
    assert victim.plan_owner == people("worker")
    assert victim.contact_owner == victim.risk_owner == people("officer")


def test_an_officer_whom_nobody_sent_sends_themselves(at: datetime, people: People) -> None:
    row = incident(at=at)
    deployment = response.record_arrival(incident_id=row.pk, actor=people("officer"), at=at + NINE)
    assert deployment.sent_by == people("officer")
    assert deployment.arrived_at == at + NINE


@pytest.mark.parametrize("who", ["handler", "worker", "idva", "nobody"])
def test_only_officers_arrive(at: datetime, people: People, who: str) -> None:
    row = incident(at=at)
    with pytest.raises(PermissionDenied):
        response.record_arrival(incident_id=row.pk, actor=people(who), at=at)


@pytest.mark.parametrize("minutes", [-1, 31])
def test_arrival_before_the_call_or_ahead_is_refused(
    at: datetime, people: People, minutes: int
) -> None:
    row = sent(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.record_arrival(
            incident_id=row.pk,
            actor=people("officer"),
            at=at + timedelta(minutes=30),
            arrived_at=at + timedelta(minutes=minutes),
        )
    assert refused.value.field == "arrived_at"
