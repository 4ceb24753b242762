"""What this app does when a lower app announces a fact."""

from core.events import when
from incidents.events import CrimeRecorded
from referrals import services
from referrals.events import ReferralCompleted
from risk.events import AssessmentReviewed, AssessmentSubmitted
from victims.events import VictimReached, Withheld


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


@when(
    ReferralCompleted,
    then="the IDVA service is asked for the victim where an IDVA was offered; whoever leads it has "
    "the case at once",
)
def ask_advisers(event: ReferralCompleted) -> None:
    services.refer_completed(referral_id=event.referral_id, actor=event.actor, at=event.at)


@when(
    VictimReached,
    then="the first contact of the IDVA service is made, where an adviser of theirs reached them",
)
def first_contact(event: VictimReached) -> None:
    services.note_reached(
        contact_id=event.contact_id, victim_id=event.victim_id, actor=event.actor, at=event.at
    )


@when(
    Withheld,
    then="a case of the IDVA service goes to whoever leads it, where the adviser must not know; "
    "it is over where nobody there may",
)
def no_adviser_who_must_not_know(event: Withheld) -> None:
    services.keep_from(victim_id=event.victim_id, actor=event.actor, at=event.at)
