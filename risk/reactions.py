"""What this app does when a lower app announces a fact."""

from datetime import datetime

from accounts.models import User
from core.events import when
from incidents.events import (
    CounterAllegationRecorded,
    CrimeRecorded,
    FurtherCallRecorded,
    IncidentLogged,
    OfficerArrived,
)
from incidents.models import Deployment
from incidents.services import closure
from risk import services
from risk.events import AssessmentReviewed, AssessmentSubmitted, GradeChanged
from risk.grades import rank
from victims.events import CircumstanceRecorded, DutyPassed
from victims.models import Duty

READ_ANEW = "an inspector who read a request for closure before this must read it again"


@when(OfficerArrived, then="a risk assessment is begun for each victim, due by the end of duty")
def begin_assessments(event: OfficerArrived) -> None:
    services.open_where_due(
        incident_id=event.incident_id, officer=event.officer, actor=event.actor, at=event.at
    )


@when(CrimeRecorded, then="a risk assessment is begun where the narrower rule now asks for one")
def begin_assessments_of_crime(event: CrimeRecorded) -> None:
    """Nobody there yet: nothing, since the arrival will ask again."""
    _begin_for_first_there(event.incident_id, event.actor, event.at)


@when(FurtherCallRecorded, then="a risk assessment is begun for a victim who was named since")
def begin_assessments_of_news(event: FurtherCallRecorded) -> None:
    """Nobody there yet: nothing, since the arrival will ask again."""
    _begin_for_first_there(event.incident_id, event.actor, event.at)


@when(
    CounterAllegationRecorded,
    then="a risk assessment of their own is begun for whoever is now a victim too",
)
def begin_assessment_of_the_other(event: CounterAllegationRecorded) -> None:
    _begin_for_first_there(event.incident_id, event.actor, event.at)


@when(AssessmentSubmitted, then=READ_ANEW)
def submitted_risk_is_read_anew(event: AssessmentSubmitted) -> None:
    closure.read_anew(event.incident_id)


@when(AssessmentReviewed, then=READ_ANEW)
def reviewed_risk_is_read_anew(event: AssessmentReviewed) -> None:
    closure.read_anew(event.incident_id)


@when(
    IncidentLogged,
    then="the risk of victims who were assessed before is looked at again; closed cases are open",
)
def incident_calls_for_a_look(event: IncidentLogged) -> None:
    services.note_incident(
        incident_id=event.incident_id,
        victim_ids=event.victim_ids,
        actor=event.actor,
        at=event.at,
    )


NAMED_SINCE = "as for a new incident, for a victim assessed before who was named since"


@when(FurtherCallRecorded, then=NAMED_SINCE)
def news_calls_for_a_look(event: FurtherCallRecorded) -> None:
    services.note_victims_of(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CounterAllegationRecorded, then=NAMED_SINCE)
def counter_allegation_calls_for_a_look(event: CounterAllegationRecorded) -> None:
    services.note_victims_of(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CircumstanceRecorded, then="the risk of a victim who moved, or separated, is looked at again")
def circumstance_calls_for_a_look(event: CircumstanceRecorded) -> None:
    services.note_circumstance(
        circumstance_id=event.circumstance_id, actor=event.actor, at=event.at
    )


@when(GradeChanged, then="a higher grade makes what is to be looked at again due sooner")
def grade_hurries(event: GradeChanged) -> None:
    if rank(event.after) > rank(event.before):
        services.hurry(victim_id=event.victim_id, grade=event.after, actor=event.actor, at=event.at)


@when(
    DutyPassed,
    then="what is to be looked at again goes to whoever has that duty now, its clock with it",
)
def reassessment_passes(event: DutyPassed) -> None:
    services.pass_reassessment(
        victim_id=event.victim_id, duty=event.duty, actor=event.actor, at=event.at
    )


@when(GradeChanged, then="a lower grade that waits for agreement falls away once it is overtaken")
def grade_overtakes(event: GradeChanged) -> None:
    services.overtaken_by_grade(
        victim_id=event.victim_id,
        before=event.before,
        after=event.after,
        actor=event.actor,
        at=event.at,
    )


@when(AssessmentSubmitted, then="a lower grade that waits falls away if the assessment says more")
def assessment_overtakes(event: AssessmentSubmitted) -> None:
    services.overtaken_by_assessment(
        victim_id=event.victim_id, grade=event.grade, actor=event.actor, at=event.at
    )


@when(AssessmentSubmitted, then="what was not known or not asked is found out, by a given time")
def unknowns_are_found_out(event: AssessmentSubmitted) -> None:
    services.note_unknowns(assessment_id=event.assessment_id, actor=event.actor, at=event.at)


@when(DutyPassed, then="whoever has the risk now finds out what is still unknown")
def unknowns_pass(event: DutyPassed) -> None:
    if event.duty == Duty.RISK:
        services.pass_unknowns(
            victim_id=event.victim_id,
            person=event.person,
            team_id=event.team_id,
            actor=event.actor,
            at=event.at,
        )


def _begin_for_first_there(incident_id: int, actor: User, at: datetime) -> None:
    first = (
        Deployment.objects.filter(incident=incident_id, arrived_at__isnull=False)
        .select_related("officer__team")
        .order_by("arrived_at")
        .first()
    )
    if first is not None:
        services.open_where_due(incident_id=incident_id, officer=first.officer, actor=actor, at=at)
