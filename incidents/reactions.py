"""What this app does with its own facts, so that the procedure stands in one table."""

from core.events import when
from incidents.events import (
    CrimeOutcomeRecorded,
    CrimeRecorded,
    FirstResponseRecorded,
    FurtherCallRecorded,
    IncidentClosed,
    IncidentLogged,
    IncidentRegraded,
)
from incidents.models import Incident
from incidents.services.crimes import follow
from incidents.services.response import arrival_clock
from incidents.services.response.rows import read_anew
from incidents.services.withheld import tell_of_withheld

REPEATED = "the third non-crime of a victim in twelve months opens a supervisor's review"
READ_ANEW = "an inspector who read a request for closure before this must read it again"
NOT_REPEATED = "an incident that is a crime after all leaves the review of repeated non-crimes"


@when(
    IncidentLogged,
    then="whoever leads the control room takes over what its handler must not work with",
)
def others_go_on_with_it(event: IncidentLogged) -> None:
    tell_of_withheld(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(FirstResponseRecorded, then=REPEATED)
def review_repeated_non_crimes(event: FirstResponseRecorded) -> None:
    follow(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(IncidentClosed, then=REPEATED)
def review_non_crimes_at_closure(event: IncidentClosed) -> None:
    follow(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CrimeRecorded, then=NOT_REPEATED)
def leave_the_review(event: CrimeRecorded) -> None:
    follow(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(IncidentRegraded, then="officers on the way are expected by the new target")
def expect_officers_by_the_new_target(event: IncidentRegraded) -> None:
    incident = Incident.objects.select_related("area").get(pk=event.incident_id)
    arrival_clock.follow_target(incident, actor=event.actor, at=event.at)


@when(CrimeRecorded, then=READ_ANEW)
def crimes_are_read_anew(event: CrimeRecorded) -> None:
    read_anew(event.incident_id)


@when(CrimeOutcomeRecorded, then=READ_ANEW)
def outcomes_are_read_anew(event: CrimeOutcomeRecorded) -> None:
    read_anew(event.incident_id)


@when(FurtherCallRecorded, then=READ_ANEW)
def news_is_read_anew(event: FurtherCallRecorded) -> None:
    read_anew(event.incident_id)
