"""What puts a victim before a conference by itself, and what a conference learns of others."""

from core.events import when
from incidents.events import FurtherCallRecorded, IncidentLogged
from marac.services.cases import by_rule
from referrals.events import AgencyReferralIdentified, ReferralOpened
from risk.events import AssessmentReviewed, JudgedHigh, UnknownFound
from risk.models import AssessmentReview
from victims.events import CaseClosed

RETURNED = AssessmentReview.Decision.RETURN


@when(
    AssessmentReviewed,
    then="a victim who meets a criterion is proposed to the conference, with whoever harmed them; "
    "an open case learns what is new",
)
def propose_assessed(event: AssessmentReviewed) -> None:
    """Nothing for one that went back to its officer: it is reviewed again."""
    if event.decision != RETURNED:
        by_rule.of_assessment(
            incident_id=event.incident_id,
            victim_id=event.victim_id,
            actor=event.actor,
            at=event.at,
        )


@when(
    JudgedHigh,
    then="a victim whose risk is judged high between assessments is proposed to the conference",
)
def propose_judged(event: JudgedHigh) -> None:
    by_rule.of_judgement(victim_id=event.victim_id, actor=event.actor, at=event.at)


@when(
    UnknownFound,
    then="a victim who meets a criterion by what was found out after the review is proposed",
)
def propose_found_out(event: UnknownFound) -> None:
    """Before the review nothing: the review weighs it."""
    if event.is_reviewed:
        by_rule.of_assessment(
            incident_id=event.incident_id,
            victim_id=event.victim_id,
            actor=event.actor,
            at=event.at,
        )


REFERRED = (
    "somebody referred by an agency who meets a criterion is proposed to the conference, and again "
    "as whom it is about once that is clear"
)


@when(ReferralOpened, then=REFERRED)
def propose_referred(event: ReferralOpened) -> None:
    by_rule.of_agency(referral_id=event.referral_id, actor=event.actor, at=event.at)


@when(AgencyReferralIdentified, then=REFERRED)
def propose_identified(event: AgencyReferralIdentified) -> None:
    """What was proposed of somebody else goes to whom it is about."""
    by_rule.follow_identified(
        referral_id=event.referral_id,
        before_id=event.before_id,
        actor=event.actor,
        at=event.at,
    )


REPEATED = "two people whom a conference heard within the policy's months come before it again"


@when(IncidentLogged, then=REPEATED)
def propose_repeated(event: IncidentLogged) -> None:
    by_rule.of_incident(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(FurtherCallRecorded, then=REPEATED)
def propose_repeated_of_news(event: FurtherCallRecorded) -> None:
    """Whoever was named since the call may be one of the two."""
    by_rule.of_incident(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CaseClosed, then="the coordinator is told that the police closed the record of their case")
def say_that_the_record_closed(event: CaseClosed) -> None:
    by_rule.note_record_closed(victim_id=event.victim_id, actor=event.actor, at=event.at)
