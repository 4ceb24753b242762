"""What several tests of assessments need."""

from datetime import datetime
from typing import Any

from audit.models import AuditEvent
from deadlines.models import Deadline
from risk import services
from risk.models import Assessment


def verbs(assessment: Assessment) -> list[str]:
    rows = AuditEvent.objects.filter(subject=assessment.reference).order_by("pk")
    return [row.verb for row in rows if row.verb.startswith("assessment")]


def deadline(assessment: Assessment, kind: str) -> Deadline:
    return Deadline.objects.of(assessment).filter(kind=kind).latest("pk")


def keep(assessment: Assessment, at: datetime, answers: Any = None, **more: Any) -> Assessment:
    given = {"actor": assessment.officer, "version": assessment.version, **more}
    return services.keep_answers(assessment_id=assessment.pk, answers=answers or {}, at=at, **given)


def submit(row: Assessment, at: datetime, **more: Any) -> Assessment:
    given = {
        "actor": row.officer,
        "judged_grade": "high",
        "judged_reason": "Why.",
        "version": row.version,
        **more,
    }
    return services.submit_assessment(assessment_id=row.pk, at=at, **given)
