"""Referrals for tests: made as they are in life, by an assessment that is submitted."""

from datetime import datetime, timedelta
from typing import Any

from accounts.models import Agency, User
from referrals import services
from referrals.models import Referral, SecondOpinion, Sharing
from tests.factories import risk
from tests.personas import person, team
from tests.worlds import remembered

#: Long before a test's "now": the risk factory submits forty minutes after it begins.
SUBMISSION = timedelta(minutes=40)


@remembered
def a_referral(at: datetime, *, grade: str = "medium", **made: Any) -> Referral:
    """One that lands in the queue at `at`; `made` as for a draft assessment (victim, incident)."""
    team("maru")
    assessment = risk.submitted(at - SUBMISSION, judged=grade, **made)
    return Referral.objects.get(assessment=assessment)


@remembered
def many(count: int, at: datetime, *, grade: str = "medium") -> list[Referral]:
    """Several victims' referrals of one instant, all but the first written straight into the table.

    For counting queries and pages: each has its own assessment, incident and victim are shared.
    """
    first = a_referral(at, grade=grade)
    assessment = first.assessment
    copies = []
    for number in range(1, count):
        incident = risk.an_incident(at, first.victim)
        assessment.pk, assessment.reference = None, f"RA-X-{number:06d}"
        assessment.incident = incident
        assessment._state.adding = True
        assessment.save(force_insert=True)
        copies.append(
            Referral(
                reference=f"RF-X-{number:06d}",
                victim=first.victim,
                incident=incident,
                assessment_id=assessment.pk,
                grade=grade,
                risk_rank=first.risk_rank,
                submitted_at=at,
                due_at=first.due_at + timedelta(seconds=number),
                about=first.about,
            )
        )
    Referral.objects.bulk_create(copies)
    return [first, *copies]


@remembered
def claimed(referral: Referral, at: datetime, *, by: User | None = None) -> Referral:
    """The referral in a worker's hands."""
    return services.claim(referral_id=referral.pk, actor=by or person("worker"), at=at)


@remembered
def an_agency(name: str = "Fenwick Housing", kind: str = "housing") -> Agency:
    """A partner."""
    return Agency.objects.get_or_create(name=name, defaults={"kind": kind})[0]


@remembered
def shared(referral: Referral, at: datetime, **changes: Any) -> Sharing:
    """Shared with an agency by the worker who has it; `changes` to what is said."""
    said: dict[str, Any] = {
        "agency_id": an_agency().pk,
        "what": ["identity", "risk"],
        "why": "She asked to be moved.",
        "basis": "public_task",
        "consent": "given",
        "actor": referral.claimed_by,
    }
    return services.share(referral_id=referral.pk, at=at, **{**said, **changes})


@remembered
def an_opinion(referral: Referral, at: datetime) -> SecondOpinion:
    """Asked by one worker of the other, whoever has the referral."""
    return SecondOpinion.objects.create(
        referral=referral,
        victim_id=referral.victim_id,
        asked_by=person("worker"),
        asked_of=person("worker_b"),
        asked_at=at,
        question="Is this stalking?",
    )


@remembered
def completed(referral: Referral, at: datetime, **changes: Any) -> Referral:
    """Finished by the worker who has it."""
    said: dict[str, Any] = {
        "outcome": "owner_named",
        "words": "D. Marsh rings her each Monday.",
        "no_idva_reason": "She has one already.",
        "late_because": "too_many",
        "late_reason": "Nobody was on duty.",
        "version": referral.version,
        "actor": referral.claimed_by,
    }
    return services.complete(referral_id=referral.pk, at=at, **{**said, **changes})
