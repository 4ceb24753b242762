"""Sending officers: who may send whom, and what needs words."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import User
from core.errors import DomainError, InvalidInput
from incidents.events import OfficerSent
from incidents.models import Deployment, Incident
from incidents.services import response
from tests.factories.closure import closed
from tests.factories.incidents import incident
from tests.factories.response import findings, sent
from tests.incidents.helpers import headlines, of_kind

pytestmark = pytest.mark.django_db
People = Callable[[str], User]


def test_two_officers_are_sent(at: datetime, people: People, announced: list[object]) -> None:
    row = sent(at=at)
    assert row.state == Incident.State.SENT
    assert row.deployments.count() == 2
    assert "Two officers sent" in headlines(row)
    assert [event.officer.username for event in of_kind(announced, OfficerSent)] == [  # type: ignore[attr-defined]
        "officer",
        "officer_b",
    ]


def test_one_officer_needs_words(at: datetime, people: People) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people("handler"), at=at
        )
    assert refused.value.field == "fewer_reason"
    assert not Deployment.objects.exists()
    response.send_officers(
        incident_id=row.pk,
        officers=[people("officer")],
        actor=people("handler"),
        at=at,
        fewer_reason="nobody else within 40 minutes",
        knowingly=True,
    )
    assert "One officer sent: nobody else within 40 minutes" in headlines(row)


def test_a_second_officer_later_needs_no_words(at: datetime, people: People) -> None:
    row = sent("officer", at=at)
    response.send_officers(
        incident_id=row.pk,
        officers=[people("officer_b")],
        actor=people("handler"),
        at=at,
        knowingly=True,
    )
    assert row.deployments.count() == 2


def test_sending_again_changes_nothing(at: datetime, people: People) -> None:
    row = sent(at=at)
    before = headlines(row)
    again = response.send_officers(
        incident_id=row.pk,
        officers=[people("officer"), people("officer_b")],
        actor=people("handler"),
        at=at,
    )
    assert again == []
    assert headlines(row) == before


@pytest.mark.parametrize("who", ["officer", "worker", "idva", "nobody"])
def test_only_the_control_room_sends(at: datetime, people: People, who: str) -> None:
    row = incident(at=at)
    with pytest.raises(PermissionDenied):
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people(who), at=at
        )


@pytest.mark.parametrize("names", [[], ["worker", "officer"]])
def test_only_officers_are_sent(at: datetime, people: People, names: list[str]) -> None:
    row = incident(at=at)
    with pytest.raises(InvalidInput) as refused:
        response.send_officers(
            incident_id=row.pk,
            officers=[people(name) for name in names],
            actor=people("handler"),
            at=at,
        )
    assert refused.value.field == "officers"
    assert not Deployment.objects.exists()


def test_nobody_is_sent_to_a_closed_incident(at: datetime, people: People) -> None:
    row = closed(at=at)
    with pytest.raises(DomainError, match="closed"):
        response.send_officers(
            incident_id=row.pk, officers=[people("officer")], actor=people("handler"), at=at
        )
    with pytest.raises(DomainError, match="closed"):
        response.record_arrival(incident_id=row.pk, actor=people("officer_b"), at=at)
    with pytest.raises(DomainError, match="closed"):
        response.record_first_response(
            incident_id=row.pk, actor=people("officer"), findings=findings(row), version=1, at=at
        )
