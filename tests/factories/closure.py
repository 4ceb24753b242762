"""Incidents on their way through the closure gate, through the services as in use."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from incidents.closing import QUESTIONS, Answers, Given
from incidents.models import Closure, Incident
from incidents.services import closure, response
from risk import services as risk_services
from risk.models import Assessment
from tests.factories import risk
from tests.factories.response import findings, sent
from tests.personas import person
from tests.worlds import remembered


def answered(**changes: Any) -> Answers:
    """Every question answered as an officer does who did everything; `code=("no", "why")`."""
    given = {
        question.code: Given(answer="yes", words="Her sister is with her." * question.always)
        for question in QUESTIONS
    }
    given |= {code: Given(answer=answer, words=words) for code, (answer, words) in changes.items()}
    return given


@remembered
def ready(*, at: datetime, **changes: Any) -> Incident:
    """An incident that may be closed: attended by one officer, recorded and assessed.

    The call was three hours before `at`; `changes` are fields of the call.
    """
    called = at - timedelta(hours=3)
    row = sent("officer", at=called, **changes)
    response.record_arrival(
        incident_id=row.pk, actor=person("officer"), at=called + timedelta(minutes=9)
    )
    response.record_first_response(
        incident_id=row.pk,
        actor=person("officer"),
        findings=findings(),
        version=0,
        at=called + timedelta(minutes=30),
    )
    for assessment in Assessment.objects.filter(incident=row).select_related("officer"):
        assess(assessment, called + timedelta(hours=1))
    row.refresh_from_db()
    return row


def assess(assessment: Assessment, at: datetime) -> Assessment:
    """Answer every topic and submit."""
    kept = risk.kept(assessment, at=at)
    return risk_services.submit_assessment(
        assessment_id=kept.pk,
        actor=kept.officer,
        judged_grade=kept.suggested_grade,
        judged_reason="Her account and the scene.",
        version=kept.version,
        at=at,
    )


@remembered
def requested(
    incident: Incident, *, at: datetime, by: User | None = None, reason: str = "", **changes: Any
) -> Closure:
    """A request for closure that waits for an inspector; `changes` are answers."""
    return closure.request_closure(
        incident_id=incident.pk,
        actor=by or person("officer"),
        answers=answered(**changes),
        non_crime_reason=reason,
        at=at,
    )


def refused(waiting: Closure, *, at: datetime, words: str = "Where is she now?") -> Closure:
    """The request, sent back by the inspector."""
    return decided(waiting, "refused", at=at, words=words)


@remembered
def closed(*, at: datetime, **changes: Any) -> Incident:
    """An incident closed by the inspector's signature."""
    row = ready(at=at, **changes)
    decided(requested(row, at=at), "signed_off", at=at)
    row.refresh_from_db()
    return row


def decided(
    waiting: Closure, decision: str, *, at: datetime, by: User | None = None, words: str = ""
) -> Closure:
    """The request with an inspector's decision."""
    return closure.decide_closure(
        incident_id=waiting.incident_id,
        closure_id=waiting.pk,
        actor=by or person("inspector"),
        decision=decision,
        words=words,
        at=at,
    )
