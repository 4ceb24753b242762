"""Whoever is newly harmed joins what is watched of those who harmed them."""

from core.events import when
from incidents.events import CounterAllegationRecorded, FurtherCallRecorded, IncidentLogged
from perpetrators.services import releases

JOINS = "its victims join the watch of every release that is expected of those complained of"


@when(IncidentLogged, then=JOINS)
def victims_of_a_call_join(event: IncidentLogged) -> None:
    if event.victim_ids:
        releases.join_releases(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(FurtherCallRecorded, then=JOINS)
def victims_named_since_join(event: FurtherCallRecorded) -> None:
    releases.join_releases(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CounterAllegationRecorded, then=JOINS)
def victims_of_a_counter_allegation_join(event: CounterAllegationRecorded) -> None:
    releases.join_releases(incident_id=event.incident_id, actor=event.actor, at=event.at)
