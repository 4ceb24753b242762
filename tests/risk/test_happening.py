"""Incidents, moves and separations as triggers, from the services that record them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core import events
from deadlines.models import Deadline
from incidents.models import Incident
from incidents.services.calls import CallDetails, log_call
from incidents.services.people import PersonInCall
from risk import services
from risk.models import Reassessment, ReassessmentReason
from tests.factories import risk as make
from tests.personas import person
from victims.events import CircumstanceRecorded
from victims.models import Circumstance, Victim


@pytest.fixture(autouse=True)
def who_leads(people: Callable[[str], User]) -> None:
    for username in ("supervisor", "handler", "officer"):
        people(username)


def a_call(victim: Victim | None, at: datetime, **more: Any) -> Incident:
    her = (
        PersonInCall(role="victim", person_id=victim.person_id)
        if victim
        else PersonInCall(role="victim", given_name="Ada", family_name="Newcome")
    )
    call = CallDetails(
        received_at=at - timedelta(minutes=5),
        narrative="He is shouting at the door.",
        grade="immediate",
        grade_override_reason="He is at the door.",
        area_id=victim.area_id if victim else None,
        people=(her,),
        **more,
    )
    return log_call(actor=person("handler"), at=at, call=call)


def graded(at: datetime, grade: str = "high") -> Victim:
    victim = make.a_victim(at - timedelta(days=60))
    since = at - timedelta(days=30) if grade else None
    Victim.objects.filter(pk=victim.pk).update(grade=grade, grade_since=since)
    victim.refresh_from_db()
    return victim


def test_a_new_incident_of_somebody_assessed_before(at: datetime) -> None:
    victim = graded(at)
    incident = a_call(victim, at)
    row = Reassessment.objects.get(victim=victim)
    reason = row.reasons.get()
    assert reason.trigger == "new_incident"
    assert (reason.source_type, reason.source_id) == ("incidents.incident", incident.pk)
    assert incident.reference in reason.words
    assert row.due_at == incident.received_at + timedelta(hours=24)
    assert row.owner == person("supervisor")
    assert Deadline.objects.get(kind="reassessment").due_at == row.due_at


def test_it_ends_with_the_assessment_of_that_incident(at: datetime) -> None:
    victim = graded(at)
    incident = a_call(victim, at)
    incident = Incident.objects.get(pk=incident.pk)
    begun = make.draft(at + timedelta(hours=1), victim=victim, incident=incident)
    make.kept(begun, at=at)
    begun.refresh_from_db()
    services.submit_assessment(
        assessment_id=begun.pk,
        actor=begun.officer,
        judged_grade="high",
        judged_reason="Her account.",
        version=begun.version,
        at=at + timedelta(hours=2),
    )
    row = Reassessment.objects.get(victim=victim)
    assert (row.state, row.outcome) == ("done", "assessed")
    assert Deadline.objects.get(kind="reassessment").state == "met"


def test_a_first_incident_calls_for_nothing_more(at: datetime) -> None:
    a_call(None, at)
    a_call(graded(at, ""), at + timedelta(minutes=1))
    assert not Reassessment.objects.exists()


def test_nobody_to_look_at_costs_one_statement(at: datetime) -> None:
    victim = graded(at, "")
    a_call(victim, at)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        a_call(victim, at + timedelta(hours=1))
    own = [one["sql"] for one in asked if "risk_touched" in one["sql"]]
    assert len(own) == 1
    assert not [one["sql"] for one in asked if "risk_reassessment" in one["sql"]]


@pytest.mark.parametrize("grade", ["", "high"])
def test_a_closed_case_is_open_again(at: datetime, grade: str) -> None:
    victim = graded(at, grade)
    Victim.objects.filter(pk=victim.pk).update(closed_at=at, closed_reason="Moved away")
    incident = a_call(victim, at + timedelta(days=1))
    victim.refresh_from_db()
    assert victim.closed_at is None
    assert incident.reference
    assert Reassessment.objects.count() == (1 if grade else 0)


@pytest.mark.parametrize(
    ("kind", "trigger"),
    [("moved", "moved"), ("separated", "separated"), ("pregnant", ""), ("other", "")],
)
def test_what_changed_in_her_life(at: datetime, kind: str, trigger: str) -> None:
    victim = graded(at)
    row = Circumstance.objects.create(
        victim=victim,
        kind=kind,
        happened_at=at - timedelta(days=1),
        recorded_at=at,
        recorded_by=person("officer"),
        words="To her sister's, in Fenwick",
    )
    events.announce(
        CircumstanceRecorded(
            circumstance_id=row.pk,
            victim_id=victim.pk,
            kind=kind,
            happened_at=row.happened_at,
            actor=person("officer"),
            at=at,
        )
    )
    triggers = list(ReassessmentReason.objects.values_list("trigger", flat=True))
    assert triggers == ([trigger] if trigger else [])
    if trigger:
        reason = ReassessmentReason.objects.get()
        assert reason.happened_at == row.happened_at
        assert "To her sister's" in reason.words
