"""What may follow once an incident is closed, and which clocks end."""

from datetime import datetime, timedelta

import pytest

from core.errors import DomainError
from deadlines.models import Deadline
from incidents.models import Incident
from incidents.services import response
from incidents.services.closure import deciding
from tests.factories import closure as gate
from tests.personas import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


# --- Once closed --------------------------------------------------------------------------------


def test_what_may_follow_once_closed(at: datetime) -> None:
    row = gate.closed(at=at)
    crime = response.record_crime(
        incident_id=row.pk, category="harassment", number="35/3/26", actor=person("officer"), at=at
    )
    assert crime.number == "35/3/26"
    row.refresh_from_db()
    assert row.state == "closed"
    with pytest.raises(DomainError):
        gate.requested(row, at=at)
    with pytest.raises(DomainError):
        response.record_arrival(incident_id=row.pk, actor=person("officer_b"), at=at)
    with pytest.raises(DomainError):
        response.send_officers(
            incident_id=row.pk, officers=[person("officer_b")], actor=person("handler"), at=at
        )


# --- Clocks ---------------------------------------------------------------------------------------


def test_nobody_is_awaited_at_what_is_closed(
    at: datetime, row: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is on the way all the same is turned back, and their clock with them.

    The gate refuses while somebody is on the way; closing itself leaves no clock behind either.
    """
    waiting = gate.requested(row, at=at)
    response.send_officers(
        incident_id=row.pk,
        officers=[person("officer_b")],
        actor=person("handler"),
        at=at,
        fewer_reason="nobody else is near",
        knowingly=True,
    )
    running = Deadline.objects.open().filter(kind__in=["arrival", "attendance"])
    assert running.filter(owner=person("officer_b")).exists()
    monkeypatch.setattr(deciding, "check_ready", lambda incident, at: None)
    gate.decided(waiting, "signed_off", at=at + HOUR)
    assert not running.all().exists()
    never_came = row.deployments.get(officer=person("officer_b"))
    assert never_came.stood_down_reason == "The incident is closed."
