"""An incident that names or adds somebody harmed: was it the second victim of one person?"""

from core.events import when
from incidents.events import CounterAllegationRecorded, FurtherCallRecorded, IncidentLogged
from perpetrators.services import serial

LOOKED = "those complained of are counted anew: unconnected victims under whatever spelling"


@when(IncidentLogged, then=LOOKED)
def victims_are_counted(event: IncidentLogged) -> None:
    serial.look_again(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(FurtherCallRecorded, then=LOOKED)
def victims_are_counted_after_news(event: FurtherCallRecorded) -> None:
    serial.look_again(incident_id=event.incident_id, actor=event.actor, at=event.at)


@when(CounterAllegationRecorded, then=LOOKED)
def victims_of_the_other_are_counted(event: CounterAllegationRecorded) -> None:
    serial.look_again(incident_id=event.incident_id, actor=event.actor, at=event.at)
