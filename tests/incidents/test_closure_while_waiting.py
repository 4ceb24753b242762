"""What changes while a closure waits for its signature is read before it is signed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.errors import Stale
from incidents.models import Incident
from incidents.services import closure, crimes, response
from incidents.services.editing.further_calls import add_further_call
from risk import services as risk_services
from risk.models import Assessment
from tests.factories import closure as gate
from tests.factories.incidents import call
from tests.personas import person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def row(at: datetime) -> Incident:
    return gate.ready(at=at)


CALL_CRIME: dict[str, Any] = {"category": "stalking", "number": "42FW/77/26"}


def record_crime(row: Incident, at: datetime) -> None:
    response.record_crime(incident_id=row.pk, actor=person("officer"), at=at, **CALL_CRIME)


def record_outcome(row: Incident, at: datetime) -> None:
    crimes.record_outcome(
        crime_id=row.crimes.get().pk,
        outcome="charge",
        at_when=at,
        words="",
        version=1,
        actor=person("officer"),
        at=at,
    )


def record_arrests(row: Incident, at: datetime) -> None:
    crimes.record_arrests(
        crime_id=row.crimes.get().pk, arrests=1, version=1, actor=person("officer"), at=at
    )


def news_comes(row: Incident, at: datetime) -> None:
    news = call(received_at=at, people=(), answers={}, grade="", narrative="She rang again.")
    add_further_call(incident_id=row.pk, actor=person("handler"), at=at, call=news)


@pytest.mark.parametrize("happens", [record_crime, record_outcome, record_arrests, news_comes])
def test_what_changed_since_it_was_read_is_not_signed(
    at: datetime, row: Incident, happens: Callable[[Incident, datetime], None]
) -> None:
    if happens in (record_outcome, record_arrests):
        record_crime(row, at)
    waiting = gate.requested(row, at=at)
    row.refresh_from_db()
    read = row.version
    happens(row, at + HOUR)
    sign: dict[str, Any] = {
        "incident_id": row.pk,
        "closure_id": waiting.pk,
        "actor": person("inspector"),
        "decision": "signed_off",
        "at": at + HOUR,
    }
    with pytest.raises(Stale):
        closure.decide_closure(**sign, version=read)
    row.refresh_from_db()
    assert row.state != Incident.State.CLOSED
    closure.decide_closure(**sign, version=row.version)


def test_a_review_of_the_risk_is_read_before_signing(at: datetime, row: Incident) -> None:
    gate.requested(row, at=at)
    row.refresh_from_db()
    assessment = Assessment.objects.get(incident=row)
    risk_services.review_assessment(
        assessment_id=assessment.pk,
        actor=person("supervisor"),
        decision="accept",
        grade="",
        rationale="Agreed.",
        version=assessment.version,
        at=at,
    )
    assert Incident.objects.get(pk=row.pk).version > row.version


def test_nothing_is_refused_as_stale_for_a_crime_where_no_request_waits(
    at: datetime, row: Incident
) -> None:
    record_crime(row, at)
    row.refresh_from_db()
    record_outcome(row, at + HOUR)
    assert Incident.objects.get(pk=row.pk).version == row.version
