"""What this app does when a lower app announces a fact."""

from accounts.events import PlaceChanged
from core.events import when
from incidents.events import (
    CrimeRecorded,
    FirstResponseRecorded,
    FurtherCallRecorded,
    IncidentLogged,
)
from referrals import services
from referrals.events import (
    AdviserAllocated,
    AdviserAsked,
    IdvaCaseClosed,
    ReferralCompleted,
    SharingAnswered,
    SharingWithdrawn,
)
from referrals.models import Survey
from referrals.services import voice
from risk.events import AssessmentReviewed, AssessmentSubmitted, GradeChanged
from victims.events import CaseClosed, CasesReopened, VictimReached, Withheld


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


@when(
    GradeChanged,
    then="open referrals that the unit had sent back to risk take the victim's grade",
)
def follow_victim(event: GradeChanged) -> None:
    services.follow_victim(
        victim_id=event.victim_id, grade=event.after, actor=event.actor, at=event.at
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


@when(
    PlaceChanged,
    then="clients of an adviser who works elsewhere now go to whoever leads the service",
)
def clients_stay_with_the_service(event: PlaceChanged) -> None:
    services.keep_in_service(person=event.person, actor=event.actor, at=event.at)


@when(
    Withheld,
    then="a worker who must not know gives the victim's referrals back to the queue, and is asked "
    "for no second opinion",
)
def no_worker_who_must_not_know(event: Withheld) -> None:
    services.keep_from_withheld(victim_id=event.victim_id, actor=event.actor, at=event.at)


@when(
    AdviserAllocated,
    then="a review of the risk is due within the policy's weeks; reminders of hearings go to "
    "whoever has the case",
)
def adviser_works(event: AdviserAllocated) -> None:
    services.owe_review(case_id=event.case_id, actor=event.actor, at=event.at)
    services.follow_case(case_id=event.case_id, actor=event.actor, at=event.at)


@when(IdvaCaseClosed, then="reminders of hearings of that client end")
def no_more_hearings(event: IdvaCaseClosed) -> None:
    services.follow_case(case_id=event.case_id, actor=event.actor, at=event.at)


@when(
    Withheld,
    then="what an agency was told is withdrawn, where it must not receive anything about the "
    "victim any more",
)
def no_agency_that_must_not_know(event: Withheld) -> None:
    if event.agency_id is not None:
        services.withdraw_from(
            victim_id=event.victim_id, agency_id=event.agency_id, actor=event.actor, at=event.at
        )


SCHOOL_TOLD = "a school is told of each child of school age before its next day begins"


@when(IncidentLogged, then=SCHOOL_TOLD)
def owe_schools(event: IncidentLogged) -> None:
    services.follow_children(
        incident_id=event.incident_id, is_new=True, actor=event.actor, at=event.at
    )


@when(FurtherCallRecorded, then=SCHOOL_TOLD)
def owe_schools_of_news(event: FurtherCallRecorded) -> None:
    services.follow_children(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(FirstResponseRecorded, then=SCHOOL_TOLD)
def owe_schools_of_the_scene(event: FirstResponseRecorded) -> None:
    services.follow_children(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(SharingAnswered, then="nobody waits for children's services' answer any more")
def children_answered(event: SharingAnswered) -> None:
    services.note_children_answer(sharing_id=event.sharing_id, actor=event.actor, at=event.at)


@when(SharingWithdrawn, then="nobody waits for an answer to what was withdrawn")
def no_answer_to_what_was_withdrawn(event: SharingWithdrawn) -> None:
    services.let_answer_go(
        sharing_id=event.sharing_id, because="Withdrawn", actor=event.actor, at=event.at
    )


@when(CaseClosed, then="what the victim thought of the police is to be asked by a safe way")
def ask_about_police(event: CaseClosed) -> None:
    voice.open_survey(
        victim_id=event.victim_id, about=Survey.About.POLICE, actor=event.actor, at=event.at
    )


@when(IdvaCaseClosed, then="what the client thought of the IDVA service is to be asked")
def ask_about_adviser(event: IdvaCaseClosed) -> None:
    voice.open_survey(
        victim_id=event.victim_id,
        about=Survey.About.ADVISER,
        idva_case_id=event.case_id,
        actor=event.actor,
        at=event.at,
    )


@when(CasesReopened, then="nobody is asked about an end that was none")
def not_the_end(event: CasesReopened) -> None:
    voice.fall_away(
        victim_ids=event.victim_ids,
        about=Survey.About.POLICE,
        because="The case is open again",
        actor=event.actor,
        at=event.at,
    )


@when(AdviserAsked, then="nobody is asked about the service's end while it is asked anew")
def not_the_end_of_support(event: AdviserAsked) -> None:
    voice.fall_away(
        victim_ids=[event.victim_id],
        about=Survey.About.ADVISER,
        because="The service is asked again",
        actor=event.actor,
        at=event.at,
    )
