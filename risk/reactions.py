"""What this app does when a lower app announces a fact."""

from core.events import when
from incidents.events import CrimeRecorded, OfficerArrived
from incidents.models import Deployment
from risk import services


@when(OfficerArrived, then="a risk assessment is begun for each victim, due by the end of duty")
def begin_assessments(event: OfficerArrived) -> None:
    services.open_where_due(
        incident_id=event.incident_id, officer=event.officer, actor=event.actor, at=event.at
    )


@when(CrimeRecorded, then="a risk assessment is begun where the narrower rule now asks for one")
def begin_assessments_of_crime(event: CrimeRecorded) -> None:
    """Nobody there yet: nothing, since the arrival will ask again."""
    first = (
        Deployment.objects.filter(incident=event.incident_id, arrived_at__isnull=False)
        .select_related("officer__team")
        .order_by("arrived_at")
        .first()
    )
    if first is not None:
        services.open_where_due(
            incident_id=event.incident_id, officer=first.officer, actor=event.actor, at=event.at
        )
