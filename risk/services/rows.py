"""What every step of an assessment does with its row."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from core.clock import local
from core.errors import DomainError, Stale
from risk.models import Assessment
from risk.permissions import can_judge, can_write
from risk.services.answering import may_answer

State = Assessment.State


def lock(assessment_id: int) -> Assessment:
    """The assessment, held until the transaction ends. Raises Assessment.DoesNotExist."""
    held = Assessment.objects.select_for_update(of=("self",))
    held.values_list("pk").get(pk=assessment_id)
    # Read only now: whoever was first may have put another officer in, and a row that is waited
    # for together with what it points at is then not found at all.
    row: Assessment = (
        Assessment.objects.select_related("victim", "incident", "instrument")
        .select_related("officer__team__supervisor", "reassessment__victim")
        .get(pk=assessment_id)
    )
    return row


def changed(assessment: Assessment, *fields: str, writer: str = "") -> None:
    """Save these fields of a locked assessment as its next version."""
    assessment.version += 1
    assessment.writer = writer
    assessment.save(update_fields=[*fields, "version", "writer"])


def may_write(user: User, assessment: Assessment, at: datetime) -> bool:
    """`can_write`, asking whether this person was sent to the incident.

    One that was begun because risk must be looked at again is written by those who do so.
    """
    if assessment.reassessment is not None:
        own = can_judge(user) and user.pk == assessment.officer_id
        return own or may_answer(user, assessment.reassessment, at)
    was_there = assessment.incident.deployments.filter(officer=user).exists()
    return can_write(user, assessment, was_there=was_there)


def require_unfinished(assessment: Assessment) -> None:
    """Raises DomainError once it is submitted or reviewed, with words that say what to do."""
    if assessment.state == State.SUBMITTED:
        raise DomainError(
            "This assessment was submitted and waits for review. Your supervisor can return it "
            "to you if something must change.",
            code="submitted",
        )
    if assessment.state == State.REVIEWED:
        there = local(assessment.reviewed_at or assessment.started_at)
        raise DomainError(
            f"This assessment was reviewed on {there.day} {there:%b at %H:%M} and stays as it is.",
            code="reviewed",
        )


def require_version(
    assessment: Assessment, version: int, yours: Mapping[str, object], *, writer: str = ""
) -> None:
    """Raises Stale, with both versions, unless the page knew the newest or wrote it itself."""
    if assessment.version == version or (writer and assessment.writer == writer):
        return
    raise Stale(
        "This assessment was changed in another window or by somebody else. Copy what you need, "
        "then load the page again.",
        theirs={
            "answers": assessment.answers,
            "judged_grade": assessment.judged_grade,
            "judged_reason": assessment.judged_reason,
        },
        yours=dict(yours),
        version=assessment.version,
    )
