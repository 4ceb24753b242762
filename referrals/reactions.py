"""What this app does when a lower app announces a fact."""

from core.events import when
from incidents.events import CrimeRecorded
from referrals import services
from risk.events import AssessmentReviewed, AssessmentSubmitted


@when(
    AssessmentSubmitted,
    then="a referral lands in the MARU queue at medium and above, its time running from "
    "submission; one that is there follows the grade",
)
def refer(event: AssessmentSubmitted) -> None:
    services.follow_grade(
        assessment_id=event.assessment_id, grade=event.grade, actor=event.actor, at=event.at
    )


@when(
    AssessmentReviewed,
    then="the referral follows the grade; one regraded to medium and above is referred from the "
    "original submission",
)
def follow_review(event: AssessmentReviewed) -> None:
    services.follow_grade(
        assessment_id=event.assessment_id, grade=event.grade, actor=event.actor, at=event.at
    )


@when(CrimeRecorded, then="the incident's referrals say which crime it is")
def name_the_crime(event: CrimeRecorded) -> None:
    services.follow_crime(incident_id=event.incident_id)
